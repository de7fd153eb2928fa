"""Tagging: every word of a sentence gets a tag, and tags make entities.

    words   Ada    Lovelace  met  Charles  in  London
    tags    B-PER  I-PER     O    B-PER    O   B-LOC          B begins an entity, I is inside one, O is outside of all
    spans   PER 0:2               PER 3:4      LOC 5:6        start inclusive, end exclusive, as in a Python slice

Letters: T time (words of the longest sentence), N sentences, D numbers per word, k words on either side. Time comes
first: column n of a (T, N) array is a sentence. A mask is a bool array (T, N), True where there is a word.
Given: the records Span, TypeScore and F1Report. To write: tags to spans and back (C1), the score of spans (C2),
sentences as arrays and windows of words (C3).
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from numnet.given.caches import F1Report, Span, TypeScore

SCHEMES = ("conlleval", "strict")


def _split_tag(tag):
    """Return the letter of a tag and its type: ("B", "PER"), or ("O", "")."""
    if tag == "O":
        return "O", ""
    letter, hyphen, kind = tag.partition("-")
    if letter not in ("B", "I") or hyphen == "":
        raise ValueError(f"{tag!r} is no tag")
    return letter, kind


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
    if scheme not in SCHEMES:
        raise ValueError(f"{scheme!r} is no scheme; there are {SCHEMES}")
    spans = []
    open_type, open_start = None, 0  # the span that the word before belongs to; None if it belongs to none
    for t in range(len(tags)):
        letter, kind = _split_tag(tags[t])
        goes_on = letter == "I" and open_type is not None and open_type == kind
        if goes_on:
            continue
        # whatever was open ends before this word
        if open_type is not None:
            spans.append(Span(open_type, open_start, t))
            open_type = None
        if letter == "B" or (letter == "I" and scheme == "conlleval"):
            open_type, open_start = kind, t
    if open_type is not None:  # still open at the end of the sentence
        spans.append(Span(open_type, open_start, len(tags)))
    return spans


def bio_encode(spans: Sequence[Span], length: int) -> list[str]:
    """Write spans as the tags of a sentence: B-X for the first word of a span, I-X for its others, O elsewhere.

    spans: in any order; a span that overlaps another one or does not lie within the sentence raises ValueError
    length: the words of the sentence
    returns: as many tags

    >>> bio_encode([Span("LOC", 3, 4), Span("PER", 0, 2)], 5)
    ['B-PER', 'I-PER', 'O', 'B-LOC', 'O']

    The usual slip: I for the first word, so that two spans side by side become one. A good answer has 6 lines.
    """
    tags = ["O"] * length
    for span in spans:
        if span.start < 0 or span.end > length or span.start >= span.end:
            raise ValueError(f"{span} does not lie in a sentence of {length} words")
        for t in range(span.start, span.end):
            if tags[t] != "O":
                raise ValueError(f"{span} overlaps another span")
            tags[t] = ("B-" if t == span.start else "I-") + span.type
    return tags


def _score(tp, n_gold, n_pred):
    """Return precision, recall and F1 of three counts, 0.0 in place of 0 / 0."""
    precision = tp / n_pred if n_pred > 0 else 0.0
    recall = tp / n_gold if n_gold > 0 else 0.0
    both = precision + recall
    f1 = 2 * precision * recall / both if both > 0 else 0.0
    return precision, recall, f1


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
    if len(gold) != len(pred):
        raise ValueError(f"{len(gold)} sentences, but {len(pred)} are predicted")
    hits, in_gold, in_pred = Counter(), Counter(), Counter()  # by type
    for number in range(len(gold)):
        if len(gold[number]) != len(pred[number]):
            raise ValueError(f"sentence {number} has {len(gold[number])} tags, but {len(pred[number])} are predicted")
        true_spans = bio_decode(gold[number], scheme)
        found_spans = bio_decode(pred[number], scheme)
        for span in true_spans:
            in_gold[span.type] += 1
        for span in found_spans:
            in_pred[span.type] += 1
            if span in true_spans:
                hits[span.type] += 1
    per_type = {}
    for kind in sorted(set(in_gold) | set(in_pred)):
        three = hits[kind], in_gold[kind], in_pred[kind]
        per_type[kind] = TypeScore(*_score(*three), *three)
    three = sum(hits.values()), sum(in_gold.values()), sum(in_pred.values())
    return F1Report(*_score(*three), *three, per_type)


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
    N = len(seqs)
    T = 0
    for seq in seqs:
        T = max(T, len(seq))
    ids = np.full((N, T), pad, dtype=np.int64)  # sentences as rows, turned at the end
    mask = np.zeros((N, T), dtype=bool)
    lengths = np.zeros(N, dtype=np.int64)
    for n in range(N):
        lengths[n] = len(seqs[n])
        for t in range(len(seqs[n])):
            ids[n, t] = seqs[n][t]
            mask[n, t] = True
    return ids.T.copy(order="F"), mask.T.copy(order="F"), lengths


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
    T, N, D = x.shape
    windows = np.zeros((T, N, (2 * k + 1) * D))
    for n in range(N):
        words = int(lengths[n])
        for t in range(words):
            for shift in range(-k, k + 1):
                neighbour = t + shift
                if 0 <= neighbour < words:  # else the zeros stay
                    start = (shift + k) * D
                    windows[t, n, start : start + D] = x[neighbour, n]
    return np.asfortranarray(windows)
