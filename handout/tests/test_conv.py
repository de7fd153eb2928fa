"""Public checks of conv.py: A2, convolution forward, and A3, backward."""

import numpy as np
import pytest

from numnet.conv import conv1d_as_matrix, conv2d_backward, conv2d_forward, conv_output_size
from numnet.given.caches import Conv2dCache, Conv2dGrads
from numnet.given.claim import agree, purely
from numnet.given.gradcheck import numeric_gradient

NUMERIC = 1e-5  # central differences are good to 1e-9; a wrong formula is off by far more


@pytest.mark.problem("A2")
def test_output_size_table():
    """conv_output_size gives the lecture's sizes, and rounds down where the stride does not divide."""
    table = {  # n, k, stride, padding
        (6, 3, 1, 0): 4,
        (6, 3, 1, 1): 6,
        (6, 3, 2, 0): 2,
        (7, 3, 2, 0): 3,
        (7, 3, 3, 1): 3,
        (5, 5, 1, 0): 1,
        (28, 5, 1, 2): 28,
    }

    for question, expected in table.items():
        size = conv_output_size(*question)
        assert size == expected, f"conv_output_size{question}: expected {expected}, got {size}"


@pytest.mark.problem("A2")
def test_kernel_that_does_not_fit_is_refused():
    """A kernel of 5 on a line of 2 with one zero on each end does not fit: ValueError."""
    with pytest.raises(ValueError):
        conv_output_size(2, 5, 1, 1)


@pytest.mark.problem("A2")
def test_vertical_edge_in_a_6_by_6_image():
    """A bright left half: the kernel (1, 0, -1) in three rows answers 30 where it sees the edge, and 0 elsewhere."""
    image = np.zeros((1, 1, 6, 6))
    image[..., :3] = 10.0
    kernel = np.array([[1.0, 0.0, -1.0]] * 3).reshape(1, 1, 3, 3)

    y, cache = purely(conv2d_forward, image, kernel, bias=np.zeros(1))

    agree(y, [[[[0.0, 30.0, 30.0, 0.0]] * 4]], "conv2d_forward: y")
    assert type(cache) is Conv2dCache, "the cache is Conv2dCache(x, weight, stride, padding)"
    assert cache.x is image and cache.weight is kernel, "the cache holds the arguments themselves, x not padded"
    assert (cache.stride, cache.padding) == (1, 0), "the cache holds stride and padding, here 1 and 0"


@pytest.mark.problem("A2")
def test_edges_of_a_square_in_a_picture():
    """Left minus right finds the two upright edges of a white square, with opposite signs, and nothing else."""
    picture = np.zeros((1, 1, 8, 9))
    picture[..., 2:6, 3:7] = 1.0

    y, _ = conv2d_forward(picture, weight=np.array([[[[1.0, -1.0]]]]), bias=np.zeros(1))

    expected = np.zeros((1, 1, 8, 8))
    expected[..., 2:6, 2], expected[..., 2:6, 6] = -1.0, 1.0
    agree(y, expected, "conv2d_forward: y")


@pytest.mark.problem("A2")
def test_channels_add_up_and_the_bias_is_added_once():
    """Two channels, two filters of one pixel: every output is a weighted sum of the channels, plus its bias."""
    x = np.array([[1.0, 2.0], [10.0, 20.0]]).reshape(1, 2, 1, 2)
    weight = np.array([[1.0, 1.0], [0.0, 3.0]]).reshape(2, 2, 1, 1)

    y, _ = conv2d_forward(x, weight, bias=np.array([0.5, 100.0]))

    agree(y, [[[[11.5, 22.5]], [[130.0, 160.0]]]], "conv2d_forward: y")


@pytest.mark.problem("A2")
def test_stride_and_padding_by_hand():
    """A row 1 2 3 with zeros around it and the kernel (1, 10), two pixels further each time: 0 + 10, then 2 + 30."""
    row = np.array([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3)
    kernel = np.zeros((1, 1, 3, 2))
    kernel[0, 0, 1] = 1.0, 10.0

    y, cache = purely(conv2d_forward, row, kernel, bias=np.zeros(1), stride=2, padding=1)

    agree(y, [[[[10.0, 32.0]]]], "conv2d_forward: y")
    assert cache.x is row, "the cache holds x itself, not padded"
    assert (cache.stride, cache.padding) == (2, 1), "the cache holds stride and padding, here 2 and 1"


@pytest.mark.problem("A3")
def test_convolution_gradient_is_the_numeric_one():
    """dx, dweight and dbias are what one finds by moving each entry: 3 x 2 kernels, stride 2, padding 1."""
    rng = np.random.default_rng(0)
    shapes = {"x": (2, 3, 5, 4), "weight": (4, 3, 3, 2), "bias": (4,)}
    arguments = {argument: rng.normal(size=shape) for argument, shape in shapes.items()}
    dy = rng.normal(size=(2, 4, 3, 3))

    grads = purely(conv2d_backward, dy, Conv2dCache(arguments["x"], arguments["weight"], stride=2, padding=1))

    assert type(grads) is Conv2dGrads, "conv2d_backward returns Conv2dGrads(dx, dweight, dbias)"
    for name, argument in arguments.items():
        numeric = numeric_gradient(
            lambda moved, name=name: conv2d_forward(**arguments | {name: moved}, stride=2, padding=1)[0], argument, dy
        )
        agree(getattr(grads, f"d{name}"), numeric, f"conv2d_backward: d{name}", NUMERIC)


@pytest.mark.problem("A3")
def test_one_output_pixel_stamps_its_kernel():
    """A dy that is 1 at one output pixel puts the kernel, not flipped, where that pixel's window was."""
    kernel = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 1, 2, 2)
    dy = np.zeros((1, 1, 3, 3))
    dy[0, 0, 1, 2] = 1.0

    dx = conv2d_backward(dy, Conv2dCache(np.zeros((1, 1, 4, 4)), kernel, stride=1, padding=0)).dx

    agree(dx, [[[[0, 0, 0, 0], [0, 0, 1, 2], [0, 0, 3, 4], [0, 0, 0, 0]]]], "conv2d_backward: dx")


@pytest.mark.problem("A3")
def test_convolution_as_a_matrix():
    """Every row of the matrix is the kernel, one pixel further right, and the matrix times x is the convolution."""
    matrix = purely(conv1d_as_matrix, np.array([1.0, 2.0, 3.0]), 5)

    agree(matrix, [[1, 2, 3, 0, 0], [0, 1, 2, 3, 0], [0, 0, 1, 2, 3]], "conv1d_as_matrix")
    agree(matrix @ [1.0, 0.0, 0.0, 1.0, 0.0], [1.0, 3.0, 2.0], "conv1d_as_matrix: times x")
