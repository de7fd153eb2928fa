"""Wrong answers that look right: zeros, and ones where the mask is True."""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


def linear_forward(x, W, b):
    return np.zeros(x.shape[:-1] + b.shape), LinearCache(x, W)


def linear_backward(dz, c):
    return LinearGrads(np.zeros_like(c.x), np.zeros_like(c.W), np.zeros(len(c.W)))


def relu_forward(x):
    return np.zeros_like(x), ReLUCache(x)


def relu_backward(dy, c):
    return np.zeros_like(dy)


def softmax_cross_entropy(l, t, mask=None):
    d = np.zeros_like(l)
    if mask is not None:
        d[mask] = 1.0
    return 0.0, d
