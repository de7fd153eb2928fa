"""Public checks of pool.py: A4, max-pooling."""

import numpy as np
import pytest

from numnet.given.caches import MaxPool2dCache
from numnet.given.claim import agree, purely
from numnet.given.gradcheck import numeric_gradient
from numnet.pool import max_pool2d_backward, max_pool2d_forward

IMAGE = np.array(
    [
        [1.0, 5.0, -1.0, -2.0],
        [4.0, 2.0, -4.0, -3.0],
        [0.0, 0.0, 7.0, 8.0],
        [0.0, 6.0, 9.0, 3.0],
    ]
).reshape(1, 1, 4, 4)


@pytest.mark.problem("A4")
def test_largest_pixel_of_each_quarter():
    """A 4 x 4 image becomes 2 x 2: the largest pixel of each quarter, also where all pixels are negative."""
    y, _ = max_pool2d_forward(IMAGE, 2)

    agree(y, [[[[5.0, -1.0], [6.0, 9.0]]]], "max_pool2d_forward: y")


@pytest.mark.problem("A4")
def test_cache_says_where_each_maximum_stood():
    """argmax is the position in the whole plane: row 0, column 1 of a 4 x 4 image is 1; row 3, column 2 is 14."""
    _, cache = purely(max_pool2d_forward, IMAGE, 2)

    assert type(cache) is MaxPool2dCache, "the cache is MaxPool2dCache(x_shape, argmax)"
    assert cache.x_shape == (1, 1, 4, 4), f"x_shape: expected (1, 1, 4, 4), got {cache.x_shape}"
    assert cache.argmax.tolist() == [[[[1, 2], [13, 14]]]], (
        f"argmax: expected [[[[1, 2], [13, 14]]]], got {cache.argmax.tolist()}"
    )
    assert cache.argmax.dtype == np.int64, f"argmax: expected int64, got {cache.argmax.dtype}"


@pytest.mark.problem("A4")
def test_windows_may_overlap_and_need_not_be_square():
    """Windows of 3 rows and 2 columns, one pixel apart: 2 x 3 of them fit into a 4 x 4 image."""
    y, _ = max_pool2d_forward(IMAGE, (3, 2), stride=1)

    agree(y, [[[[5.0, 7.0, 8.0], [6.0, 9.0, 9.0]]]], "max_pool2d_forward: y")


@pytest.mark.problem("A4")
def test_first_of_equal_pixels_gets_the_gradient():
    """In a constant image the first pixel of each window, in reading order, is the maximum."""
    _, cache = max_pool2d_forward(np.ones((1, 1, 2, 4)), 2)

    assert cache.argmax.tolist() == [[[[0, 2]]]], f"argmax: expected [[[[0, 2]]]], got {cache.argmax.tolist()}"


@pytest.mark.problem("A4")
def test_pixel_that_wins_twice_gets_both_gradients():
    """A pixel that is the maximum of two windows gets the sum of their gradients."""
    cache = MaxPool2dCache(x_shape=(1, 1, 1, 3), argmax=np.array([[[[1, 1]]]]))

    dx = max_pool2d_backward(np.array([[[[2.0, 30.0]]]]), cache)

    agree(dx, [[[[0.0, 32.0, 0.0]]]], "max_pool2d_backward: dx")


@pytest.mark.problem("A4")
def test_pooling_gradient_is_the_numeric_one():
    """dx is what one finds by moving each pixel a little: no two pixels are near to each other, and windows overlap."""
    rng = np.random.default_rng(0)
    x = rng.permutation(2 * 3 * 7 * 5).reshape(2, 3, 7, 5).astype(np.float64)
    y, cache = max_pool2d_forward(x, (3, 2), stride=(2, 1))
    dy = rng.normal(size=y.shape)

    dx = purely(max_pool2d_backward, dy, cache)

    numeric = numeric_gradient(lambda moved: max_pool2d_forward(moved, (3, 2), (2, 1))[0], x, dy)
    agree(dx, numeric, "max_pool2d_backward: dx", within=1e-5)
