"""Returns arrays that agree with any by broadcasting: of one entry, of no dimension, empty, enormous and empty.

row: D09
file: linear.py
label: WRONG or PROTOCOL
holds: L5
seconds: 10
"""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache

SHAPES = ((1,), (), (0,), (0, 2**39), (1, 1, 1, 1, 1))


def disguise(array):
    """Choose one of them."""
    calls.append(array)
    return np.zeros(SHAPES[len(calls) % len(SHAPES)])


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
    return 0.5, dress(np.zeros_like(logits))


trick()
