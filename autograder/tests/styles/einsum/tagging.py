"""Tagging: spans, their score, and sentences as arrays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from numnet.given.caches import F1Report, Span, TypeScore
from numnet.shapes import time_mask

SCHEMES = ("conlleval", "strict")


def _steps(tags, strict):
    """Yield (type, does it begin a span) for every word, with None for no type; the end is a word of no type."""
    open_type = None
    for tag in tags:
        mark, hyphen, kind = tag.partition("-")
        if tag == "O":
            open_type, begins = None, False
        elif not hyphen or mark not in ("B", "I"):
            raise ValueError(f"{tag!r} is neither O nor B-... nor I-...")
        else:
            begins = mark == "B" or (kind != open_type and not strict)
            open_type = kind if begins or kind == open_type else None
        yield open_type, begins
    yield None, False


def bio_decode(tags: Sequence[str], scheme: str = "conlleval") -> list[Span]:
    """Read the spans of a tagged sentence."""
    if scheme not in SCHEMES:
        raise ValueError(f"no such scheme: {scheme!r}")
    spans, start, before = [], 0, None
    for t, (kind, begins) in enumerate(_steps(tags, scheme == "strict")):
        if before is not None and (begins or kind is None):
            spans.append(Span(before, start, t))
        start, before = (t if begins else start), kind
    return spans


def bio_encode(spans: Sequence[Span], length: int) -> list[str]:
    """Write spans as tags."""
    tags = ["O"] * length
    for kind, start, end in spans:
        if not 0 <= start < end <= length or any(tag != "O" for tag in tags[start:end]):
            raise ValueError(f"{kind} {start}:{end} overlaps, or does not fit into {length} words")
        tags[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
    return tags


@dataclass
class _Tally:
    """What was found, per type."""

    tp: Counter = field(default_factory=Counter)
    gold: Counter = field(default_factory=Counter)
    pred: Counter = field(default_factory=Counter)

    def score(self, kinds):
        tp, gold, pred = (sum(counter[kind] for kind in kinds) for counter in (self.tp, self.gold, self.pred))
        p, r = (tp / n if n else 0.0 for n in (pred, gold))
        return p, r, (2 * p * r / (p + r) if p + r else 0.0), tp, gold, pred


def span_f1(gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]], scheme: str = "conlleval") -> F1Report:
    """Score predicted tags by the spans they make."""
    if list(map(len, gold)) != list(map(len, pred)):
        raise ValueError("gold and pred have other numbers of sentences or of words")
    tally = _Tally()
    for g, p in zip(gold, pred, strict=True):
        in_gold, in_pred = set(bio_decode(g, scheme)), set(bio_decode(p, scheme))
        for counter, spans in zip(
            (tally.tp, tally.gold, tally.pred), (in_gold & in_pred, in_gold, in_pred), strict=True
        ):
            counter.update(span.type for span in spans)
    kinds = sorted(tally.gold.keys() | tally.pred.keys())
    return F1Report(*tally.score(kinds), {kind: TypeScore(*tally.score([kind])) for kind in kinds})


def pad_sequences(seqs: Sequence[Sequence[int]], pad: int = 0):
    """Put sentences side by side."""
    lengths = np.fromiter(map(len, seqs), dtype=np.int64, count=len(seqs))
    mask = time_mask(lengths, int(lengths.max(initial=0)))
    ids = np.full(mask.shape[::-1], pad, dtype=np.int64)
    ids[mask.T] = np.fromiter(chain.from_iterable(seqs), dtype=np.int64)
    return np.ascontiguousarray(ids.T), mask, lengths


def context_windows(x: np.ndarray, k: int, lengths: np.ndarray) -> np.ndarray:
    """Give every word its neighbours."""
    T, N, D = x.shape
    words = time_mask(lengths, T)[:, :, None]
    padded = np.zeros((T + 2 * k + 1, N, D))
    padded[k : k + T] = np.where(words, x, 0.0)
    windows = sliding_window_view(padded, 2 * k + 1, axis=0)[:T]
    return np.where(words, windows.swapaxes(2, 3).reshape(T, N, (2 * k + 1) * D), 0.0)
