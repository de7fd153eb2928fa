"""Small helpers that several files share: masks of time, padding, totals of gradients, throwing a die."""

from functools import partial

import numpy as np

einsum = partial(np.einsum, optimize=True)


def time_mask(lengths, T):
    """Return (T, N), True where t < lengths[n]."""
    return np.arange(T)[:, None] < np.asarray(lengths)[None, :]


def pad_image(x, p):
    """Return x (N, C, H, W) in a frame of p zeros."""
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))


def zeros_like_all(*arrays):
    """Return an array of zeros for each array."""
    return [np.zeros(np.shape(a)) for a in arrays]


def add_into(totals, parts):
    """Add every part to its total, in place."""
    for total, part in zip(totals, parts, strict=True):
        np.add(total, part, out=total)


def throw(p, u: float) -> int:
    """Return the first i with p_0 + ... + p_i > u, or else the last one that is possible at all."""
    p = np.asarray(p, dtype=np.float64)
    i = int(np.searchsorted(np.cumsum(p), u, side="right"))
    return i if i < len(p) else int(np.flatnonzero(p > 0)[-1])


def halves(a):
    """Split the last axis in two."""
    return np.split(a, 2, axis=-1)
