# Homework, parts A2 and A3: convolution

import numpy as np
from numnet.given.caches import *


def conv_output_size(n, k, stride, padding) -> int:
    # the length of the line with zeros on BOTH ends
    length = n + padding + padding
    if k > length:
        raise ValueError("the kernel is too long")
    # count how often the kernel fits
    count = 0
    position = 0
    while position + k <= length:
        count = count + 1
        position = position + stride
    return count


def conv2d_forward(x, weight, bias, stride=1, padding=0) -> tuple[np.ndarray, Conv2dCache]:
    # get all the sizes
    N, C, H, W = x.shape
    F, C2, kh, kw = weight.shape
    H_out = conv_output_size(H, kh, stride, padding)
    W_out = conv_output_size(W, kw, stride, padding)

    # put zeros around the image
    x_padded = add_zeros(x, padding)

    # the output
    y = np.zeros((N, F, H_out, W_out))

    # first I looped over all the pixels of the output, but this took forever.
    # now I loop over the pixels of the kernel:
    for f in range(F):
        for c in range(C):
            for i in range(kh):
                for j in range(kw):
                    part = get_part(x_padded, c, i, j, stride, H_out, W_out)  # (N, H_out, W_out)
                    y[:, f, :, :] += weight[f, c, i, j] * part
        # add the bias ONCE
        y[:, f, :, :] += bias[f]

    cache = Conv2dCache(x, weight, stride, padding)
    return y, cache


def conv2d_backward(dy, cache) -> Conv2dGrads:
    x = cache.x
    weight = cache.weight
    stride = cache.stride
    padding = cache.padding

    N, C, H, W = x.shape
    F, C2, kh, kw = weight.shape
    H_out = dy.shape[2]
    W_out = dy.shape[3]

    x_padded = add_zeros(x, padding)

    # same shapes as the things themselves
    dx_padded = np.zeros(x_padded.shape)
    dweight = np.zeros(weight.shape)
    dbias = np.zeros(F)

    # the same loops as in forward!
    for f in range(F):
        dy_f = dy[:, f, :, :]  # (N, H_out, W_out)
        for c in range(C):
            for i in range(kh):
                for j in range(kw):
                    # forward was:   y += weight * part
                    part = get_part(x_padded, c, i, j, stride, H_out, W_out)
                    dweight[f, c, i, j] = np.sum(dy_f * part)
                    dpart = weight[f, c, i, j] * dy_f
                    # put it where it came from
                    dx_padded[:, c, i : i + stride * H_out : stride, j : j + stride * W_out : stride][
                        :, :H_out, :W_out
                    ] += dpart
        # forward was:   y += bias
        dbias[f] = np.sum(dy_f)

    # remove the zeros again
    dx = dx_padded[:, :, padding : padding + H, padding : padding + W]
    dx = dx.copy()
    return Conv2dGrads(dx, dweight, dbias)


def conv1d_as_matrix(w, n) -> np.ndarray:
    k = len(w)
    number_of_rows = conv_output_size(n, k, 1, 0)
    A = np.zeros((number_of_rows, n))
    for r in range(number_of_rows):
        for i in range(k):
            A[r, r + i] = w[i]
    return A


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def add_zeros(x, padding):
    N, C, H, W = x.shape
    x_padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    x_padded[:, :, padding : padding + H, padding : padding + W] = x
    return x_padded


def get_part(x_padded, c, i, j, stride, H_out, W_out):
    # all the pixels that are under pixel (i, j) of the kernel
    rows = []
    for r in range(H_out):
        rows.append(r * stride + i)
    columns = []
    for s in range(W_out):
        columns.append(s * stride + j)
    part = x_padded[:, c, :, :]
    part = part[:, rows, :]
    part = part[:, :, columns]
    return part


if __name__ == "__main__":
    image = np.arange(25.0).reshape(1, 1, 5, 5)
    kernel = np.ones((1, 1, 3, 3))
    y, cache = conv2d_forward(image, kernel, np.zeros(1), stride=2)
    print(y)
    print(conv2d_backward(np.ones_like(y), cache).dx)
