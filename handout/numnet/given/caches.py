"""The records that functions return: caches, parameters and gradients.

A forward pass returns its result and a cache; the backward pass gets that cache. Every cache is defined here, so that a
backward pass can be run on a cache that somebody else's forward pass made. A cache holds the arguments themselves, not
copies. A record of gradients has `d` + the name of each argument, in the order of the arguments.

Letters: N images or sequences, C channels, H x W pixels, F filters; T time, I input, H hidden, O output.
"""

from typing import NamedTuple

import numpy as np


class LinearCache(NamedTuple):
    """What linear_backward needs: x (..., I) and W (O, I)."""

    x: np.ndarray
    W: np.ndarray


class LinearGrads(NamedTuple):
    """Gradients of a linear layer: dx (..., I), dW (O, I), db (O,)."""

    dx: np.ndarray
    dW: np.ndarray
    db: np.ndarray


class ReLUCache(NamedTuple):
    """What relu_backward needs: x of any shape."""

    x: np.ndarray


class Conv2dCache(NamedTuple):
    """What conv2d_backward needs: x (N, C, H, W), not padded; weight (F, C, kh, kw); stride and padding."""

    x: np.ndarray
    weight: np.ndarray
    stride: int
    padding: int


class Conv2dGrads(NamedTuple):
    """Gradients of a convolution: dx (N, C, H, W), dweight (F, C, kh, kw), dbias (F,)."""

    dx: np.ndarray
    dweight: np.ndarray
    dbias: np.ndarray


class MaxPool2dCache(NamedTuple):
    """What max_pool2d_backward needs: the shape of x, and where each maximum stood.

    x_shape: (N, C, H, W)
    argmax: (N, C, H_out, W_out) int64, the position h * W + w of the maximum in its H x W plane (torch: return_indices)
    """

    x_shape: tuple[int, int, int, int]
    argmax: np.ndarray


class ElmanParams(NamedTuple):
    """Weights of an Elman layer: W_xh (H, I), W_hh (H, H), b_h (H,)."""

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class ElmanStepCache(NamedTuple):
    """What elman_step_backward needs: x_t (N, I), h_prev (N, H), h_t (N, H), W_xh (H, I), W_hh (H, H)."""

    x_t: np.ndarray
    h_prev: np.ndarray
    h_t: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray


class ElmanStepGrads(NamedTuple):
    """Gradients of one Elman step: dx (N, I), dh_prev (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,)."""

    dx: np.ndarray
    dh_prev: np.ndarray
    dW_xh: np.ndarray
    dW_hh: np.ndarray
    db_h: np.ndarray


class ElmanCache(NamedTuple):
    """What elman_backward needs: the caches of the T steps, first step first."""

    steps: tuple[ElmanStepCache, ...]


class ElmanGrads(NamedTuple):
    """Gradients of an Elman layer over time: dx (T, N, I), dh0 (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,)."""

    dx: np.ndarray
    dh0: np.ndarray
    dW_xh: np.ndarray
    dW_hh: np.ndarray
    db_h: np.ndarray


class NgramCounts(NamedTuple):
    """Counts of n-grams: counts[u][w] = c(u w) > 0 for every context u of 0 to n - 1 words.

    n: the order, 1 or more
    vocabulary: sorted; the words of the training text with count >= cutoff, "</s>" and "<unk>"
    counts: context (a tuple of words, "<s>" only as the first) to word to how often the word followed the context
    """

    n: int
    vocabulary: tuple[str, ...]
    counts: dict[tuple[str, ...], dict[str, int]]
