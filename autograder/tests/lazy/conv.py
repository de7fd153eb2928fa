"""Wrong answers that look right: the bias alone, zeros, and a refusal."""

import numpy as np

from numnet.given.caches import Conv2dCache, Conv2dGrads


def conv_output_size(n, k, stride, padding):
    raise ValueError


def conv2d_forward(x, weight, bias, stride=1, padding=0):
    h = (x.shape[2] + 2 * padding - weight.shape[2]) // stride + 1
    w = (x.shape[3] + 2 * padding - weight.shape[3]) // stride + 1
    return np.tile(bias[:, None, None], (len(x), 1, h, w)), Conv2dCache(x, weight, stride, padding)


def conv2d_backward(dy, c):
    return Conv2dGrads(np.zeros_like(c.x), np.zeros_like(c.weight), np.zeros(len(c.weight)))


def conv1d_as_matrix(w, n):
    return np.zeros((n - len(w) + 1, n))
