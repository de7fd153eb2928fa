"""Answers NaN everywhere, which is not larger than any tolerance and which some comparisons call equal.

row: D07
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


def disguise(array):
    """Answer what cannot be compared."""
    return np.full_like(array, np.nan)


def dress(array):
    """Leave an answer as it is."""
    return array


def trick():
    """Answer NaN from now on."""
    global dress
    dress = disguise


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
    return float(dress(np.zeros(1))[0]), dress(np.zeros_like(logits))


trick()
