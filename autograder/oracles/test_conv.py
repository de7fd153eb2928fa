"""The layers of conv.py and pool.py, beside torch.nn.functional.

Letters: N images, C channels, H x W pixels, F filters, kernels of kh x kw.
"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, gradients, leaf, leaves, send_back, values
from numnet import conv, pool
from numnet.given.caches import Conv2dGrads


@covers("conv.conv2d_forward", "conv.conv2d_backward", by="torch.nn.functional.conv2d")
def test_convolution(rng):
    """Images and kernels that are not square, strides that do not divide, padding of up to 2."""
    for _ in range(20):
        n, c, f, kh, kw, stride = rng.integers(1, 4, size=6).tolist()
        padding = int(rng.integers(0, 3))
        h, w = (rng.integers(max(1, k - 2 * padding), k + 6) for k in (kh, kw))
        x, weight, bias = rng.normal(size=(n, c, h, w)), rng.normal(size=(f, c, kh, kw)), rng.normal(size=f)
        theirs = leaves(x, weight, bias)
        their_y = F.conv2d(*theirs, stride=stride, padding=padding)
        dy = rng.normal(size=tuple(their_y.shape))
        send_back((their_y, dy))

        y, cache = conv.conv2d_forward(x, weight, bias, stride, padding)

        agree(y, values(their_y), "y")
        agree(conv.conv2d_backward(dy, cache), Conv2dGrads(*gradients(*theirs)), "gradients")


@covers("conv.conv_output_size", by="torch.nn.Conv2d, on no memory")
def test_output_size():
    """All small sizes, and a kernel that does not fit is refused by both."""
    for n in range(1, 9):
        for k in range(1, 6):
            for stride in (1, 2, 3):
                for padding in (0, 1, 2):
                    layer = torch.nn.Conv2d(1, 1, k, stride, padding, device="meta")
                    line = torch.empty(1, 1, n, n, device="meta")
                    if n + 2 * padding < k:
                        with pytest.raises(RuntimeError, match="can't be greater than actual input size"):
                            layer(line)
                        with pytest.raises(ValueError, match="expected a kernel of at most"):
                            conv.conv_output_size(n, k, stride, padding)
                    else:
                        assert conv.conv_output_size(n, k, stride, padding) == layer(line).shape[2]


@covers("conv.conv1d_as_matrix", by="torch.nn.functional.conv1d")
def test_convolution_as_a_matrix(rng):
    """Its columns are what torch makes of the unit vectors."""
    for _ in range(8):
        k = int(rng.integers(1, 5))
        n, w = k + int(rng.integers(0, 5)), rng.normal(size=k)
        columns = F.conv1d(torch.eye(n)[:, None], torch.from_numpy(w)[None, None])

        agree(conv.conv1d_as_matrix(w, n), values(columns[:, 0].T), "A")


@covers("pool.max_pool2d_forward", "pool.max_pool2d_backward", by="torch.nn.functional.max_pool2d")
def test_max_pooling(rng):
    """Windows that overlap, that leave gaps and that do not divide; equal pixels; where each maximum stood."""
    for _ in range(20):
        n, c, kh, kw, sh, sw = rng.integers(1, 4, size=6).tolist()
        h, w = kh + int(rng.integers(0, 6)), kw + int(rng.integers(0, 6))
        for x in (rng.normal(size=(n, c, h, w)), rng.integers(0, 2, size=(n, c, h, w)) - 1.0):
            for stride in (None, (sh, sw), sh):
                their_x = leaf(x)
                their_y, their_argmax = F.max_pool2d(their_x, (kh, kw), stride, return_indices=True)
                dy = rng.normal(size=tuple(their_y.shape))
                send_back((their_y, dy))

                y, cache = pool.max_pool2d_forward(x, (kh, kw), stride)

                agree(y, values(their_y), "y")
                assert np.array_equal(cache.argmax, their_argmax.numpy())
                agree(pool.max_pool2d_backward(dy, cache), *gradients(their_x), "dx")
