"""Convolution: slide F small kernels over an image and report, at every place, how well each one matches.

Letters: N images, C channels, H x W pixels, F filters; a kernel is kh x kw pixels and sees all channels. The weight is
(F, C, kh, kw), as in torch. As everywhere in deep learning, the kernel is not flipped: a cross-correlation.
Given: the records Conv2dCache and Conv2dGrads. Pooling is in pool.py.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from numnet.given.caches import Conv2dCache, Conv2dGrads


def _with_border(image, padding):
    """Return the pixels of all images with a border of zeros."""
    N, C, H, W = image.shape
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    padded[:, :, padding : padding + H, padding : padding + W] = image
    return padded


def _seen_from(offset, places, stride):
    """Return the rows (or columns) that one row (or column) of a kernel meets, at all of its places."""
    return slice(offset, offset + stride * (places - 1) + 1, stride)


def conv_output_size(n: int, k: int, stride: int, padding: int) -> int:
    """Count the places where a kernel of k pixels fits on a line of n, with zeros on both ends of the line.

    floor((n + 2 padding - k) / stride) + 1

    returns: an int, 1 or more; a kernel longer than the padded line raises ValueError

    >>> conv_output_size(6, 3, stride=2, padding=0)  # at 0 and 2; at 4 it would stick out
    2

    The usual slip: to round up, or to pad one end only.
    A good answer is 3 lines long.
    """
    room = n + 2 * padding - k  # how far the kernel can be pushed
    if room < 0:
        raise ValueError(f"a kernel of {k} does not fit on a line of {n + 2 * padding}")
    return room // stride + 1


def conv2d_forward(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, Conv2dCache]:
    """Slide every kernel over every image.

    y[n, f, r, s] = bias[f] + sum over c, i, j of weight[f, c, i, j] * xp[n, c, stride r + i, stride s + j]

    where xp is x with `padding` rows and columns of zeros on all four sides.

    x: (N, C, H, W); weight: (F, C, kh, kw); bias: (F,); stride and padding are ints and hold for rows and columns
    returns: y (N, F, H_out, W_out), with H_out and W_out of conv_output_size, and the cache
        Conv2dCache(x, weight, stride, padding), exactly this: x itself, not padded
    A kernel that does not fit into the padded image raises ValueError.

    >>> row = np.array([1.0, 2.0, 4.0]).reshape(1, 1, 1, 3)
    >>> conv2d_forward(row, weight=np.array([-1.0, 1.0]).reshape(1, 1, 1, 2), bias=np.zeros(1))[0]  # right minus left
    array([[[[1., 2.]]]])

    The usual slip: one size for height and width, of the image or of the kernel. Both may differ.
    A good answer is 8 to 15 lines long. Loops over n, f, r and s are right, and slow. `sliding_window_view` finds all
    windows at once; when each of them has become a column of numbers, the convolution is one matrix product.
    """
    N, _, H, W = x.shape
    F, _, kh, kw = weight.shape
    H_out = conv_output_size(H, kh, stride, padding)
    W_out = conv_output_size(W, kw, stride, padding)
    xp = _with_border(x, padding)
    y = np.zeros((N, F, H_out, W_out))
    # one number of one kernel after the other, for all places of all images together
    for f in range(F):
        for c in range(weight.shape[1]):
            for i in range(kh):
                for j in range(kw):
                    y[:, f] += weight[f, c, i, j] * xp[:, c, _seen_from(i, H_out, stride), _seen_from(j, W_out, stride)]
        y[:, f] += bias[f]
    return np.asfortranarray(y), Conv2dCache(x, weight, stride, padding)


def conv2d_backward(dy: np.ndarray, cache: Conv2dCache) -> Conv2dGrads:
    """Send dy back through the convolution: every output pixel passes its dy to whatever it was made of.

    dbias[f]            = sum over n, r, s of dy[n, f, r, s]
    dweight[f, c, i, j] = sum over n, r, s of dy[n, f, r, s] * xp[n, c, stride r + i, stride s + j]
    dxp[n, c, stride r + i, stride s + j] gets weight[f, c, i, j] * dy[n, f, r, s], from every f, r, s, i, j

    and dx is dxp without its border. So one dy of 1 stamps its kernel, not flipped, on dx, where its window was.

    dy: (N, F, H_out, W_out)
    returns: Conv2dGrads of dx (N, C, H, W), dweight (F, C, kh, kw), dbias (F,)

    >>> cache = Conv2dCache(np.array([1.0, 2.0, 4.0]).reshape(1, 1, 1, 3), np.array([[[[-1.0, 1.0]]]]), 1, 0)
    >>> grads = conv2d_backward(np.array([[[[10.0, 100.0]]]]), cache)
    >>> grads.dx, grads.dweight, grads.dbias
    (array([[[[-10., -90., 100.]]]]), array([[[[210., 420.]]]]), array([110.]))

    The usual slip: `=` for `+=`, where windows overlap; or to cut the border off by [p:-p], which is empty for p = 0.
    A good answer is 12 to 20 lines long. A loop over the kh * kw offsets of the kernel is fast; one over pixels is not.
    """
    x, weight, stride, padding = cache
    _, _, H, W = x.shape
    F, _, kh, kw = weight.shape
    xp = _with_border(x, padding)
    dxp = np.zeros(xp.shape)
    dweight = np.zeros(weight.shape)
    dbias = np.zeros(F)
    for f in range(F):
        dbias[f] = np.sum(dy[:, f])
        for c in range(weight.shape[1]):
            for i in range(kh):
                rows = _seen_from(i, dy.shape[2], stride)
                for j in range(kw):
                    columns = _seen_from(j, dy.shape[3], stride)
                    dweight[f, c, i, j] = np.sum(dy[:, f] * xp[:, c, rows, columns])
                    dxp[:, c, rows, columns] += weight[f, c, i, j] * dy[:, f]  # the stamp
    # cut off the border; with padding 0 this is everything
    dx = dxp[:, :, padding : padding + H, padding : padding + W].copy(order="F")
    return Conv2dGrads(dx, np.asfortranarray(dweight), dbias)


def conv1d_as_matrix(w: np.ndarray, n: int) -> np.ndarray:
    """Write the convolution of a line of n pixels with the kernel w, stride 1 and no padding, as a matrix A.

    y = A x, so dx = A^T dy: a convolution is a linear layer whose rows are one kernel, shifted.

    w: (k,)
    returns: A (n - k + 1, n); a kernel longer than the line raises ValueError

    >>> conv1d_as_matrix(np.array([1.0, 2.0]), 3)
    array([[1., 2., 0.],
           [0., 1., 2.]])

    The usual slip: a kernel that is flipped, or rows that go on until the kernel sticks out.
    A good answer is 4 to 6 lines long.
    """
    k = len(w)
    rows = conv_output_size(n, k, 1, 0)  # raises ValueError if the kernel is too long
    A_T = np.zeros((n, rows))
    for row in range(rows):
        for i in range(k):
            A_T[row + i, row] = w[i]
    return A_T.T.copy(order="F")
