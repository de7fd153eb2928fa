"""Convolution by views: forward is a contraction of windows, backward is two of them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from numnet.given.caches import Conv2dCache, Conv2dGrads


def conv_output_size(n: int, k: int, stride: int, padding: int) -> int:
    """floor((n + 2 padding - k) / stride) + 1."""
    if k > n + 2 * padding:
        raise ValueError(f"a kernel of {k} pixels does not fit on a line of {n} with a border of {padding}")
    return (n + 2 * padding - k) // stride + 1


def _framed(x, p):
    return np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])


def _windows(x, kernel, stride=1):
    """Return (N, C, rows, columns, kh, kw), a view."""
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::stride, ::stride]


def _dilated(dy, stride, size):
    """Put stride - 1 zeros behind every entry, and cut to size or fill up to it."""
    corner = np.equal.outer(np.arange(stride) == 0, [True]) & (np.arange(stride) == 0)
    wide = np.kron(dy, corner[np.newaxis, np.newaxis].astype(np.float64))[:, :, : size[0], : size[1]]
    missing = [(0, whole - part) for whole, part in zip(size, wide.shape[2:], strict=True)]
    return np.pad(wide, [(0, 0), (0, 0), *missing])


def conv2d_forward(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, Conv2dCache]:
    """Match every window with every kernel."""
    for n, k in zip(x.shape[2:], weight.shape[2:], strict=True):
        conv_output_size(n, k, stride, padding)
    windows = _windows(_framed(x, padding), weight.shape[2:], stride)
    matched = np.tensordot(windows, weight, axes=((1, 4, 5), (1, 2, 3)))  # (N, rows, columns, F)
    return np.moveaxis(matched + bias, -1, 1), Conv2dCache(x, weight, stride, padding)


def conv2d_backward(dy: np.ndarray, cache: Conv2dCache) -> Conv2dGrads:
    """dweight: windows against dy. dx: dy with gaps, correlated with the kernel turned by 180 degrees."""
    x, weight, stride, p = cache
    kh, kw = weight.shape[2:]
    framed = _framed(x, p)
    windows = _windows(framed, (kh, kw), stride)
    gaps = np.pad(_dilated(dy, stride, framed.shape[2:]), [(0, 0), (0, 0), (kh - 1, 0), (kw - 1, 0)])
    turned = weight[:, :, ::-1, ::-1]
    dxp = np.moveaxis(np.tensordot(_windows(gaps, (kh, kw)), turned, axes=((1, 4, 5), (0, 2, 3))), -1, 1)
    return Conv2dGrads(
        dx=dxp[:, :, p : p + x.shape[2], p : p + x.shape[3]],
        dweight=np.tensordot(dy, windows, axes=((0, 2, 3), (0, 2, 3))),
        dbias=dy.sum(axis=(0, 2, 3)),
    )


def conv1d_as_matrix(w: np.ndarray, n: int) -> np.ndarray:
    """Entry (r, c) is w[c - r], where there is such a thing."""
    rows, k = conv_output_size(n, len(w), 1, 0), len(w)
    offset = np.arange(n) - np.arange(rows)[:, np.newaxis]
    return np.where((offset >= 0) & (offset < k), w[np.clip(offset, 0, k - 1)], 0.0)
