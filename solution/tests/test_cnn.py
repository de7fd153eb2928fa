"""Public checks of cnn.py: the small CNN (A5), the residual block, and the parameters of architectures (A6)."""

import numpy as np
import pytest

from numnet.cnn import (
    conv_flops,
    count_parameters,
    feature_maps,
    init_small_cnn,
    parameter_count,
    receptive_field,
    residual_block_backward,
    residual_block_forward,
    small_cnn_forward,
    small_cnn_loss,
)
from numnet.given.caches import ResidualCache, ResidualGrads, ResidualParams, SmallCNNCache
from numnet.given.claim import agree, purely
from numnet.given.data import digits
from numnet.given.gradcheck import numeric_gradient

NUMERIC = 1e-5  # central differences are good to 1e-9; a wrong formula is off by far more


def draw_digits(*counts):
    """Return pictures (N, 1, 8, 8) and labels (N,) for each count, in a random order; no picture comes twice."""
    x, y = digits()
    chosen = np.split(np.random.default_rng(0).permutation(len(y)), np.cumsum(counts))
    return [(x[part, np.newaxis], y[part]) for part in chosen[: len(counts)]]


def train(params, x, y, epochs, batch_size=32):
    """Return the weights after some epochs of SGD with learning rate 0.05 and momentum 0.9."""
    rng = np.random.default_rng(1)
    velocity = {name: 0 * array for name, array in params.items()}
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for batch in np.split(order, range(batch_size, len(x), batch_size)):
            _, grads = small_cnn_loss(params, x[batch], y[batch])
            velocity = {name: 0.9 * velocity[name] + grads[name] for name in params}
            params = {name: params[name] - 0.05 * velocity[name] for name in params}
    return params


@pytest.mark.problem("A5")
def test_weights_by_name():
    """Three filters of 5 x 5 pixels over two channels of 6 x 6 images: maps pooled to 3 x 3 go to the linear layer."""
    params = init_small_cnn(np.random.default_rng(0), filters=3, kernel_size=5, channels=2, size=6, classes=4)

    shapes = {"conv.weight": (3, 2, 5, 5), "conv.bias": (3,), "fc.weight": (4, 27), "fc.bias": (4,)}
    assert {name: array.shape for name, array in params.items()} == shapes
    assert params["conv.weight"].std() == pytest.approx(np.sqrt(2 / 50), rel=0.3)
    assert params["fc.weight"].std() == pytest.approx(np.sqrt(2 / 27), rel=0.3)
    assert not params["conv.bias"].any() and not params["fc.bias"].any()


@pytest.mark.problem("A5")
def test_a_network_of_one_pixel_by_hand():
    """The kernel 2 and the bias -3 make 1, 5, 0, 2 of the pixels 2, 4, 0, 2.5; the largest, 5, goes to two classes."""
    params = {"conv.weight": np.full((1, 1, 1, 1), 2.0), "conv.bias": np.array([-3.0])}
    params |= {"fc.weight": np.array([[1.0], [-1.0]]), "fc.bias": np.array([0.5, 0.0])}

    logits, cache = purely(small_cnn_forward, params, np.array([[[[2.0, 4.0], [0.0, 2.5]]]]))

    agree(logits, [[5.5, -5.0]], "logits")
    assert type(cache) is SmallCNNCache, "the cache is SmallCNNCache(conv, relu, pool, fc)"
    agree(cache.fc.x, [[5.0]], "what the linear layer has seen")


@pytest.mark.problem("A5")
def test_an_untrained_network_guesses():
    """With a very small linear layer all ten digits are about equally likely, and the loss is log 10."""
    (sample,) = draw_digits(200)
    params = init_small_cnn(np.random.default_rng(0))

    loss, _ = small_cnn_loss(params | {"fc.weight": params["fc.weight"] / 100}, *sample)

    assert loss == pytest.approx(np.log(10), abs=0.05)


@pytest.mark.problem("A5")
def test_gradients_of_the_small_network_are_the_numeric_ones():
    """Each entry of each array of weights is moved a little; images of 5 x 7 pixels, kernels of 3 x 3."""
    rng = np.random.default_rng(2)
    shapes = {"conv.weight": (2, 3, 3, 3), "conv.bias": (2,), "fc.weight": (4, 2 * 2 * 3), "fc.bias": (4,)}
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    x, y = rng.normal(size=(3, 3, 5, 7)), np.array([3, 0, 3])

    _, grads = purely(small_cnn_loss, params, x, y)

    assert grads.keys() == params.keys()
    for name, array in params.items():
        numeric = numeric_gradient(
            lambda moved, name=name: np.array(small_cnn_loss(params | {name: moved}, x, y)[0]), array, 1.0
        )
        agree(grads[name], numeric, f"the gradient of {name}", NUMERIC)


@pytest.mark.problem("A5")
def test_twenty_digits_can_be_learnt_by_heart():
    """After enough steps on the same twenty pictures the loss is below 0.01."""
    ((x, y),) = draw_digits(20)

    params = train(init_small_cnn(np.random.default_rng(3)), x, y, epochs=200)

    assert small_cnn_loss(params, x, y)[0] < 0.01


