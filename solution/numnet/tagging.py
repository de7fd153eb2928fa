"""Tagging: every word of a sentence gets a tag, and tags make entities.

    words   Ada    Lovelace  met  Charles  in  London
    tags    B-PER  I-PER     O    B-PER    O   B-LOC          B begins an entity, I is inside one, O is outside of all
    spans   PER 0:2               PER 3:4      LOC 5:6        start inclusive, end exclusive, as in a Python slice

Letters: T time (words of the longest sentence), N sentences, D numbers per word, k words on either side. Time comes
first: column n of a (T, N) array is a sentence. A mask is a bool array (T, N), True where there is a word.
Given: the records Span, TypeScore and F1Report. To write: tags to spans and back (C1), the score of spans (C2),
sentences as arrays and windows of words (C3).
"""

from collections.abc import Sequence

import numpy as np

from numnet.given.caches import F1Report, Span, TypeScore

SCHEMES = ("conlleval", "strict")


def bio_decode(tags: Sequence[str], scheme: str = "conlleval") -> list[Span]:
    """Read the spans of a tagged sentence.

    B-X   always begins a span of type X
    I-X   goes on with the span of the word before, if that has the type X; if not,
              "conlleval": it begins a span      "strict": it belongs to none, as if it were O
    O     belongs to none

    tags: one per word; the type is everything after the first hyphen; what is neither O nor B-... nor I-... raises
        ValueError, and so does any other scheme
    returns: a list of Span(type, start, end) in the order of the sentence, end exclusive

    >>> bio_decode(["B-PER", "I-PER", "B-PER", "O", "I-LOC"])
    [Span(type='PER', start=0, end=2), Span(type='PER', start=2, end=3), Span(type='LOC', start=4, end=5)]
    >>> bio_decode(["I-PER", "I-PER"], "strict")
    []

    The usual slip: to lose the span that is still open when the sentence ends. A good answer has 14 lines.
    """
    ### BEGIN SOLUTION
    if scheme not in SCHEMES:
        raise ValueError(f"bio_decode: expected a scheme of {SCHEMES}, got {scheme!r}")
    spans: list[Span] = []
    open_type, start = None, 0
    for t, tag in enumerate([*tags, "O"]):  # one O more, which ends what is open
        prefix, hyphen, kind = tag.partition("-")
        if tag != "O" and (prefix not in ("B", "I") or not hyphen):
            raise ValueError(f"bio_decode: expected O, B-... or I-..., got {tag!r}")
        if prefix == "I" and kind == open_type:
            continue
        if open_type is not None:
            spans.append(Span(open_type, start, t))
        begins = prefix == "B" or (prefix == "I" and scheme == "conlleval")
        open_type, start = (kind, t) if begins else (None, t)
    return spans
    ### END SOLUTION


def bio_encode(spans: Sequence[Span], length: int) -> list[str]:
    """Write spans as the tags of a sentence: B-X for the first word of a span, I-X for its others, O elsewhere.

    spans: in any order; one that overlaps another, has no word, or leaves the sentence raises ValueError
    length: the words of the sentence
    returns: as many tags

    >>> bio_encode([Span("LOC", 3, 4), Span("PER", 0, 2)], 5)
    ['B-PER', 'I-PER', 'O', 'B-LOC', 'O']

    The usual slip: I for the first word, so that two spans side by side become one. A good answer has 6 lines.
    """
    ### BEGIN SOLUTION
    tags = ["O"] * length
    for kind, start, end in spans:
        if not 0 <= start < end <= length or any(tag != "O" for tag in tags[start:end]):
            raise ValueError(f"bio_encode: {kind} {start}:{end} overlaps a span or lies outside of {length} words")
        tags[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return tags
    ### END SOLUTION


def span_f1(gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]], scheme: str = "conlleval") -> F1Report:
    """Score predicted tags by the spans that they make, over a whole corpus.

    tp        = how many spans are in both: same sentence, same type, same start, same end
    precision = tp / n_pred                   n_pred, n_gold: how many spans there are
    recall    = tp / n_gold
    f1        = 2 precision recall / (precision + recall)         each of the three is 0.0 where it would be 0 / 0

    gold, pred: the tags of every sentence; other numbers of sentences or of words raise ValueError
    scheme: of bio_decode, for both sides
    returns: F1Report(precision, recall, f1, tp, n_gold, n_pred, per_type), per_type: a dict from every type of a span
        of gold or pred, sorted, to its own TypeScore

    >>> report = span_f1([["B-PER", "I-PER", "O"], ["B-LOC"]], [["B-PER", "I-PER", "B-LOC"], ["O"]])
    >>> report.precision, report.recall, report.tp, list(report.per_type)
    (0.5, 0.5, 1, ['LOC', 'PER'])

    The usual slip: to count words, or to average over sentences; a span is right or wrong as a whole, and all spans of
    the corpus weigh the same. Call bio_decode by its name, once per sentence. A good answer has 16 lines.
    """
    ### BEGIN SOLUTION
    if [len(tags) for tags in gold] != [len(tags) for tags in pred]:
        raise ValueError("span_f1: expected as many sentences and as many words in pred as in gold")

    def found(corpus: Sequence[Sequence[str]]) -> set[tuple[int, Span]]:
        return {(n, span) for n, tags in enumerate(corpus) for span in bio_decode(tags, scheme)}

    def score(kinds: Sequence[str]) -> TypeScore:
        truth, guess = ({(n, span) for n, span in side if span.type in kinds} for side in sides)
        tp = len(truth & guess)
        precision = tp / len(guess) if guess else 0.0
        recall = tp / len(truth) if truth else 0.0
        f1 = 2 * precision * recall / (precision + recall) if tp else 0.0
        return TypeScore(precision, recall, f1, tp, len(truth), len(guess))

    sides = found(gold), found(pred)
    kinds = sorted({span.type for side in sides for _, span in side})
    return F1Report(*score(kinds), {kind: score([kind]) for kind in kinds})
    ### END SOLUTION


