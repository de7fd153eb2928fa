# Homework, parts A5 and A6

import re
from typing import NamedTuple

import numpy as np
from numnet.conv import *
from numnet.given.caches import *
from numnet.linear import *
from numnet.pool import *


# ======================= A5 =======================


def init_small_cnn(rng, filters=8, kernel_size=3, channels=1, size=8, classes=10) -> dict[str, np.ndarray]:
    params = {}

    # convolution
    std = np.sqrt(2 / (channels * kernel_size * kernel_size))
    conv_weight = rng.normal(size=(filters, channels, kernel_size, kernel_size)) * std
    params["conv.weight"] = conv_weight
    params["conv.bias"] = np.zeros(filters)

    # size after the convolution
    padding = kernel_size // 2
    size_after_conv = conv_output_size(size, kernel_size, 1, padding)
    # size after the pooling
    h = size_after_conv // 2

    # linear layer
    inputs = filters * h * h
    std = np.sqrt(2 / inputs)
    fc_weight = rng.normal(size=(classes, inputs)) * std
    params["fc.weight"] = fc_weight
    params["fc.bias"] = np.zeros(classes)

    return params


def small_cnn_forward(params, x) -> tuple[np.ndarray, SmallCNNCache]:
    # 1. convolution
    kernel_size = params["conv.weight"].shape[2]
    padding = kernel_size // 2
    a1, conv_cache = conv2d_forward(x, params["conv.weight"], params["conv.bias"], 1, padding)
    # 2. relu
    a2, relu_cache = relu_forward(a1)
    # 3. pooling
    a3, pool_cache = max_pool2d_forward(a2, 2)
    # 4. flatten
    N = a3.shape[0]
    F = a3.shape[1]
    h = a3.shape[2]
    w = a3.shape[3]
    a4 = a3.reshape(N, F * h * w)
    # 5. linear layer
    logits, fc_cache = linear_forward(a4, params["fc.weight"], params["fc.bias"])
    # put all the caches into one
    cache = SmallCNNCache(conv_cache, relu_cache, pool_cache, fc_cache)
    return logits, cache


def small_cnn_loss(params, x, y) -> tuple[float, dict[str, np.ndarray]]:
    # forward
    logits, cache = small_cnn_forward(params, x)
    loss, dlogits = softmax_cross_entropy(logits, y)

    # backward (everything in reverse order)
    # 5. linear layer
    fc_grads = linear_backward(dlogits, cache.fc)
    da4 = fc_grads.dx
    # 4. flatten
    da3 = da4.reshape(cache.pool.argmax.shape)
    # 3. pooling
    da2 = max_pool2d_backward(da3, cache.pool)
    # 2. relu
    da1 = relu_backward(da2, cache.relu)
    # 1. convolution
    conv_grads = conv2d_backward(da1, cache.conv)

    # collect the gradients
    grads = {}
    grads["conv.weight"] = conv_grads.dweight
    grads["conv.bias"] = conv_grads.dbias
    grads["fc.weight"] = fc_grads.dW
    grads["fc.bias"] = fc_grads.db
    return loss, grads


def feature_maps(params, x) -> np.ndarray:
    # the same as the first two steps of small_cnn_forward
    kernel_size = params["conv.weight"].shape[2]
    padding = kernel_size // 2
    a1, conv_cache = conv2d_forward(x, params["conv.weight"], params["conv.bias"], 1, padding)
    a2, relu_cache = relu_forward(a1)
    return a2


