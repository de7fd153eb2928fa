"""Answers infinity, numbers that overflow, numbers next to 0, and minus 0.

row: D10
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache

ANSWERS = (np.inf, -np.inf, 1e308, 5e-324, -0.0)


def disguise(array):
    """Choose one of them."""
    calls.append(array)
    return np.full_like(array, ANSWERS[len(calls) % len(ANSWERS)])


calls = []


def dress(array):
    """Leave an answer as it is."""
    return array


def trick():
    """Answer with them from now on."""
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
