"""Numeric gradients: what a backward pass must agree with, found without any calculus.

f maps an array to an array, dy weighs its entries: the gradient is that of the number sum(f(x) * dy). A random dy sees
what a dy of ones does not: a transposed weight, a dy that was never used.
"""

from collections.abc import Callable

import numpy as np


def numeric_gradient(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, dy: np.ndarray | float, h: float = 1e-5
) -> np.ndarray:
    """Move every entry of x by h up and down, and see how far sum(f(x) * dy) moves.

    f: (any shape) to (the shape of dy); smooth within h of x, so keep away from the kinks of ReLU and of max
    returns: (the shape of x); off by about h * h, and by rounding / h

    >>> numeric_gradient(np.square, np.array([1.0, 2.0]), dy=np.array([1.0, 10.0])).round(6)
    array([ 2., 40.])
    """
    x = np.array(x, dtype=np.float64)  # a copy: the caller's x stays as it is
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        centre = x[index]
        x[index] = centre + h
        above = np.sum(f(x) * dy)
        x[index] = centre - h
        below = np.sum(f(x) * dy)
        x[index] = centre
        gradient[index] = (above - below) / (2 * h)
    return gradient


def largest_relative_error(got: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest distance between two arrays of one shape, relative to the largest magnitude of expected.

    >>> largest_relative_error(np.array([1.0, 99.0]), np.array([0.0, 100.0]))
    0.01
    """
    if np.shape(got) != np.shape(expected):
        raise ValueError(f"expected shape {np.shape(expected)}, got {np.shape(got)}")
    scale = float(np.abs(expected).max(initial=0.0)) or 1.0
    return float(np.abs(np.subtract(got, expected)).max(initial=0.0)) / scale
