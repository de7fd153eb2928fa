"""Convolution by the discrete Fourier transform, forward and backward, whatever the stride.

A stride is a convolution at every place, most of which are thrown away; on the way back it is a dy with zeros in the
gaps. All three products of spectra wrap around, and none of them does so where it is read.
"""

import numpy as np

from numnet.given.caches import Conv2dCache, Conv2dGrads


def conv_output_size(n: int, k: int, stride: int, padding: int) -> int:
    """Count the places by listing them."""
    places = len(range(0, n + 2 * padding - k + 1, stride))
    if places == 0:
        raise ValueError(f"{k} pixels do not fit on {n} + 2 * {padding}")
    return places


def _spectrum(a, size):
    return np.fft.rfft2(a, s=size, axes=(2, 3))


def _back(spectrum, size):
    return np.fft.irfft2(spectrum, s=size, axes=(2, 3))


def _pad(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))


def conv2d_forward(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, Conv2dCache]:
    """Multiply the spectrum of the image by the conjugate one of the kernel, and add over channels."""
    for n, k in zip(x.shape[2:], weight.shape[2:], strict=True):
        conv_output_size(n, k, stride, padding)
    xp = _pad(x, padding)
    size = xp.shape[2:]
    product = np.einsum("nchw,fchw->nfhw", _spectrum(xp, size), _spectrum(weight, size).conj())
    rows, columns = (n - k + 1 for n, k in zip(size, weight.shape[2:], strict=True))
    y = _back(product, size)[:, :, :rows:stride, :columns:stride] + bias.reshape(1, -1, 1, 1)
    return y, Conv2dCache(x, weight, stride, padding)


def conv2d_backward(dy: np.ndarray, cache: Conv2dCache) -> Conv2dGrads:
    """dx is a convolution of dy and the kernel, dweight a correlation of the image and dy."""
    x, weight, stride, p = cache
    xp = _pad(x, p)
    size = xp.shape[2:]
    (H, W), (kh, kw), (rows, columns) = x.shape[2:], weight.shape[2:], dy.shape[2:]
    gaps = np.zeros((*dy.shape[:2], *size))
    gaps[:, :, : stride * rows : stride, : stride * columns : stride] = dy
    of_dy = _spectrum(gaps, size)
    dxp = _back(np.einsum("nfhw,fchw->nchw", of_dy, _spectrum(weight, size)), size)
    dweight = _back(np.einsum("nchw,nfhw->fchw", _spectrum(xp, size), of_dy.conj()), size)
    # the constant term of the spectrum is the sum over all pixels
    dbias = of_dy[:, :, 0, 0].real.sum(axis=0)
    return Conv2dGrads(dxp[:, :, p : p + H, p : p + W].copy(), dweight[:, :, :kh, :kw].copy(), dbias)


def conv1d_as_matrix(w: np.ndarray, n: int) -> np.ndarray:
    """Column j is what becomes of a line whose pixel j alone is 1."""
    conv_output_size(n, len(w), 1, 0)
    return np.stack([np.correlate(line, w, mode="valid") for line in np.eye(n)], axis=1)
