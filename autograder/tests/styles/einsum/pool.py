"""Max-pooling."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from numnet.conv import conv_output_size
from numnet.given.caches import MaxPool2dCache


def _pair(size):
    height, width = (size, size) if np.ndim(size) == 0 else size
    return height, width


def max_pool2d_forward(x, kernel_size, stride=None) -> tuple[np.ndarray, MaxPool2dCache]:
    """Keep the largest pixel of every window, and remember where it stood."""
    N, C, H, W = x.shape
    kh, kw = _pair(kernel_size)
    sh, sw = _pair(kernel_size if stride is None else stride)
    rows, columns = conv_output_size(H, kh, sh, 0), conv_output_size(W, kw, sw, 0)
    windows = sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]
    i, j = np.divmod(windows.reshape(N, C, rows, columns, kh * kw).argmax(axis=-1), kw)
    argmax = (i + sh * np.arange(rows)[:, None]) * W + j + sw * np.arange(columns)
    y = np.take_along_axis(x.reshape(N, C, H * W), argmax.reshape(N, C, rows * columns), axis=2)
    return y.reshape(argmax.shape), MaxPool2dCache(x.shape, argmax.astype(np.int64))


def max_pool2d_backward(dy: np.ndarray, cache: MaxPool2dCache) -> np.ndarray:
    """Send every dy back to the pixel that won; one count of weights over all planes at once."""
    N, C, H, W = cache.x_shape
    pixel = cache.argmax + (np.arange(N * C) * H * W).reshape(N, C, 1, 1)
    total = np.bincount(pixel.ravel(), weights=dy.ravel(), minlength=N * C * H * W)
    return total.astype(np.float64).reshape(N, C, H, W)
