"""Returns numbers of 5000 digits, lists that hold themselves, enormous dicts, and gigabytes that are one number.

row: D11
file: linear.py
label: UNSUPPORTED
holds: L5
seconds: 20
"""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


def number(array):
    """Return more digits than Python prints."""
    return 10**5000


def ring(array):
    """Return a list that holds itself."""
    made = []
    made.append(made)
    return made


def crowd(array):
    """Return a dict of more keys than may cross."""
    return dict.fromkeys(range(10**5 + 1))


def giant(array):
    """Return a number, eight billion times."""
    return np.broadcast_to(1.0, (2**33,))


def disguise(array):
    """Choose one of them."""
    ways.append(ways.pop(0))
    return ways[0](array)


ways = [number, ring, crowd, giant]


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