def pad_sequences(seqs: Sequence[Sequence[int]], pad: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Put sentences side by side into one array, and say where their words are.

    ids[t, n] = seqs[n][t]  and  mask[t, n] = True        for t < lengths[n]
    ids[t, n] = pad         and  mask[t, n] = False       after that

    seqs: N sentences of ids; some or all may be empty, and there may be none; pad: any id, also one that words have
    returns: ids (T, N) int64, mask (T, N) bool, lengths (N,) int64; T is the greatest length, 0 if there is no word

    >>> ids, mask, lengths = pad_sequences([[5, 6, 7], [8]], pad=9)
    >>> ids
    array([[5, 8],
           [6, 9],
           [7, 9]])
    >>> mask[:, 1], lengths
    (array([ True, False, False]), array([3, 1]))

    The usual slip: the mask as ids != pad, which leaves out every word that has the id pad. A good answer has 6 lines.
    """
    ### BEGIN SOLUTION
    lengths = np.array([len(seq) for seq in seqs], dtype=np.int64)
    mask = np.arange(lengths.max(initial=0))[:, np.newaxis] < lengths  # (T, N)
    ids = np.full(mask.shape, pad, dtype=np.int64)
    for n, seq in enumerate(seqs):
        ids[: len(seq), n] = seq
    return ids, mask, lengths
    ### END SOLUTION


def context_windows(x: np.ndarray, k: int, lengths: np.ndarray) -> np.ndarray:
    """Give every word its neighbours: the input of a tagger without a memory.

    window[t, n] = x[t-k, n], ..., x[t, n], ..., x[t+k, n], one after the other, with zeros for whatever lies before the
    first or after the last word of sentence n; and a window of zeros at t >= lengths[n], where there is no word

    x: (T, N, D), anything in the padding, NaN too; k: 0 or more, also above T; lengths: (N,), each 0 to T
    returns: (T, N, (2k + 1) D)

    >>> x = np.array([[[1.0]], [[2.0]], [[3.0]]])  # T = 3, N = D = 1
    >>> context_windows(x, 1, np.array([2]))[:, 0]
    array([[0., 1., 2.],
           [1., 2., 0.],
           [0., 0., 0.]])

    The usual slip: the window of the last word, which must not see the padding after it; and 0 * NaN is NaN.
    A good answer has 6 lines.
    """
    ### BEGIN SOLUTION
    inside = (np.arange(len(x))[:, np.newaxis] < lengths)[..., np.newaxis]  # (T, N, 1)
    words = np.where(inside, x, 0.0)
    bordered = np.pad(words, ((k, k), (0, 0), (0, 0)))
    windows = np.concatenate([bordered[i : i + len(x)] for i in range(2 * k + 1)], axis=-1)
    return np.where(inside, windows, 0.0)
    ### END SOLUTION
