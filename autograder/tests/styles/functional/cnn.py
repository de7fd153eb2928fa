"""Convolutional networks, as compositions of layers."""

import math
import re
from functools import reduce
from typing import NamedTuple

import numpy as np

from numnet.conv import conv2d_backward, conv2d_forward, conv_output_size
from numnet.given.caches import ResidualCache, ResidualGrads, ResidualParams, SmallCNNCache
from numnet.linear import linear_backward, linear_forward, relu_backward, relu_forward, softmax_cross_entropy
from numnet.pool import max_pool2d_backward, max_pool2d_forward

Arrays = dict[str, np.ndarray]


def _pooled_side(size, k):
    return conv_output_size(size, k, 1, k // 2) // 2


def init_small_cnn(
    rng: np.random.Generator,
    filters: int = 8,
    kernel_size: int = 3,
    channels: int = 1,
    size: int = 8,
    classes: int = 10,
) -> Arrays:
    """Draw weights that keep the size of the numbers."""

    def he(*shape):
        return rng.standard_normal(shape) * math.sqrt(2 / math.prod(shape[1:]))

    return {
        "conv.weight": he(filters, channels, kernel_size, kernel_size),
        "conv.bias": np.zeros(filters),
        "fc.weight": he(classes, filters * _pooled_side(size, kernel_size) ** 2),
        "fc.bias": np.zeros(classes),
    }


def _see(params, x):
    """Return the maps after ReLU, and the caches on the way."""
    weight = params["conv.weight"]
    maps, conv = conv2d_forward(x, weight, params["conv.bias"], 1, weight.shape[-1] // 2)
    seen, relu = relu_forward(maps)
    return seen, conv, relu


def small_cnn_forward(params: Arrays, x: np.ndarray) -> tuple[np.ndarray, SmallCNNCache]:
    """conv, ReLU, pool, linear."""
    seen, conv, relu = _see(params, x)
    pooled, pool = max_pool2d_forward(seen, 2)
    logits, fc = linear_forward(pooled.reshape(len(x), -1), params["fc.weight"], params["fc.bias"])
    return logits, SmallCNNCache(conv, relu, pool, fc)


def small_cnn_loss(params: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[float, Arrays]:
    """Forward, then every backward pass, last layer first."""
    logits, cache = small_cnn_forward(params, x)
    loss, dlogits = softmax_cross_entropy(logits, y)
    fc = linear_backward(dlogits, cache.fc)
    dpooled = fc.dx.reshape(cache.pool.argmax.shape)
    conv = conv2d_backward(relu_backward(max_pool2d_backward(dpooled, cache.pool), cache.relu), cache.conv)
    return loss, {"conv.weight": conv.dweight, "conv.bias": conv.dbias, "fc.weight": fc.dW, "fc.bias": fc.db}


def feature_maps(params: Arrays, x: np.ndarray) -> np.ndarray:
    """Return the maps after ReLU."""
    return _see(params, x)[0]


def count_parameters(F: int, C: int, k: int, size: int, classes: int, shared: bool = True) -> int:
    """Count what the small CNN learns."""
    copies = 1 if shared else conv_output_size(size, k, 1, k // 2) ** 2
    return copies * F * (C * k * k + 1) + classes * (F * _pooled_side(size, k) ** 2 + 1)


def conv_flops(C: int, H: int, W: int, F: int, k: int, stride: int = 1, padding: int = 0) -> int:
    """Places, times filters, times pixels of a kernel."""
    return math.prod(conv_output_size(n, k, stride, padding) for n in (H, W)) * F * C * k * k


def receptive_field(layers: list[tuple[int, int]]) -> int:
    """From the output down to the image: n outputs in a row see stride (n - 1) + k inputs."""
    return reduce(lambda n, layer: layer[1] * (n - 1) + layer[0], reversed(layers), 1)


def residual_block_forward(x: np.ndarray, params: ResidualParams) -> tuple[np.ndarray, ResidualCache]:
    """y = relu(conv2(relu(conv1(x))) + x)."""
    first, conv1 = conv2d_forward(x, params.weight1, params.bias1, 1, 1)
    middle, relu1 = relu_forward(first)
    second, conv2 = conv2d_forward(middle, params.weight2, params.bias2, 1, 1)
    y, relu2 = relu_forward(second + x)
    return y, ResidualCache(conv1, relu1, conv2, relu2)


def residual_block_backward(dy: np.ndarray, cache: ResidualCache) -> ResidualGrads:
    """Both paths."""
    dsum = relu_backward(dy, cache.relu2)
    second = conv2d_backward(dsum, cache.conv2)
    first = conv2d_backward(relu_backward(second.dx, cache.relu1), cache.conv1)
    return ResidualGrads(first.dx + dsum, first.dweight, first.dbias, second.dweight, second.dbias)


class Layer(NamedTuple):
    """One line of an architecture; the kind is "conv", "pool", "avg pool" or "fc"."""

    kind: str
    kernel_size: int = 1
    filters: int = 0
    stride: int = 1


_PATTERNS = {
    "conv": r"(?P<kernel_size>\d+)x(?P=kernel_size) conv, (?P<filters>\d+)(, /(?P<stride>\d+))?",
    "pool": r"pool, /(?P<stride>\d+)",
    "avg pool": r"avg pool",
    "fc": r"fc, (?P<filters>\d+)",
}


def read_layer(line: str) -> Layer:
    """Read one line of an architecture; anything else raises ValueError."""
    for kind, pattern in _PATTERNS.items():
        if match := re.fullmatch(pattern, line):
            return Layer(kind, **{name: int(number) for name, number in match.groupdict().items() if number})
    raise ValueError(f"expected '3x3 conv, 64', '3x3 conv, 64, /2', 'pool, /2', 'avg pool' or 'fc, 10', got {line!r}")


class _Flow(NamedTuple):
    """What has been counted so far, and the shape that goes on."""

    total: int
    shape: tuple[int, int, int]


def parameter_count(
    spec: list[str | list[str]],
    input_shape: tuple[int, int, int] = (3, 224, 224),
    bias: bool = True,
    batch_norm: bool = False,
) -> int:
    """Fold the layers, from the first to the last."""
    per_filter = bias + 2 * batch_norm

    def block(flow, lines):
        inside = reduce(add, lines, flow)
        (c, _, _), (filters, _, _) = flow.shape, inside.shape
        skip = 0 if flow.shape == inside.shape else filters * (c + per_filter)
        return inside._replace(total=inside.total + skip)

    def add(flow, line):
        if not isinstance(line, str):
            return block(flow, line)
        kind, k, filters, stride = read_layer(line)
        total, (c, h, w) = flow
        match kind:
            case "conv":
                h, w = (conv_output_size(n, k, stride, (k - 1) // 2) for n in (h, w))
                return _Flow(total + filters * (c * k * k + per_filter), (filters, h, w))
            case "pool":
                return _Flow(total, (c, h // stride, w // stride))
            case "avg pool":
                return _Flow(total, (c, 1, 1))
            case _:
                return _Flow(total + filters * (c * h * w + 1), (filters, 1, 1))

    return int(reduce(add, spec, _Flow(0, tuple(input_shape))).total)
