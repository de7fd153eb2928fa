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
    raise NotImplementedError("C1 bio_decode: not written yet")


def bio_encode(spans: Sequence[Span], length: int) -> list[str]:
    """Write spans as the tags of a sentence: B-X for the first word of a span, I-X for its others, O elsewhere.

    spans: in any order; one that overlaps another, has no word, or leaves the sentence raises ValueError
    length: the words of the sentence
    returns: as many tags

    >>> bio_encode([Span("LOC", 3, 4), Span("PER", 0, 2)], 5)
    ['B-PER', 'I-PER', 'O', 'B-LOC', 'O']

    The usual slip: I for the first word, so that two spans side by side become one. A good answer has 6 lines.
    """
    raise NotImplementedError("C1 bio_encode: not written yet")


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
    raise NotImplementedError("C2 span_f1: not written yet")


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
    raise NotImplementedError("C3 pad_sequences: not written yet")


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
    raise NotImplementedError("C3 context_windows: not written yet")
