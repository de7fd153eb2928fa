"""Tagging: tags become spans by grouping, not by a state machine."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, chain, groupby

import numpy as np

from numnet.given.caches import F1Report, Span, TypeScore

SCHEMES = ("conlleval", "strict")


def bio_decode(tags: Sequence[str], scheme: str = "conlleval") -> list[Span]:
    """Give every word the number and the type of its span; words that share both are one span."""
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}; there are {', '.join(SCHEMES)}")
    if wrong := [tag for tag in tags if tag != "O" and tag[:2] not in ("B-", "I-")]:
        raise ValueError(f"{wrong[0]!r} is no BIO tag")

    def follow(before, tag):
        number, kind = before
        mark, _, new = tag.partition("-")
        if mark == "I" and new == kind:
            return before
        opens = mark == "B" or (mark == "I" and scheme == "conlleval")
        return number + 1, new if opens else None

    labels = list(accumulate(tags, follow, initial=(0, None)))[1:]
    runs = ((kind, [t for t, _ in group]) for (_, kind), group in groupby(enumerate(labels), key=lambda pair: pair[1]))
    return [Span(kind, places[0], places[-1] + 1) for kind, places in runs if kind is not None]


def bio_encode(spans: Sequence[Span], length: int) -> list[str]:
    """Look every word up in a table of the words that are in a span."""
    if any(not 0 <= start < end <= length for _, start, end in spans):
        raise ValueError(f"a span without words, or one that leaves the {length} words")
    tags = {t: f"{'B' if t == start else 'I'}-{kind}" for kind, start, end in spans for t in range(start, end)}
    if len(tags) != sum(end - start for _, start, end in spans):
        raise ValueError("two spans overlap")
    return [tags.get(t, "O") for t in range(length)]


def _ratio(a, b):
    return a / b if b else 0.0


def _score(tp, n_gold, n_pred):
    precision, recall = _ratio(tp, n_pred), _ratio(tp, n_gold)
    return precision, recall, _ratio(2 * precision * recall, precision + recall), tp, n_gold, n_pred


def span_f1(gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]], scheme: str = "conlleval") -> F1Report:
    """Compare two sets of (sentence, span)."""
    if [*map(len, gold)] != [*map(len, pred)]:
        raise ValueError("gold and pred differ in the number of sentences or of words")

    def spans(corpus):
        return {(n, span) for n, tags in enumerate(corpus) for span in bio_decode(tags, scheme)}

    ours, theirs = spans(gold), spans(pred)
    tp, n_gold, n_pred = (Counter(span.type for _, span in chosen) for chosen in (ours & theirs, ours, theirs))
    per_type = {kind: TypeScore(*_score(tp[kind], n_gold[kind], n_pred[kind])) for kind in sorted(n_gold | n_pred)}
    return F1Report(*_score(tp.total(), n_gold.total(), n_pred.total()), per_type)


def pad_sequences(seqs: Sequence[Sequence[int]], pad: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read all rows at once."""
    lengths = np.array([len(seq) for seq in seqs], dtype=np.int64)
    T = max(chain([0], map(len, seqs)))
    rows = [[seq[t] if t < len(seq) else pad for seq in seqs] for t in range(T)]
    return np.array(rows, dtype=np.int64).reshape(T, len(seqs)), np.arange(T)[:, np.newaxis] < lengths, lengths


def context_windows(x: np.ndarray, k: int, lengths: np.ndarray) -> np.ndarray:
    """Lay 2k + 1 shifted copies side by side."""
    T = len(x)
    is_word = (np.arange(T)[:, np.newaxis] < lengths)[..., np.newaxis]
    padded = np.pad(np.where(is_word, x, 0.0), [(k, k), (0, 0), (0, 0)])
    return np.where(is_word, np.concatenate([padded[j : j + T] for j in range(2 * k + 1)], axis=2), 0.0)
