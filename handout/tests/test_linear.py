"""Public checks of linear.py: A1, the linear layer, ReLU and softmax cross-entropy."""

import numpy as np
import pytest

from numnet.given.caches import LinearCache, ReLUCache
from numnet.given.gradcheck import largest_relative_error, numeric_gradient
from numnet.linear import linear_backward, linear_forward, relu_backward, relu_forward, softmax_cross_entropy


@pytest.mark.problem("A1")
def test_linear_layer_on_two_small_vectors():
    """Two vectors of three numbers become two vectors of two: z = x W^T + b."""
    x = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
    W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    b = np.array([10.0, 20.0])

    z, cache = linear_forward(x, W, b)

    np.testing.assert_allclose(z, [[8.0, 24.0], [10.0, 21.0]])
    assert cache.x is x and cache.W is W, "the cache holds the arguments themselves: LinearCache(x, W)"


@pytest.mark.problem("A1")
@pytest.mark.parametrize("name", ["x", "W", "b"])
def test_linear_gradient_is_the_numeric_one(name):
    """dx, dW and db are what one finds by moving each entry of x, W and b a little, here for 2 x 3 positions."""
    rng = np.random.default_rng(0)
    arguments = {"x": rng.normal(size=(2, 3, 4)), "W": rng.normal(size=(5, 4)), "b": rng.normal(size=5)}
    dz = rng.normal(size=(2, 3, 5))

    grads = linear_backward(dz, LinearCache(arguments["x"], arguments["W"]))

    numeric = numeric_gradient(lambda moved: linear_forward(**arguments | {name: moved})[0], arguments[name], dz)
    assert largest_relative_error(getattr(grads, f"d{name}"), numeric) < 1e-5


@pytest.mark.problem("A1")
def test_relu_keeps_positive_numbers():
    """A negative number and 0 become 0, a positive one stays."""
    y, _ = relu_forward(np.array([[-2.0, 0.0, 3.0]]))

    np.testing.assert_allclose(y, [[0.0, 0.0, 3.0]])


@pytest.mark.problem("A1")
def test_relu_gradient_passes_where_x_is_positive():
    """dy passes where x is positive, whatever the sign of dy, and is stopped elsewhere, at x = 0 too."""
    cache = ReLUCache(np.array([[-2.0, 0.0, 3.0, 4.0]]))

    dx = relu_backward(np.array([[5.0, 6.0, 7.0, -8.0]]), cache)

    np.testing.assert_allclose(dx, [[0.0, 0.0, 7.0, -8.0]])


@pytest.mark.problem("A1")
def test_loss_of_a_network_that_knows_nothing_is_log_k():
    """Among K = 7 classes with small logits, the loss is about log 7."""
    rng = np.random.default_rng(0)
    logits, targets = 1e-3 * rng.normal(size=(50, 7)), rng.integers(7, size=50)

    loss, _ = softmax_cross_entropy(logits, targets)

    assert loss == pytest.approx(np.log(7.0), abs=1e-2)


@pytest.mark.problem("A1")
@pytest.mark.parametrize("mask", [None, np.array([[True, False, True], [True, True, False]])], ids=["all", "masked"])
def test_loss_gradient_is_the_numeric_one(mask):
    """dlogits is what one finds by moving each logit a little, with and without a mask."""
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(2, 3, 4)), rng.integers(4, size=(2, 3))

    _, dlogits = softmax_cross_entropy(logits, targets, mask)

    numeric = numeric_gradient(lambda moved: softmax_cross_entropy(moved, targets, mask)[0], logits, 1.0)
    assert largest_relative_error(dlogits, numeric) < 1e-5


@pytest.mark.problem("A1")
def test_masked_position_does_not_count():
    """The loss is the mean over the positions where the mask is True; a target elsewhere is not read."""
    logits = np.array([[0.0, 0.0], [3.0, 5.0], [0.0, 0.0]])

    loss, dlogits = softmax_cross_entropy(logits, np.array([0, 99, 1]), np.array([True, False, True]))

    assert loss == pytest.approx(np.log(2.0))
    np.testing.assert_allclose(dlogits, [[-0.25, 0.25], [0.0, 0.0], [0.25, -0.25]])
