"""Convolutional networks: the backward pass is a stack of what is to be undone."""

import re
from collections import deque
from typing import NamedTuple

import numpy as np

from numnet import conv, linear, pool
from numnet.given.caches import ResidualCache, ResidualGrads, ResidualParams, SmallCNNCache

Arrays = dict[str, np.ndarray]


def init_small_cnn(
    rng: np.random.Generator,
    filters: int = 8,
    kernel_size: int = 3,
    channels: int = 1,
    size: int = 8,
    classes: int = 10,
) -> Arrays:
    """Normal numbers from uniform ones, as Box and Muller make them."""

    def normal(*shape, inputs):
        radius = np.sqrt(-2 * np.log1p(-rng.random(size=shape)))
        return radius * np.cos(2 * np.pi * rng.random(size=shape)) * np.sqrt(2 / inputs)

    side = (size + 2 * (kernel_size // 2) - kernel_size + 1) // 2
    params = {}
    params["conv.weight"] = normal(filters, channels, kernel_size, kernel_size, inputs=channels * kernel_size**2)
    params["conv.bias"] = np.zeros(filters)
    params["fc.weight"] = normal(classes, filters * side**2, inputs=filters * side**2)
    params["fc.bias"] = np.zeros(classes)
    return params


def small_cnn_forward(params: Arrays, x: np.ndarray) -> tuple[np.ndarray, SmallCNNCache]:
    """Put the image through the layers."""
    k = params["conv.weight"].shape[2]
    out, conv_cache = conv.conv2d_forward(x, params["conv.weight"], params["conv.bias"], stride=1, padding=k // 2)
    out, relu_cache = linear.relu_forward(out)
    out, pool_cache = pool.max_pool2d_forward(out, 2)
    out, fc_cache = linear.linear_forward(out.reshape(out.shape[0], -1), params["fc.weight"], params["fc.bias"])
    return out, SmallCNNCache(conv_cache, relu_cache, pool_cache, fc_cache)


def small_cnn_loss(params: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[float, Arrays]:
    """Undo the layers one by one; each says what it sends on and what it keeps for its weights."""
    logits, cache = small_cnn_forward(params, x)
    loss, d = linear.softmax_cross_entropy(logits, y)
    grads = {}

    def undo_fc(d):
        dx, grads["fc.weight"], grads["fc.bias"] = linear.linear_backward(d, cache.fc)
        return dx.reshape(cache.pool.argmax.shape)

    def undo_conv(d):
        dx, grads["conv.weight"], grads["conv.bias"] = conv.conv2d_backward(d, cache.conv)
        return dx

    to_undo = [undo_conv, lambda d: linear.relu_backward(d, cache.relu)]
    to_undo += [lambda d: pool.max_pool2d_backward(d, cache.pool), undo_fc]
    while to_undo:
        d = to_undo.pop()(d)
    return loss, grads


def feature_maps(params: Arrays, x: np.ndarray) -> np.ndarray:
    """Return the maps after ReLU."""
    k = params["conv.weight"].shape[2]
    maps, _ = conv.conv2d_forward(x, params["conv.weight"], params["conv.bias"], stride=1, padding=k // 2)
    return linear.relu_forward(maps)[0]


def count_parameters(F: int, C: int, k: int, size: int, classes: int, shared: bool = True) -> int:
    """Count through the lines of an architecture, but for what is not shared."""
    seen = size + 1 - k % 2
    total = parameter_count([f"{k}x{k} conv, {F}"], (C, size, size))
    if not shared:
        total *= seen**2
    return total + parameter_count([f"fc, {classes}"], (F, seen // 2, seen // 2))


def conv_flops(C: int, H: int, W: int, F: int, k: int, stride: int = 1, padding: int = 0) -> int:
    """Count places, then what happens at each of them."""
    places = conv.conv_output_size(H, k, stride, padding) * conv.conv_output_size(W, k, stride, padding)
    return places * F * C * k**2


def receptive_field(layers: list[tuple[int, int]]) -> int:
    """From the image up: every layer sees k - 1 steps further, and a step is the product of the strides below."""
    field, step = 1, 1
    for k, stride in layers:
        field += (k - 1) * step
        step *= stride
    return field


def residual_block_forward(x: np.ndarray, params: ResidualParams) -> tuple[np.ndarray, ResidualCache]:
    """y = relu(conv2(relu(conv1(x))) + x)."""
    out, conv1 = conv.conv2d_forward(x, params.weight1, params.bias1, 1, 1)
    out, relu1 = linear.relu_forward(out)
    out, conv2 = conv.conv2d_forward(out, params.weight2, params.bias2, 1, 1)
    out, relu2 = linear.relu_forward(out + x)
    return out, ResidualCache(conv1, relu1, conv2, relu2)


def residual_block_backward(dy: np.ndarray, cache: ResidualCache) -> ResidualGrads:
    """The skip path adds what it was told."""
    skipped = linear.relu_backward(dy, cache.relu2)
    d, dweight2, dbias2 = conv.conv2d_backward(skipped, cache.conv2)
    d, dweight1, dbias1 = conv.conv2d_backward(linear.relu_backward(d, cache.relu1), cache.conv1)
    return ResidualGrads(d + skipped, dweight1, dbias1, dweight2, dbias2)


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


_END = object()  # of a block


def parameter_count(
    spec: list[str | list[str]],
    input_shape: tuple[int, int, int] = (3, 224, 224),
    bias: bool = True,
    batch_norm: bool = False,
) -> int:
    """Unroll the blocks into one queue of lines; a stack remembers the shapes at which blocks began."""
    extra = int(bias) + 2 * int(batch_norm)
    C, H, W = input_shape
    count, began, queue = 0, [], deque(spec)
    while queue:
        line = queue.popleft()
        if line is _END:
            before = began.pop()
            if before != (C, H, W):
                count += C * (before[0] + extra)
        elif isinstance(line, list | tuple):
            began.append((C, H, W))
            queue.extendleft([_END, *reversed(line)])
        else:
            kind, k, filters, stride = read_layer(line)
            if kind == "conv":
                count += filters * (C * k**2 + extra)
                C = filters
                H, W = (conv.conv_output_size(n, k, stride, (k - 1) // 2) for n in (H, W))
            elif kind == "pool":
                H, W = H // stride, W // stride
            elif kind == "avg pool":
                H = W = 1
            else:
                count += filters * (C * H * W + 1)
                C, H, W = filters, 1, 1
    return count