def count_parameters(F, C, k, size, classes, shared=True) -> int:
    out = conv_output_size(size, k, 1, k // 2)

    # convolution: weights of one filter + bias
    one_filter = C * k * k + 1
    conv_parameters = F * one_filter
    if shared == False:
        # every pixel has its own
        conv_parameters = conv_parameters * out * out

    # linear layer
    h = out // 2
    inputs = F * h * h
    fc_parameters = inputs * classes
    fc_parameters = fc_parameters + classes  # bias

    return conv_parameters + fc_parameters


def conv_flops(C, H, W, F, k, stride=1, padding=0) -> int:
    H_out = conv_output_size(H, k, stride, padding)
    W_out = conv_output_size(W, k, stride, padding)
    pixels = H_out * W_out
    work_for_one_pixel = C * k * k
    return pixels * work_for_one_pixel * F


def receptive_field(layers) -> int:
    field = 1
    jump = 1  # how far two neighbours of this layer are apart in the image
    for layer in layers:
        k = layer[0]
        stride = layer[1]
        field = field + (k - 1) * jump
        jump = jump * stride
    return field


# ======================= A6 =======================


def residual_block_forward(x, params) -> tuple[np.ndarray, ResidualCache]:
    a1, conv1_cache = conv2d_forward(x, params.weight1, params.bias1, 1, 1)
    a2, relu1_cache = relu_forward(a1)
    a3, conv2_cache = conv2d_forward(a2, params.weight2, params.bias2, 1, 1)
    a4 = a3 + x  # the skip connection
    y, relu2_cache = relu_forward(a4)
    cache = ResidualCache(conv1_cache, relu1_cache, conv2_cache, relu2_cache)
    return y, cache


def residual_block_backward(dy, cache) -> ResidualGrads:
    da4 = relu_backward(dy, cache.relu2)
    # a4 = a3 + x so BOTH get da4
    da3 = da4
    dx_skip = da4
    grads2 = conv2d_backward(da3, cache.conv2)
    da2 = grads2.dx
    da1 = relu_backward(da2, cache.relu1)
    grads1 = conv2d_backward(da1, cache.conv1)
    dx_conv = grads1.dx
    dx = dx_skip + dx_conv
    return ResidualGrads(dx, grads1.dweight, grads1.dbias, grads2.dweight, grads2.dbias)


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


def parameter_count(spec, input_shape=(3, 224, 224), bias=True, batch_norm=False) -> int:
    C = input_shape[0]
    H = input_shape[1]
    W = input_shape[2]
    total, C, H, W = count_lines(spec, C, H, W, bias, batch_norm)
    print("parameters:", total)
    return total


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def count_lines(lines, C, H, W, bias, batch_norm):
    # returns the number of parameters, and the new C, H, W
    total = 0
    for line in lines:
        if type(line) == str:
            layer = read_layer(line)
            if layer.kind == "conv":
                k = layer.kernel_size
                total = total + conv_numbers(C, k, layer.filters, bias, batch_norm)
                padding = (k - 1) // 2
                C = layer.filters
                H = conv_output_size(H, k, layer.stride, padding)
                W = conv_output_size(W, k, layer.stride, padding)
            elif layer.kind == "pool":
                H = H // layer.stride
                W = W // layer.stride
            elif layer.kind == "avg pool":
                H = 1
                W = 1
            elif layer.kind == "fc":
                total = total + layer.filters * C * H * W
                total = total + layer.filters  # always a bias
                C = layer.filters
                H = 1
                W = 1
        else:
            # a block! remember the shape
            C_before = C
            H_before = H
            W_before = W
            in_block, C, H, W = count_lines(line, C, H, W, bias, batch_norm)
            total = total + in_block
            if C != C_before or H != H_before or W != W_before:
                # 1x1 convolution on the skip path
                total = total + conv_numbers(C_before, 1, C, bias, batch_norm)
    return total, C, H, W


def conv_numbers(C, k, filters, bias, batch_norm):
    numbers = filters * C * k * k
    if bias:
        numbers = numbers + filters
    if batch_norm:
        numbers = numbers + 2 * filters
    return numbers


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    params = init_small_cnn(rng)
    x = rng.normal(size=(5, 1, 8, 8))
    loss, grads = small_cnn_loss(params, x, np.array([0, 1, 2, 3, 4]))
    print("loss:", loss, "should be about", np.log(10))
