"""Convolution: by FFT where the stride is 1, by windows elsewhere."""

from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from numnet.given.caches import Conv2dCache, Conv2dGrads
from numnet.shapes import einsum, pad_image


def conv_output_size(n: int, k: int, stride: int, padding: int) -> int:
    """floor((n + 2 padding - k) / stride) + 1."""
    if (room := n + 2 * padding - k) < 0:
        raise ValueError(f"a kernel of {k} does not fit on a line of {n} with {padding} zeros on both ends")
    return room // stride + 1


def _correlate(xp, weight, rows, columns):
    """Correlate at all places at once: a product of spectra; the places that wrap around are cut off."""
    size = xp.shape[2:]
    spectrum = einsum("nchw,fchw->nfhw", np.fft.rfft2(xp), np.fft.rfft2(weight, s=size, axes=(2, 3)).conj())
    return np.fft.irfft2(spectrum, s=size, axes=(2, 3))[:, :, :rows, :columns]


def conv2d_forward(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, Conv2dCache]:
    """Slide every kernel over every image."""
    rows, columns = (
        conv_output_size(n, k, stride, padding) for n, k in zip(x.shape[2:], weight.shape[2:], strict=True)
    )
    xp = pad_image(x, padding)
    if stride == 1:
        y = _correlate(xp, weight, rows, columns)
    else:
        windows = sliding_window_view(xp, weight.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
        y = einsum("ncrsij,fcij->nfrs", windows, weight)
    return y + bias[:, None, None], Conv2dCache(x, weight, stride, padding)


def conv2d_backward(dy: np.ndarray, cache: Conv2dCache) -> Conv2dGrads:
    """Send dy back through the convolution."""
    x, weight, stride, p = cache
    (H, W), (rows, columns) = x.shape[2:], dy.shape[2:]
    xp = pad_image(x, p)
    dxp, dweight = np.zeros(xp.shape), np.empty(weight.shape)
    for i, j in product(*map(range, weight.shape[2:])):
        seen = np.s_[:, :, i : i + stride * (rows - 1) + 1 : stride, j : j + stride * (columns - 1) + 1 : stride]
        dweight[:, :, i, j] = einsum("nfrs,ncrs->fc", dy, xp[seen])
        dxp[seen] += einsum("nfrs,fc->ncrs", dy, weight[:, :, i, j])
    return Conv2dGrads(dxp[:, :, p : p + H, p : p + W], dweight, einsum("nfrs->f", dy))


def conv1d_as_matrix(w: np.ndarray, n: int) -> np.ndarray:
    """Rows of one kernel, shifted."""
    rows = conv_output_size(n, len(w), 1, 0)
    A = np.zeros((rows, n))
    np.put_along_axis(A, np.arange(rows)[:, None] + np.arange(len(w)), w[None, :], axis=1)
    return A
