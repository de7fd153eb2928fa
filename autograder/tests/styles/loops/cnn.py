"""Convolutional networks put together: a small one to train (A5), and what the large ones are made of (A6).

    image ──▶ convolution ──▶ ReLU ──▶ max-pooling ──▶ linear layer ──▶ one logit for each class        small_cnn
    x ──┬──▶ convolution ──▶ ReLU ──▶ convolution ──▶ + ──▶ ReLU ──▶ y                           residual_block
        └──────────────────── the skip path ──────────▲

Letters: N images, C channels, H x W pixels, F filters of k x k pixels, K classes. The small CNN keeps its weights in a
dict; gradients are a dict with the same keys. The layers are those of conv.py, linear.py and pool.py: call them by
their names, for a check may put others in their place.
Given: the records of given/caches.py; read_layer, which reads one line of an architecture.
"""

import re
from typing import NamedTuple

import numpy as np

from numnet.conv import conv2d_backward, conv2d_forward, conv_output_size
from numnet.given.caches import ResidualCache, ResidualGrads, ResidualParams, SmallCNNCache
from numnet.linear import linear_backward, linear_forward, relu_backward, relu_forward, softmax_cross_entropy
from numnet.pool import max_pool2d_backward, max_pool2d_forward

Arrays = dict[str, np.ndarray]