@pytest.mark.problem("A5")
def test_unseen_digits_are_read():
    """Trained on 1300 pictures, four times each, the network reads at least 93 of 100 pictures that it never saw."""
    seen, (x, y) = draw_digits(1300, 497)

    params = train(init_small_cnn(np.random.default_rng(4)), *seen, epochs=4)

    logits, _ = small_cnn_forward(params, x)
    assert np.mean(logits.argmax(axis=1) == y) >= 0.93


@pytest.mark.problem("A5")
def test_feature_map_of_an_edge():
    """Right minus left lights up where a white square begins, is cut off by ReLU where it ends, and is not pooled."""
    picture = np.zeros((1, 1, 4, 6))
    picture[..., 1:3, 2:4] = 1.0
    params = {"conv.weight": np.array([[[[0, 0, 0], [-1, 1, 0], [0, 0, 0]]]], dtype=float), "conv.bias": np.zeros(1)}

    maps = purely(feature_maps, params, picture)

    expected = np.zeros((1, 1, 4, 6))
    expected[..., 1:3, 2] = 1.0
    agree(maps, expected, "the feature map")


@pytest.mark.problem("A5")
def test_sharing_saves_parameters():
    """Eight filters of 3 x 3 on a digit: 80 numbers, then 1290. Without sharing, each of 64 pixels has its own 80."""
    assert count_parameters(F=8, C=1, k=3, size=8, classes=10) == 80 + 1290
    assert count_parameters(F=8, C=1, k=3, size=8, classes=10, shared=False) == 64 * 80 + 1290


@pytest.mark.problem("A5")
def test_cost_and_sight_of_a_layer():
    """AlexNet's first layer takes 105 million multiply-adds; two poolings by 2 let a 3 x 3 kernel see 12 pixels."""
    assert conv_flops(C=3, H=227, W=227, F=96, k=11, stride=4) == 55 * 55 * 96 * 363
    assert receptive_field([(2, 2), (2, 2), (3, 1)]) == 12


@pytest.mark.problem("A6")
def test_a_block_of_one_channel_by_hand():
    """Kernels that only look at their own pixel, 2 and -1: of 3, -2 they make -6, 0, and the sums are -3, -2."""
    centre = np.zeros((1, 1, 3, 3))
    centre[..., 1, 1] = 1.0
    params = ResidualParams(2 * centre, np.zeros(1), -centre, np.zeros(1))
    x = np.array([[[[3.0, -2.0]]]])

    y, cache = purely(residual_block_forward, x, params)
    lifted, _ = residual_block_forward(x, params._replace(bias2=np.array([10.0])))

    assert type(cache) is ResidualCache, "the cache is ResidualCache(conv1, relu1, conv2, relu2)"
    agree(cache.relu2.x, [[[[-3.0, -2.0]]]], "the sum")
    agree(y, [[[[0.0, 0.0]]]], "y")
    agree(lifted, [[[[7.0, 8.0]]]], "y with 10 for bias2")


@pytest.mark.problem("A6")
def test_gradients_of_a_block_are_the_numeric_ones():
    """Each entry of x, of both kernels and of both biases is moved a little."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(2, 2, 3, 4))
    params = ResidualParams(*[rng.normal(size=shape) for shape in [(2, 2, 3, 3), (2,)] * 2])
    dy = rng.normal(size=x.shape)

    grads = purely(residual_block_backward, dy, residual_block_forward(x, params)[1])

    assert type(grads) is ResidualGrads
    agree(grads.dx, numeric_gradient(lambda moved: residual_block_forward(moved, params)[0], x, dy), "dx", NUMERIC)
    for name, array in params._asdict().items():
        numeric = numeric_gradient(
            lambda moved, name=name: residual_block_forward(x, params._replace(**{name: moved}))[0], array, dy
        )
        agree(getattr(grads, f"d{name}"), numeric, f"d{name}", NUMERIC)


@pytest.mark.problem("A6")
def test_lenet_by_hand():
    """Digits of 28 x 28: 6 kernels, pooled to 14 x 14, 16 kernels, pooled to 7 x 7, then three linear layers."""
    spec = ["5x5 conv, 6", "pool, /2", "5x5 conv, 16", "pool, /2", "fc, 120", "fc, 84", "fc, 10"]

    by_hand = 6 * 26 + 16 * 151 + 120 * (16 * 7 * 7 + 1) + 84 * 121 + 10 * 85
    assert parameter_count(spec, input_shape=(1, 28, 28)) == by_hand


@pytest.mark.problem("A6")
def test_a_skip_path_that_has_to_fit():
    """From 4 channels to 8 the skip path has 32 weights and 8 biases, too; from 8 to 8 it has none."""
    assert parameter_count([["1x1 conv, 8"]], (4, 6, 6)) == 2 * (4 * 8 + 8)
    assert parameter_count([["1x1 conv, 8"], ["1x1 conv, 8"]], (4, 6, 6)) == 2 * (4 * 8 + 8) + 8 * 8 + 8
