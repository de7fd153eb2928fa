"""Max-pooling: windows, an argmax, and a histogram with weights for the way back."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from numnet.conv import conv_output_size
from numnet.given.caches import MaxPool2dCache


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    """Return a size for the rows and one for the columns, given both or one for either."""
    height, width = (size, size) if np.ndim(size) == 0 else size
    return height, width


def max_pool2d_forward(
    x: np.ndarray, kernel_size: int | tuple[int, int], stride: int | tuple[int, int] | None = None
) -> tuple[np.ndarray, MaxPool2dCache]:
    """Slide windows over the pixels and over the numbers of the pixels alike, and choose the same place in both."""
    (kh, kw), (sh, sw) = _pair(kernel_size), _pair(kernel_size if stride is None else stride)
    H, W = x.shape[2:]
    rows, columns = (conv_output_size(n, k, s, 0) for n, k, s in ((H, kh, sh), (W, kw, sw)))

    def cut(planes):
        windows = sliding_window_view(planes, (kh, kw), axis=(-2, -1))[..., ::sh, ::sw, :, :]
        return windows.reshape(*planes.shape[:-2], rows, columns, kh * kw)

    pixels, numbers = (
        cut(x),
        np.broadcast_to(cut(np.arange(H * W).reshape(H, W)), (*x.shape[:2], rows, columns, kh * kw)),
    )
    best = pixels.argmax(axis=-1)[..., np.newaxis]
    y, argmax = (np.take_along_axis(values, best, axis=-1)[..., 0] for values in (pixels, numbers))
    return y, MaxPool2dCache(x.shape, argmax.astype(np.int64))


def max_pool2d_backward(dy: np.ndarray, cache: MaxPool2dCache) -> np.ndarray:
    """Count, plane by plane, how much went to each pixel."""
    N, C, H, W = cache.x_shape
    planes = zip(cache.argmax.reshape(N * C, -1), dy.reshape(N * C, -1), strict=True)
    return np.stack([np.bincount(a, weights=d, minlength=H * W) for a, d in planes]).reshape(N, C, H, W)
