"""Tagging: any scheme is first rewritten into B and I that are always right; spans are compared by merging."""

from collections.abc import Sequence

import numpy as np

from numnet.given.caches import F1Report, Span, TypeScore

SCHEMES = ("conlleval", "strict")


def _rewrite(tags, scheme):
    """Return (mark, type) per word, in which an I goes on with the word before, always."""
    if scheme not in SCHEMES:
        raise ValueError(f"unknown scheme {scheme!r}")
    clean = []
    for tag in tags:
        mark, hyphen, kind = tag.partition("-")
        if tag != "O" and (mark not in ("B", "I") or not hyphen):
            raise ValueError(f"not a tag: {tag!r}")
        follows = mark == "I" and clean and clean[-1][0] != "O" and clean[-1][1] == kind
        if mark == "I" and not follows:
            mark, kind = ("B", kind) if scheme == "conlleval" else ("O", "")
        clean.append((mark, kind))
    return clean


def bio_decode(tags: Sequence[str], scheme: str = "conlleval") -> list[Span]:
    """Find every B, and go on while there is an I."""
    clean = [*_rewrite(tags, scheme), ("O", "")]
    spans = []
    for start, (mark, kind) in enumerate(clean):
        if mark == "B":
            end = start + 1
            while clean[end][0] == "I":
                end += 1
            spans.append(Span(kind, start, end))
    return spans


def bio_encode(spans: Sequence[Span], length: int) -> list[str]:
    """Sort the spans; then each has to begin where the one before has ended, or later."""
    tags, position = [], 0
    for kind, start, end in sorted(spans, key=lambda span: (span.start, span.end)):
        if start < position or end <= start or end > length:
            raise ValueError(f"{kind} {start}:{end} does not fit")
        tags += ["O"] * (start - position) + [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
        position = end
    return tags + ["O"] * (length - position)


def _merge(gold, pred):
    """Yield (span, is it in gold, is it in pred) of two sorted lists, with two fingers."""
    g = p = 0
    while g < len(gold) or p < len(pred):
        if p == len(pred) or (g < len(gold) and gold[g] < pred[p]):
            yield gold[g], 1, 0
            g += 1
        elif g == len(gold) or pred[p] < gold[g]:
            yield pred[p], 0, 1
            p += 1
        else:
            yield gold[g], 1, 1
            g, p = g + 1, p + 1


def _score(tp, n_gold, n_pred):
    precision = tp / n_pred if n_pred else 0.0
    recall = tp / n_gold if n_gold else 0.0
    f1 = 2 * tp / (n_gold + n_pred) if tp else 0.0  # the same as 2 P R / (P + R)
    return precision, recall, f1, int(tp), int(n_gold), int(n_pred)


def span_f1(gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]], scheme: str = "conlleval") -> F1Report:
    """Merge the spans of every sentence, and keep a table of counts per type."""
    if len(gold) != len(pred):
        raise ValueError(f"{len(gold)} sentences against {len(pred)}")
    table = {}
    for ours, theirs in zip(gold, pred, strict=True):
        if len(ours) != len(theirs):
            raise ValueError(f"a sentence of {len(ours)} words against one of {len(theirs)}")
        for span, in_gold, in_pred in _merge(sorted(bio_decode(ours, scheme)), sorted(bio_decode(theirs, scheme))):
            row = table.setdefault(span.type, np.zeros(3, dtype=int))
            row += (in_gold * in_pred, in_gold, in_pred)
    total = sum(table.values(), np.zeros(3, dtype=int))
    return F1Report(
        *_score(*total.tolist()), {kind: TypeScore(*_score(*table[kind].tolist())) for kind in sorted(table)}
    )


def pad_sequences(seqs: Sequence[Sequence[int]], pad: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pour all words, one after the other, into the places of the mask."""
    lengths = np.fromiter((len(seq) for seq in seqs), dtype=np.int64, count=len(seqs))
    mask = np.arange(lengths.max(initial=0)) < lengths[:, None]  # sentences as rows
    ids = np.full(mask.shape, pad, dtype=np.int64)
    ids[mask] = [w for seq in seqs for w in seq]
    return ids.T.copy(), mask.T.copy(), lengths


def context_windows(x: np.ndarray, k: int, lengths: np.ndarray) -> np.ndarray:
    """Gather rows; whatever is outside of a sentence is gathered from a row of zeros at the end."""
    T, N, D = x.shape
    t = np.arange(T)[:, None, None]
    source = t + np.arange(-k, k + 1)
    ends = np.asarray(lengths)[None, :, None]
    source = np.where((source >= 0) & (source < ends) & (t < ends), source, T)  # (T, N, 2k + 1)
    rows = np.concatenate([x, np.zeros((1, N, D))])
    return rows[source, np.arange(N)[None, :, None]].reshape(T, N, (2 * k + 1) * D)
