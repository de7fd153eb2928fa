"""cnn.py, beside networks put together from torch.nn: their numbers, their gradients, their sizes and their work.

The architectures are written twice: as the lecture lists them, for us, and from torch.nn's modules by hand.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, gradient, gradients, leaves, send_back, tensors, values
from numnet import cnn
from numnet.given.caches import ResidualGrads, ResidualParams


def _small_cnn(params: dict[str, torch.Tensor], x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return torch's feature maps and logits."""
    kernel = params["conv.weight"]
    maps = torch.relu(F.conv2d(x, kernel, params["conv.bias"], padding=kernel.shape[2] // 2))
    return maps, F.linear(F.max_pool2d(maps, 2).flatten(1), params["fc.weight"], params["fc.bias"])


def _draw(rng: np.random.Generator):
    """Yield weights, images of 5 x 7 pixels, and classes, for kernels of 1 to 5."""
    for k in (1, 2, 3, 5):
        c, f, classes = rng.integers(1, 4, size=3).tolist()
        x, y = rng.normal(size=(3, c, 5, 7)), rng.integers(classes, size=3)
        maps = F.conv2d(torch.from_numpy(x), torch.zeros(f, c, k, k), padding=k // 2)
        pooled = F.max_pool2d(maps, 2)[0].numel()
        shapes = {"conv.weight": (f, c, k, k), "conv.bias": (f,), "fc.weight": (classes, pooled), "fc.bias": (classes,)}
        yield {name: rng.normal(size=shape) for name, shape in shapes.items()}, x, y


@covers("cnn.small_cnn_forward", "cnn.small_cnn_loss", "cnn.feature_maps", by="torch.nn.functional")
def test_small_cnn(rng):
    """Feature maps, logits, the loss, and the gradient of every weight."""
    for params, x, y in _draw(rng):
        theirs = tensors(params)
        their_maps, their_logits = _small_cnn(theirs, torch.from_numpy(x))
        their_loss = F.cross_entropy(their_logits, torch.from_numpy(y))
        their_loss.backward()

        agree(cnn.feature_maps(params, x), values(their_maps), "feature maps")
        agree(cnn.small_cnn_forward(params, x)[0], values(their_logits), "logits")
        loss, grads = cnn.small_cnn_loss(params, x, y)
        agree(loss, their_loss.item(), "loss")
        agree(grads, {name: gradient(tensor) for name, tensor in theirs.items()}, "gradients")


@covers("cnn.residual_block_forward", "cnn.residual_block_backward", by="torch.nn.functional")
def test_residual_block(rng):
    """Both paths, forward and back."""
    for n, c, h, w in [(1, 1, 1, 1), (2, 3, 5, 4), (3, 2, 4, 7)]:
        shapes = (c, c, 3, 3), (c,), (c, c, 3, 3), (c,)
        x, dy = rng.normal(size=(2, n, c, h, w))
        params = ResidualParams(*(rng.normal(size=shape) for shape in shapes))
        theirs = leaves(x, *params)
        their_x, weight1, bias1, weight2, bias2 = theirs
        inner = torch.relu(F.conv2d(their_x, weight1, bias1, padding=1))
        their_y = torch.relu(F.conv2d(inner, weight2, bias2, padding=1) + their_x)
        send_back((their_y, dy))

        y, cache = cnn.residual_block_forward(x, params)

        agree(y, values(their_y), "y")
        agree(cnn.residual_block_backward(dy, cache), ResidualGrads(*gradients(*theirs)), "gradients")


def _size(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@covers("cnn.count_parameters", by="torch.nn.Conv2d and torch.nn.Linear")
def test_parameters_of_the_small_cnn(rng):
    """With shared kernels; and without, where each output pixel is a linear layer of its window."""
    for f, c, k, size, classes in rng.integers(1, 6, size=(8, 5)).tolist():
        size += k + 1
        layer = nn.Conv2d(c, f, k, padding=k // 2)
        maps = layer(torch.zeros(1, c, size, size))
        head = nn.Linear(F.max_pool2d(maps, 2)[0].numel(), classes)
        pixel = nn.Linear(c * k * k, 1)

        assert cnn.count_parameters(f, c, k, size, classes) == _size(layer) + _size(head)
        unshared = maps[0].numel() * _size(pixel) + _size(head)
        assert cnn.count_parameters(f, c, k, size, classes, shared=False) == unshared


@covers("cnn.conv_flops", by="torch.utils.flop_counter")
def test_multiply_adds_of_a_convolution(rng):
    """torch counts a multiplication and an addition as two."""
    for c, f, k, stride in rng.integers(1, 5, size=(8, 4)).tolist():
        for padding in (0, 2):
            layer = nn.Conv2d(c, f, k, stride, padding, device="meta")
            with FlopCounterMode(display=False) as counter:
                layer(torch.empty(1, c, 8, 11, device="meta"))

            assert cnn.conv_flops(c, 8, 11, f, k, stride, padding) == counter.get_total_flops() // 2


@covers("cnn.receptive_field", by="torch's autograd")
def test_receptive_field(rng):
    """From the first to the last pixel that has a gradient, when one output is asked."""
    for depth in (0, 1, 2, 3):
        for _ in range(4):
            layers = [(int(k), int(stride)) for k, stride in rng.integers(1, 4, size=(depth, 2))]
            line = torch.zeros(1, 1, 200, requires_grad=True)
            out = line * 1.0
            for k, stride in layers:
                out = F.conv1d(out, torch.ones(1, 1, k), stride=stride)
            out[0, 0, 1].backward()
            seen = torch.nonzero(line.grad[0, 0])

            assert cnn.receptive_field(layers) == int(seen.max() - seen.min()) + 1


def _vgg19() -> nn.Module:
    """The network of Simonyan and Zisserman with 19 layers of weights, by hand."""
    channels, layers = 3, []
    for filters, repeated in ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4)):
        for _ in range(repeated):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
            channels = filters
        layers.append(nn.MaxPool2d(2))
    heads = [nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000)]
    return nn.Sequential(*layers, nn.Flatten(), *heads)


class Bottleneck(nn.Module):
    """A residual block of He and others: 1 x 1, 3 x 3, 1 x 1, and a projection where the shape changes."""

    def __init__(self, channels: int, width: int, stride: int, batch_norm: bool) -> None:
        """Make the layers."""
        super().__init__()

        def conv(*args: int, **named: int) -> nn.Module:
            layer = nn.Conv2d(*args, **named, bias=False)
            return nn.Sequential(layer, nn.BatchNorm2d(args[1])) if batch_norm else layer

        middle = conv(width, width, 3, stride=stride, padding=1)
        self.path = nn.Sequential(conv(channels, width, 1), nn.ReLU(), middle, nn.ReLU(), conv(width, 4 * width, 1))
        same = stride == 1 and channels == 4 * width
        self.skip = nn.Identity() if same else conv(channels, 4 * width, 1, stride=stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add both paths."""
        return torch.relu(self.path(x) + self.skip(x))


def _resnet152(batch_norm: bool) -> nn.Module:
    first = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
    layers = [first, *([nn.BatchNorm2d(64)] if batch_norm else []), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1)]
    channels = 64
    for width, repeated, stride in ((64, 3, 1), (128, 8, 2), (256, 36, 2), (512, 3, 2)):
        for place in range(repeated):
            layers.append(Bottleneck(channels, width, stride if place == 0 else 1, batch_norm))
            channels = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


def _lines_of_resnet152() -> list:
    lines = ["7x7 conv, 64, /2", "pool, /2"]
    for width, repeated, stride in ((64, 3, 1), (128, 8, 2), (256, 36, 2), (512, 3, 2)):
        for place in range(repeated):
            middle = f"3x3 conv, {width}, /{stride}" if place == 0 and stride > 1 else f"3x3 conv, {width}"
            lines.append([f"1x1 conv, {width}", middle, f"1x1 conv, {4 * width}"])
    return [*lines, "avg pool", "fc, 1000"]


@covers("cnn.parameter_count", by="torch.nn: VGG-19 and ResNet-152 by hand")
def test_parameters_of_the_lecture_s_networks():
    """143,667,240 and 60,041,384 weights, and with batch normalisation 60,192,808; torch can run what it counts."""
    vgg19 = [
        *["3x3 conv, 64"] * 2, "pool, /2", *["3x3 conv, 128"] * 2, "pool, /2", *["3x3 conv, 256"] * 4, "pool, /2",
        *["3x3 conv, 512"] * 4, "pool, /2", *["3x3 conv, 512"] * 4, "pool, /2", "fc, 4096", "fc, 4096", "fc, 1000",
    ]  # fmt: skip
    with torch.device("meta"):
        theirs = _vgg19(), _resnet152(batch_norm=False), _resnet152(batch_norm=True)
        assert [tuple(net(torch.empty(2, 3, 224, 224)).shape) for net in theirs] == [(2, 1000)] * 3
    lines = _lines_of_resnet152()
    ours = (
        cnn.parameter_count(vgg19),
        cnn.parameter_count(lines, bias=False),
        cnn.parameter_count(lines, bias=False, batch_norm=True),
    )

    assert ours == tuple(_size(net) for net in theirs) == (143_667_240, 60_041_384, 60_192_808)


@covers("cnn.parameter_count", by="torch.nn.LazyLinear")
def test_parameters_of_random_networks(rng):
    """Convolutions, pooling and a linear layer that reads what is left, on images that are not square."""
    for _ in range(10):
        c, h, w = int(rng.integers(1, 4)), *rng.integers(20, 40, size=2).tolist()
        lines, layers, channels = [], [], c
        for k, f, stride in zip(rng.choice([1, 3, 5], 3), *rng.integers(1, 4, size=(2, 3)), strict=True):
            lines += [f"{k}x{k} conv, {f}, /{stride}", "pool, /2"]
            layers += [
                nn.Conv2d(channels, int(f), int(k), int(stride), int(k - 1) // 2),
                nn.MaxPool2d(2, ceil_mode=False),
            ]
            channels = int(f)
            if min(nn.Sequential(*layers)(torch.zeros(1, c, h, w)).shape[2:]) < 3:
                break
        net = nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(5))
        net(torch.zeros(1, c, h, w))

        assert cnn.parameter_count([*lines, "fc, 5"], (c, h, w)) == _size(net)
