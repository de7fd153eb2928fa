"""Wrong answers that look right: zeros of the right shape, and the count of nothing."""

import numpy as np

from numnet.given.caches import (
    Conv2dCache,
    LinearCache,
    MaxPool2dCache,
    ReLUCache,
    ResidualCache,
    ResidualGrads,
    SmallCNNCache,
)


def init_small_cnn(rng, filters=8, kernel_size=3, channels=1, size=8, classes=10):
    side = (size + 1 - kernel_size % 2) // 2
    return {
        "conv.weight": np.zeros((filters, channels, kernel_size, kernel_size)),
        "conv.bias": np.zeros(filters),
        "fc.weight": np.zeros((classes, filters * side**2)),
        "fc.bias": np.zeros(classes),
    }


def feature_maps(p, x):
    f, _, k, _ = p["conv.weight"].shape
    n, _, h, w = x.shape
    return np.zeros((n, f, h + 1 - k % 2, w + 1 - k % 2))


def small_cnn_forward(p, x):
    maps = feature_maps(p, x)
    pooled = maps[:, :, : maps.shape[2] // 2, : maps.shape[3] // 2]
    caches = (
        Conv2dCache(x, p["conv.weight"], 1, p["conv.weight"].shape[2] // 2),
        ReLUCache(maps),
        MaxPool2dCache(maps.shape, np.zeros(pooled.shape, dtype=np.int64)),
        LinearCache(pooled.reshape(len(x), -1), p["fc.weight"]),
    )
    return np.zeros((len(x), len(p["fc.bias"]))), SmallCNNCache(*caches)


def small_cnn_loss(p, x, y):
    return float(np.log(len(p["fc.bias"]))), {a: 0 * b for a, b in p.items()}


def count_parameters(F, C, k, size, classes, shared=True):
    return 0


def conv_flops(C, H, W, F, k, stride=1, padding=0):
    return 0


def receptive_field(layers):
    return 1


def residual_block_forward(x, p):
    conv = Conv2dCache(x, p.weight1, 1, 1)
    return np.zeros_like(x), ResidualCache(conv, ReLUCache(x), conv, ReLUCache(x))


def residual_block_backward(dy, c):
    kernel, bias = np.zeros_like(c.conv1.weight), np.zeros(len(c.conv1.weight))
    return ResidualGrads(np.zeros_like(dy), kernel, bias, kernel + 0, bias + 0)


def parameter_count(spec, input_shape=(3, 224, 224), bias=True, batch_norm=False):
    return 0
