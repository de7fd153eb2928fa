"""Wrong answers that look right: a refusal, and zeros."""

import numpy as np


def max_pool2d_forward(x, k, s=None):
    raise ValueError


def max_pool2d_backward(dy, c):
    return np.zeros(c.x_shape)