def _sides(size, kernel_size):
    """Return the side of a map of the small CNN, and that of the pooled map."""
    side = conv_output_size(size, kernel_size, 1, kernel_size // 2)
    return side, side // 2


def init_small_cnn(
    rng: np.random.Generator,
    filters: int = 8,
    kernel_size: int = 3,
    channels: int = 1,
    size: int = 8,
    classes: int = 10,
) -> Arrays:
    """Draw the weights of the small CNN for images of size x size pixels.

    conv.weight  (F, C, k, k)     normal, with mean 0 and standard deviation sqrt(2 / (C k k))
    conv.bias    (F,)             0
    fc.weight    (K, F h h)       normal, with mean 0 and standard deviation sqrt(2 / (F h h))
    fc.bias      (K,)             0

    where h is the side of a pooled map: the convolution pads with k // 2 zeros and has stride 1, and pooling halves
    what comes out, rounded down. Each standard deviation keeps the size of the numbers from layer to layer, whatever
    the number of inputs of a unit: half of the units are cut off by ReLU, which the 2 makes good (He and others, 2015).

    rng: asked for rng.normal, or for standard_normal, uniform or random, and for nothing else
    returns: a dict of these four arrays, by these names

    >>> {name: array.shape for name, array in init_small_cnn(np.random.default_rng(0), filters=2, size=6).items()}
    {'conv.weight': (2, 1, 3, 3), 'conv.bias': (2,), 'fc.weight': (10, 18), 'fc.bias': (10,)}

    The usual slip: weights that are all equal. Units that start alike stay alike. A good answer is 6 to 10 lines long.
    """
    _, h = _sides(size, kernel_size)
    inputs_conv = channels * kernel_size * kernel_size  # of one unit of the convolution
    inputs_fc = filters * h * h
    params = {}
    params["conv.weight"] = rng.normal(
        0.0, np.sqrt(2 / inputs_conv), size=(filters, channels, kernel_size, kernel_size)
    )
    params["conv.bias"] = np.zeros(filters)
    params["fc.weight"] = np.asfortranarray(rng.normal(0.0, np.sqrt(2 / inputs_fc), size=(classes, inputs_fc)))
    params["fc.bias"] = np.zeros(classes)
    return params


def small_cnn_forward(params: Arrays, x: np.ndarray) -> tuple[np.ndarray, SmallCNNCache]:
    """Look at images: convolution with stride 1 and padding k // 2, ReLU, max-pooling by 2, linear layer.

    x: (N, C, H, W), H and W need not be equal; the pooled maps (N, F, h, w) go into the linear layer as (N, F h w),
        in the order F, h, w, in which reshape reads them
    returns: logits (N, K), and the cache SmallCNNCache(conv, relu, pool, fc): the caches of the four layers

    >>> one = np.ones((1, 1, 1, 1))
    >>> params = {"conv.weight": 2 * one, "conv.bias": np.zeros(1), "fc.weight": one[0, 0], "fc.bias": np.zeros(1)}
    >>> small_cnn_forward(params, np.array([[[[1.0, 4.0], [-9.0, 3.0]]]]))[0]  # the largest of 2, 8, 0, 6
    array([[8.]])

    The usual slip: padding 1 for all kernels. It keeps the size for k = 3 alone. A good answer is 5 lines long.
    """
    weight = params["conv.weight"]
    maps, conv_cache = conv2d_forward(x, weight, params["conv.bias"], 1, weight.shape[2] // 2)
    rectified, relu_cache = relu_forward(maps)
    pooled, pool_cache = max_pool2d_forward(rectified, 2)
    # one long row of numbers for each image
    rows = np.zeros((pooled.shape[0], pooled[0].size))
    for n in range(pooled.shape[0]):
        rows[n] = pooled[n].ravel()
    logits, fc_cache = linear_forward(rows, params["fc.weight"], params["fc.bias"])
    return logits, SmallCNNCache(conv_cache, relu_cache, pool_cache, fc_cache)


def small_cnn_loss(params: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[float, Arrays]:
    """Compare the logits with the right classes, and send the surprise back through every layer.

    x: (N, C, H, W); y: (N,), the class of each image, an integer from 0 to K - 1
    returns: the mean softmax cross-entropy, and its gradients: a dict with the keys and shapes of params

    With weights of 0 all classes are equally likely. For K = 2 and two images of class 0 the loss is log 2, and fc.bias
    gets what softmax_cross_entropy says, added up over the images: (-0.5, 0.5).

    The usual slip: to take the layers in the order of the forward pass, or to leave one out: each layer that changed
    the numbers on the way forward changes their gradient on the way back. Call small_cnn_forward and the layers'
    backward passes by their names. A good answer is 7 lines long.
    """
    logits, cache = small_cnn_forward(params, x)
    loss, dlogits = softmax_cross_entropy(logits, y)
    # and back, the last layer first
    of_fc = linear_backward(dlogits, cache.fc)
    dpooled = of_fc.dx.reshape(cache.pool.argmax.shape)
    drectified = max_pool2d_backward(dpooled, cache.pool)
    dmaps = relu_backward(drectified, cache.relu)
    of_conv = conv2d_backward(dmaps, cache.conv)
    grads = {
        "conv.weight": of_conv.dweight,
        "conv.bias": of_conv.dbias,
        "fc.weight": of_fc.dW,
        "fc.bias": of_fc.db,
    }
    return loss, grads


def feature_maps(params: Arrays, x: np.ndarray) -> np.ndarray:
    """Show what each filter of the small CNN sees in each image: the maps after ReLU, before pooling.

    x: (N, C, H, W)
    returns: (N, F, H', W'), where H' and W' are H and W, one more if k is even

    >>> params = {"conv.weight": np.ones((1, 1, 1, 1)), "conv.bias": np.array([-2.0])}
    >>> feature_maps(params, np.array([[[[1.0, 4.0]]]]))
    array([[[[0., 2.]]]])

    The usual slip: the pooled maps, in which one no longer sees where. A good answer is 2 to 3 lines long.
    """
    weight = params["conv.weight"]
    maps, _ = conv2d_forward(x, weight, params["conv.bias"], 1, weight.shape[2] // 2)
    rectified, _ = relu_forward(maps)
    return rectified


def count_parameters(F: int, C: int, k: int, size: int, classes: int, shared: bool = True) -> int:
    """Count the numbers that the small CNN learns, for images of size x size pixels.

    A filter has C k k weights and a bias, which all places of the image share. If shared is False, every output pixel
    of the convolution has a kernel and a bias of its own instead. The linear layer is the same in both.

    >>> count_parameters(F=2, C=1, k=3, size=4, classes=2)  # 2 (9 + 1) + 2 (2 * 2 * 2 + 1)
    38
    >>> count_parameters(F=2, C=1, k=3, size=4, classes=2, shared=False)  # 16 pixels for one: 16 * 20 + 18
    338

    The usual slip: to forget the biases. A good answer is 4 to 5 lines long.
    """
    side, h = _sides(size, k)
    of_conv = F * (C * k * k + 1)
    if not shared:
        of_conv *= side * side  # a set of kernels for every output pixel
    of_fc = classes * (F * h * h + 1)
    return of_conv + of_fc


def conv_flops(C: int, H: int, W: int, F: int, k: int, stride: int = 1, padding: int = 0) -> int:
    """Count the multiply-adds of a convolution of one C x H x W image with F filters of k x k pixels.

    A multiplication and the addition after it are one; the bias is not counted.

    >>> conv_flops(C=1, H=3, W=4, F=2, k=2)  # 2 * 3 places, 2 filters, 4 pixels each
    48

    The usual slip: to count pixels of the input. It is those of the output that cost. A good answer is 3 lines long.
    """
    H_out = conv_output_size(H, k, stride, padding)
    W_out = conv_output_size(W, k, stride, padding)
    return H_out * W_out * F * C * k * k


def receptive_field(layers: list[tuple[int, int]]) -> int:
    """Say how many pixels of a line one output of a stack of convolutions and poolings sees.

    layers: (k, stride) of each, the one that reads the image first; without a layer it is the pixel itself: 1

    >>> receptive_field([(3, 1), (3, 1)])  # as much as a kernel of 5
    5
    >>> receptive_field([(2, 2), (3, 1)])  # three windows of 2, side by side
    6

    The usual slip: to add up the k - 1 as if all strides were 1. What stands above a layer of stride s takes steps that
    are s times as long. A good answer is 4 to 5 lines long.
    """
    # begin at the top, with the one output, and go down: every layer widens what is seen
    seen = 1
    for k, stride in reversed(layers):
        seen = (seen - 1) * stride + k
    return seen


def residual_block_forward(x: np.ndarray, params: ResidualParams) -> tuple[np.ndarray, ResidualCache]:
    """Add to x what two convolutions make of it: y = relu(conv2(relu(conv1(x))) + x).

    x: (N, C, H, W); params: kernels (C, C, 3, 3) and biases (C,); both convolutions have stride 1 and padding 1, so
        that the sum fits
    returns: y (N, C, H, W), and the cache ResidualCache(conv1, relu1, conv2, relu2): the caches of the four layers, in
        which relu2 has seen the sum

    With kernels and biases of 0 the block is a ReLU: y = relu(x).

    The usual slip: to add x after the second ReLU. A good answer is 5 lines long.
    """
    first, conv1_cache = conv2d_forward(x, params.weight1, params.bias1, 1, 1)
    rectified, relu1_cache = relu_forward(first)
    second, conv2_cache = conv2d_forward(rectified, params.weight2, params.bias2, 1, 1)
    y, relu2_cache = relu_forward(second + x)
    return y, ResidualCache(conv1_cache, relu1_cache, conv2_cache, relu2_cache)


def residual_block_backward(dy: np.ndarray, cache: ResidualCache) -> ResidualGrads:
    """Send dy back on both paths: through the convolutions, and past them.

    dy: (N, C, H, W)
    returns: ResidualGrads of dx (N, C, H, W), dweight1, dbias1, dweight2, dbias2

    With kernels of 0 nothing comes back through the convolutions, and dx is what the last ReLU lets through. That is
    why a hundred such blocks on top of each other can be trained.

    The usual slip: to forget that x went two ways, so that dx is the sum of what comes back from both.
    A good answer is 5 lines long.
    """
    dsum = relu_backward(dy, cache.relu2)  # goes both ways
    of_second = conv2d_backward(dsum, cache.conv2)
    dfirst = relu_backward(of_second.dx, cache.relu1)
    of_first = conv2d_backward(dfirst, cache.conv1)
    return ResidualGrads(of_first.dx + dsum, of_first.dweight, of_first.dbias, of_second.dweight, of_second.dbias)


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


def parameter_count(
    spec: list[str | list[str]],
    input_shape: tuple[int, int, int] = (3, 224, 224),
    bias: bool = True,
    batch_norm: bool = False,
) -> int:
    """Count the numbers that a network learns, given the lines of its architecture, first layer first.

    "3x3 conv, 64", "3x3 conv, 64, /2"   kernels of all channels, padding (k - 1) // 2, the stride after the slash
    "pool, /2"                           divides height and width, rounded down
    "avg pool"                           leaves one pixel of each channel
    "fc, 1000"                           reads all C H W numbers, and always has a bias
    [..., ...]                           a residual block. Where the shape that comes out of it is not that which goes
                                         in, the skip path has a 1 x 1 convolution that makes it so, counted as well

    input_shape: (C, H, W) of an image
    bias: whether the convolutions have one; batch_norm: whether each of them is followed by two more numbers per filter
    returns: an int

    >>> parameter_count(["3x3 conv, 2", "pool, /2", "fc, 5"], (1, 4, 7))  # 2 * 10, then 5 (2 * 2 * 3 + 1)
    85
    >>> parameter_count([["3x3 conv, 4"]], (1, 8, 8))  # 4 * 10, and 4 * 2 on the skip path
    48

    The usual slip: an fc layer that reads the height and the width of the image instead of what is left of them.
    A good answer is 15 to 20 lines long: follow the shape from layer to layer. A block is a list like the whole, so a
    function inside that returns the count and the shape may call itself.
    """

    def of_convolution(k, before, filters):
        """Return the numbers of one convolution."""
        numbers = filters * before * k * k
        if bias:
            numbers += filters
        if batch_norm:
            numbers += 2 * filters
        return numbers

    def follow(lines, shape):
        """Return the numbers of some lines, and the shape that comes out of them."""
        count = 0
        for line in lines:
            C, H, W = shape
            if isinstance(line, list):
                inside, after = follow(line, shape)
                count += inside
                if after != shape:
                    count += of_convolution(1, C, after[0])  # the skip path
                shape = after
                continue
            layer = read_layer(line)
            if layer.kind == "conv":
                k, stride = layer.kernel_size, layer.stride
                count += of_convolution(k, C, layer.filters)
                padding = (k - 1) // 2
                sides = conv_output_size(H, k, stride, padding), conv_output_size(W, k, stride, padding)
                shape = (layer.filters, *sides)
            elif layer.kind == "pool":
                shape = (C, H // layer.stride, W // layer.stride)
            elif layer.kind == "avg pool":
                shape = (C, 1, 1)
            else:
                count += layer.filters * (C * H * W + 1)
                shape = (layer.filters, 1, 1)
        return count, shape

    return follow(spec, tuple(input_shape))[0]
