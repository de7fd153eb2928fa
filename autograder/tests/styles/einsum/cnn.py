"""Convolutional networks put together."""

import math
import re
from functools import reduce
from itertools import accumulate
from operator import mul
from typing import NamedTuple

import numpy as np

from numnet.conv import conv2d_backward, conv2d_forward, conv_output_size
from numnet.given.caches import ResidualCache, ResidualGrads, ResidualParams, SmallCNNCache
from numnet.linear import linear_backward, linear_forward, relu_backward, relu_forward, softmax_cross_entropy
from numnet.pool import max_pool2d_backward, max_pool2d_forward

Arrays = dict[str, np.ndarray]


def _sides(size, k):
    """Return the side of a map of the small CNN, and of a pooled one."""
    side = conv_output_size(size, k, 1, k // 2)
    return side, side // 2


def init_small_cnn(rng, filters=8, kernel_size=3, channels=1, size=8, classes=10) -> Arrays:
    """Draw the weights of the small CNN."""
    _, h = _sides(size, kernel_size)

    def layer(name, *shape):
        weight = rng.normal(0.0, math.sqrt(2 / math.prod(shape[1:])), shape)
        return {f"{name}.weight": weight, f"{name}.bias": np.zeros(shape[0])}

    return layer("conv", filters, channels, kernel_size, kernel_size) | layer("fc", classes, filters * h * h)


def _look(params, x):
    """Return the maps after ReLU, and the caches of both layers."""
    weight = params["conv.weight"]
    z, conv = conv2d_forward(x, weight, params["conv.bias"], 1, weight.shape[-1] // 2)
    a, relu = relu_forward(z)
    return a, conv, relu


def small_cnn_forward(params: Arrays, x: np.ndarray) -> tuple[np.ndarray, SmallCNNCache]:
    """Convolution, ReLU, max-pooling by 2, linear layer."""
    a, *seen = _look(params, x)
    pooled, pool = max_pool2d_forward(a, 2)
    flat = pooled.reshape(len(x), math.prod(pooled.shape[1:]))
    logits, fc = linear_forward(flat, params["fc.weight"], params["fc.bias"])
    return logits, SmallCNNCache(*seen, pool, fc)


def small_cnn_loss(params: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[float, Arrays]:
    """Mean softmax cross-entropy, and its gradients."""
    logits, cache = small_cnn_forward(params, x)
    loss, dlogits = softmax_cross_entropy(logits, y)
    dflat, dfc, dfc_bias = linear_backward(dlogits, cache.fc)
    da = max_pool2d_backward(dflat.reshape(cache.pool.argmax.shape), cache.pool)
    _, dconv, dconv_bias = conv2d_backward(relu_backward(da, cache.relu), cache.conv)
    return loss, {"conv.weight": dconv, "conv.bias": dconv_bias, "fc.weight": dfc, "fc.bias": dfc_bias}


def feature_maps(params: Arrays, x: np.ndarray) -> np.ndarray:
    """The maps after ReLU, before pooling."""
    return _look(params, x)[0]


def count_parameters(F: int, C: int, k: int, size: int, classes: int, shared: bool = True) -> int:
    """Count the numbers that the small CNN learns."""
    side, h = _sides(size, k)
    return F * (C * k * k + 1) * (1 if shared else side * side) + classes * (F * h * h + 1)


def conv_flops(C: int, H: int, W: int, F: int, k: int, stride: int = 1, padding: int = 0) -> int:
    """Count the multiply-adds of a convolution."""
    return math.prod(conv_output_size(n, k, stride, padding) for n in (H, W)) * F * C * k * k


def receptive_field(layers) -> int:
    """Every layer adds k - 1 steps, as long as the strides below it make them."""
    steps = accumulate((stride for _, stride in layers), mul, initial=1)
    return 1 + sum((k - 1) * step for (k, _), step in zip(layers, steps, strict=False))


def residual_block_forward(x: np.ndarray, params: ResidualParams) -> tuple[np.ndarray, ResidualCache]:
    """y = relu(conv2(relu(conv1(x))) + x)."""
    z1, conv1 = conv2d_forward(x, params.weight1, params.bias1, 1, 1)
    a1, relu1 = relu_forward(z1)
    z2, conv2 = conv2d_forward(a1, params.weight2, params.bias2, 1, 1)
    y, relu2 = relu_forward(z2 + x)
    return y, ResidualCache(conv1, relu1, conv2, relu2)


def residual_block_backward(dy: np.ndarray, cache: ResidualCache) -> ResidualGrads:
    """Send dy back on both paths."""
    dsum = relu_backward(dy, cache.relu2)
    da1, *second = conv2d_backward(dsum, cache.conv2)
    dx, *first = conv2d_backward(relu_backward(da1, cache.relu1), cache.conv1)
    return ResidualGrads(dx + dsum, *first, *second)


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
    """Read one line of an architecture; anything else raises ValueError.

    >>> read_layer("3x3 conv, 64, /2")
    Layer(kind='conv', kernel_size=3, filters=64, stride=2)
    >>> read_layer("pool, /2").stride, read_layer("fc, 1000").filters
    (2, 1000)
    """
    for kind, pattern in _PATTERNS.items():
        if match := re.fullmatch(pattern, line):
            return Layer(kind, **{name: int(number) for name, number in match.groupdict().items() if number})
    raise ValueError(f"expected '3x3 conv, 64', '3x3 conv, 64, /2', 'pool, /2', 'avg pool' or 'fc, 10', got {line!r}")


def parameter_count(spec, input_shape=(3, 224, 224), bias: bool = True, batch_norm: bool = False) -> int:
    """Count the numbers that a network learns."""

    def conv(C, F, k):
        return F * (C * k * k + bool(bias) + 2 * bool(batch_norm))

    def add(so_far, line):
        total, (C, H, W) = so_far
        if isinstance(line, list):
            inside, shape = reduce(add, line, (0, (C, H, W)))
            return total + inside + (conv(C, shape[0], 1) if shape != (C, H, W) else 0), shape
        kind, k, F, stride = read_layer(line)
        match kind:
            case "conv":
                return total + conv(C, F, k), (F, *(conv_output_size(n, k, stride, (k - 1) // 2) for n in (H, W)))
            case "pool":
                return total, (C, H // stride, W // stride)
            case "avg pool":
                return total, (C, 1, 1)
        return total + F * (C * H * W + 1), (F, 1, 1)

    return reduce(add, spec, (0, tuple(input_shape)))[0]
