"""Public checks of linear.py: A1, the linear layer, ReLU and softmax cross-entropy."""

import numpy as np
import pytest

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache
from numnet.given.claim import agree, purely
from numnet.given.gradcheck import numeric_gradient
from numnet.linear import linear_backward, linear_forward, relu_backward, relu_forward, softmax_cross_entropy

NUMERIC = 1e-5  # central differences are good to 1e-9; a wrong formula is off by far more


@pytest.mark.problem("A1")
def test_linear_layer_on_two_small_vectors():
    """Two vectors of three numbers become two vectors of two: z = x W^T + b."""
    x = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
    W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    b = np.array([10.0, 20.0])

    z, cache = purely(linear_forward, x, W, b)

    agree(z, [[8.0, 24.0], [10.0, 21.0]], "linear_forward: z")
    assert type(cache) is LinearCache, "the cache is LinearCache(x, W)"
    assert cache.x is x and cache.W is W, "the cache holds the arguments themselves: LinearCache(x, W)"


@pytest.mark.problem("A1")
def test_linear_gradient_is_the_numeric_one():
    """dx, dW and db are what one finds by moving each entry of x, W and b a little, here for 2 x 3 positions."""
    rng = np.random.default_rng(0)
    arguments = {"x": rng.normal(size=(2, 3, 4)), "W": rng.normal(size=(5, 4)), "b": rng.normal(size=5)}
    dz = rng.normal(size=(2, 3, 5))

    grads = purely(linear_backward, dz, LinearCache(arguments["x"], arguments["W"]))

    assert type(grads) is LinearGrads, "linear_backward returns LinearGrads(dx, dW, db)"
    for name, argument in arguments.items():
        numeric = numeric_gradient(
            lambda moved, name=name: linear_forward(**arguments | {name: moved})[0], argument, dz
        )
        agree(getattr(grads, f"d{name}"), numeric, f"linear_backward: d{name}", NUMERIC)


@pytest.mark.problem("A1")
def test_relu_keeps_positive_numbers():
    """A negative number and 0 become 0, a positive one stays."""
    y, _ = relu_forward(np.array([[-2.0, 0.0, 3.0]]))

    agree(y, [[0.0, 0.0, 3.0]], "relu_forward: y")


@pytest.mark.problem("A1")
def test_relu_leaves_its_argument_alone():
    """relu_forward returns a new array and ReLUCache(x), and x stays as it was, negative entries, too."""
    x = np.array([[-2.0, 0.0, 3.0]])

    _, cache = purely(relu_forward, x)

    assert type(cache) is ReLUCache, "the cache is ReLUCache(x)"
    assert cache.x is x, "the cache holds the argument itself: ReLUCache(x)"


@pytest.mark.problem("A1")
def test_relu_gradient_passes_where_x_is_positive():
    """dy passes where x is positive, whatever the sign of dy, and is stopped elsewhere, at x = 0 too."""
    cache = ReLUCache(np.array([[-2.0, 0.0, 3.0, 4.0]]))

    dx = purely(relu_backward, np.array([[5.0, 6.0, 7.0, -8.0]]), cache)

    agree(dx, [[0.0, 0.0, 7.0, -8.0]], "relu_backward: dx")


@pytest.mark.problem("A1")
def test_loss_of_a_network_that_knows_nothing_is_log_k():
    """Among K = 7 classes with small logits, the loss is about log 7."""
    rng = np.random.default_rng(0)
    logits, targets = 1e-3 * rng.normal(size=(50, 7)), rng.integers(7, size=50)

    loss, _ = purely(softmax_cross_entropy, logits, targets)

    agree(loss, np.log(7.0), "softmax_cross_entropy: loss", within=1e-2)


@pytest.mark.problem("A1")
def test_loss_gradient_is_the_numeric_one():
    """dlogits is what one finds by moving each logit a little, with and without a mask."""
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(2, 3, 4)), rng.integers(4, size=(2, 3))
    masks = {"without a mask": None, "with a mask": np.array([[True, False, True], [True, True, False]])}

    for which, mask in masks.items():
        _, dlogits = purely(softmax_cross_entropy, logits, targets, mask)

        numeric = numeric_gradient(lambda moved, mask=mask: softmax_cross_entropy(moved, targets, mask)[0], logits, 1.0)
        agree(dlogits, numeric, f"softmax_cross_entropy: dlogits {which}", NUMERIC)


@pytest.mark.problem("A1")
def test_masked_position_does_not_count():
    """The loss is the mean over the positions where the mask is True; a target elsewhere is not read."""
    logits = np.array([[0.0, 0.0], [3.0, 5.0], [0.0, 0.0]])

    loss, dlogits = softmax_cross_entropy(logits, np.array([0, 99, 1]), np.array([True, False, True]))

    agree(loss, np.log(2.0), "softmax_cross_entropy: loss")
    agree(dlogits, [[-0.25, 0.25], [0.0, 0.0], [0.25, -0.25]], "softmax_cross_entropy: dlogits")
