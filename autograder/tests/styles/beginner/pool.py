# Homework, part A4: max pooling

import numpy as np
from numnet.conv import conv_output_size
from numnet.given.caches import *


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    """Return a size for the rows and one for the columns, given both or one for either."""
    height, width = (size, size) if np.ndim(size) == 0 else size
    return height, width


def max_pool2d_forward(x, kernel_size, stride=None) -> tuple[np.ndarray, MaxPool2dCache]:
    # sizes of the window
    kh, kw = _pair(kernel_size)
    # sizes of the steps. None means: as large as the window
    if stride is None:
        sh = kh
        sw = kw
    else:
        sh, sw = _pair(stride)

    N, C, H, W = x.shape
    H_out = conv_output_size(H, kh, sh, 0)
    W_out = conv_output_size(W, kw, sw, 0)

    y = np.zeros((N, C, H_out, W_out))
    argmax = np.zeros((N, C, H_out, W_out), dtype=np.int64)

    for r in range(H_out):
        for s in range(W_out):
            # the corner of the window
            top = r * sh
            left = s * sw
            # start with the first pixel of the window (NOT with 0, because all may be negative)
            biggest = x[:, :, top, left].copy()  # (N, C)
            position = np.full((N, C), top * W + left)
            for i in range(kh):
                for j in range(kw):
                    pixel = x[:, :, top + i, left + j]
                    is_bigger = pixel > biggest  # > and not >=, the first one wins
                    biggest[is_bigger] = pixel[is_bigger]
                    position[is_bigger] = (top + i) * W + (left + j)
            y[:, :, r, s] = biggest
            argmax[:, :, r, s] = position

    cache = MaxPool2dCache((N, C, H, W), argmax)
    return y, cache


def max_pool2d_backward(dy, cache) -> np.ndarray:
    N, C, H, W = cache.x_shape
    H_out = dy.shape[2]
    W_out = dy.shape[3]
    dx = np.zeros((N, C, H, W))
    for n in range(N):
        for c in range(C):
            for r in range(H_out):
                for s in range(W_out):
                    position = int(cache.argmax[n, c, r, s])
                    row = position // W
                    column = position % W
                    dx[n, c, row, column] = dx[n, c, row, column] + dy[n, c, r, s]
    return dx


if __name__ == "__main__":
    test = np.random.randn(1, 1, 4, 4)
    print(test)
    print(max_pool2d_forward(test, 2)[0])
