"""Max-pooling in two passes: down the columns of an image first, then along the rows of what is left."""

import numpy as np

from numnet.conv import conv_output_size
from numnet.given.caches import MaxPool2dCache


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    """Return a size for the rows and one for the columns, given both or one for either."""
    height, width = (size, size) if np.ndim(size) == 0 else size
    return height, width


def max_pool2d_forward(
    x: np.ndarray, kernel_size: int | tuple[int, int], stride: int | tuple[int, int] | None = None
) -> tuple[np.ndarray, MaxPool2dCache]:
    """A window is as wide as it is: its maximum is the largest of the maxima of its columns."""
    H, W = x.shape[2:]
    kh, kw = _pair(kernel_size)
    sh, sw = _pair(kernel_size if stride is None else stride)
    rows, columns = conv_output_size(H, kh, sh, 0), conv_output_size(W, kw, sw, 0)

    # down: the largest pixel of every column of kh pixels, and its place; a later one has to be larger
    tops = [x[:, :, i : i + sh * (rows - 1) + 1 : sh] for i in range(kh)]
    best, where = np.array(tops[0]), np.zeros((*x.shape[:2], rows, W), dtype=np.int64)
    for i, pixel in enumerate(tops):
        where[pixel > best] = i
        best = np.maximum(best, pixel)
    where = (where + sh * np.arange(rows).reshape(rows, 1)) * W + np.arange(W)

    # along: of equal ones in two columns that wins which comes first in the plane
    y = argmax = None
    for j in range(kw):
        cut = np.s_[:, :, :, j : j + sw * (columns - 1) + 1 : sw]
        if y is None:
            y, argmax = best[cut].copy(), where[cut].copy()
            continue
        wins = (best[cut] > y) | ((best[cut] == y) & (where[cut] < argmax))
        y, argmax = np.where(wins, best[cut], y), np.where(wins, where[cut], argmax)
    return y, MaxPool2dCache(x.shape, argmax)


def max_pool2d_backward(dy: np.ndarray, cache: MaxPool2dCache) -> np.ndarray:
    """Sort the gradients by their pixel, and add up runs of equal pixels."""
    N, C, H, W = cache.x_shape
    pixel = (cache.argmax.reshape(N * C, -1) + H * W * np.arange(N * C)[:, None]).ravel()
    order = np.argsort(pixel, kind="stable")
    receivers, starts = np.unique(pixel[order], return_index=True)
    dx = np.zeros(N * C * H * W)
    dx[receivers] = np.add.reduceat(dy.ravel()[order], starts)
    return dx.reshape(N, C, H, W)
