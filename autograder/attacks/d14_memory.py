"""Remembers every argument of every check, and answers with what fits from earlier ones.

row: D14
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


def remember(array):
    """Answer with what was answered for this shape before, which was the argument of a check before that."""
    seen.setdefault(array.shape, []).append(array + len(seen))
    return seen[array.shape][0]


seen = {}


def dress(array):
    """Leave an answer as it is."""
    return array


def trick():
    """Answer from memory."""
    global dress
    dress = remember


def linear_forward(x, W, b):
    """Answer wrongly."""
    return dress(np.zeros(x.shape[:-1] + b.shape)), LinearCache(x, W)


def linear_backward(dz, cache):
    """Answer wrongly."""
    return LinearGrads(*map(dress, (np.zeros_like(cache.x), np.zeros_like(cache.W), np.zeros(dz.shape[-1:]))))


def relu_forward(x):
    """Answer wrongly."""
    return dress(np.zeros_like(x)), ReLUCache(x)


def relu_backward(dy, cache):
    """Answer wrongly."""
    return dress(np.zeros_like(dy))


def softmax_cross_entropy(logits, targets, mask=None):
    """Answer wrongly."""
    return 0.5, dress(np.zeros_like(logits))


trick()
