"""Max-pooling: shrink an image by keeping the largest pixel of every window.

Letters: N images, C channels, H x W pixels; a window is kh x kw pixels, and the next one is sh or sw pixels further.
Given: the record MaxPool2dCache, and _pair. There is no padding, and nothing to learn: pooling has no weights.
"""

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
    """Keep the largest pixel of every window, and remember where it stood.

    y[n, c, r, s] = max over i, j of x[n, c, sh r + i, sw s + j]

    The first of equal pixels wins, in reading order. Rows and columns that no whole window covers are left out.

    x: (N, C, H, W); kernel_size: kh = kw, or (kh, kw); stride: the same for sh, sw, None is the kernel's size
    returns: y (N, C, H_out, W_out), with H_out and W_out of conv_output_size, and the cache
        MaxPool2dCache(x_shape, argmax), exactly this: the shape of x, and for every output the position h * W + w of
        its pixel in the H x W plane of x, (N, C, H_out, W_out) int64
    A window that does not fit into the image raises ValueError.

    >>> y, cache = max_pool2d_forward(np.array([1.0, 3.0, 2.0, 0.0]).reshape(1, 1, 1, 4), kernel_size=(1, 2))
    >>> y, cache.argmax
    (array([[[[3., 2.]]]]), array([[[[1, 2]]]]))

    The usual slip: a running maximum that starts at 0, so that a window of negative pixels gives 0.
    A good answer is 12 to 18 lines long. A loop over the kh * kw pixels of a window is fast; one over windows is not.
    """
    kh, kw = _pair(kernel_size)
    sh, sw = (kh, kw) if stride is None else _pair(stride)
    N, C, H, W = x.shape
    H_out = conv_output_size(H, kh, sh, 0)
    W_out = conv_output_size(W, kw, sw, 0)
    y = np.zeros((N, C, H_out, W_out))
    argmax = np.zeros((N, C, H_out, W_out), dtype=np.int64)
    for r in range(H_out):
        for s in range(W_out):
            # best pixel so far, for all images and channels together: the first one of the window
            best = x[:, :, sh * r, sw * s].copy()
            where = np.full((N, C), sh * r * W + sw * s, dtype=np.int64)
            # go through the window column by column
            for j in range(kw):
                for i in range(kh):
                    pixel = x[:, :, sh * r + i, sw * s + j]
                    position = (sh * r + i) * W + (sw * s + j)
                    # of equal pixels the one wins that is earlier in reading order, which is row by row
                    better = (pixel > best) | ((pixel == best) & (position < where))
                    best[better] = pixel[better]
                    where[better] = position
            y[:, :, r, s] = best
            argmax[:, :, r, s] = where
    return np.asfortranarray(y), MaxPool2dCache(x.shape, argmax)


def max_pool2d_backward(dy: np.ndarray, cache: MaxPool2dCache) -> np.ndarray:
    """Send every dy back to the pixel that was the largest of its window; the others get nothing.

    dx[n, c, argmax[n, c, r, s]] gets dy[n, c, r, s], where dx[n, c] is read as one line of H * W pixels

    dy: (N, C, H_out, W_out)
    returns: dx (N, C, H, W)

    >>> max_pool2d_backward(np.array([[[[5.0, 7.0]]]]), MaxPool2dCache((1, 1, 1, 4), np.array([[[[2, 2]]]])))
    array([[[[ 0.,  0., 12.,  0.]]]])

    The usual slip: `dx[index] = dy`, or `+=`, which keep one dy only of a pixel that won in two windows.
    A good answer is 4 to 6 lines long.
    """
    W = cache.x_shape[3]
    dx = np.zeros(cache.x_shape)
    for n, c, r, s in np.ndindex(dy.shape):
        row, column = divmod(int(cache.argmax[n, c, r, s]), W)
        dx[n, c, row, column] += dy[n, c, r, s]
    return np.asfortranarray(dx)
