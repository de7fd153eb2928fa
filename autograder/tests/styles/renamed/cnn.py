"""Small nets that look at pictures; the layers go by names of mine."""

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from numnet.conv import conv2d_backward as unstamp
from numnet.conv import conv2d_forward as stamp
from numnet.conv import conv_output_size as how_often
from numnet.given.caches import ResidualCache, ResidualGrads, ResidualParams, SmallCNNCache
from numnet.linear import linear_backward as unweigh
from numnet.linear import linear_forward as weigh
from numnet.linear import relu_backward as unhinge
from numnet.linear import relu_forward as hinge
from numnet.linear import softmax_cross_entropy as surprise
from numnet.pool import max_pool2d_backward as send_home
from numnet.pool import max_pool2d_forward as champions
from numnet.toolbox import Bag, Real, Whole


@dataclass(frozen=True)
class Blueprint:
    """The sizes of the small net."""

    stamps: int
    channels: int
    side: int
    picture: int
    classes: int

    @property
    def map_side(self) -> int:
        """The side of what the stamps make."""
        return how_often(self.picture, self.side, 1, self.side // 2)

    @property
    def features(self) -> int:
        """How many numbers the readout reads."""
        return self.stamps * (self.map_side // 2) ** 2

    def numbers(self, shared: bool) -> int:
        """How many numbers it learns."""
        stampers = self.stamps if shared else self.stamps * self.map_side**2
        return stampers * (self.channels * self.side**2 + 1) + self.classes * (self.features + 1)


def init_small_cnn(
    rng: np.random.Generator,
    filters: int = 8,
    kernel_size: int = 3,
    channels: int = 1,
    size: int = 8,
    classes: int = 10,
) -> Bag:
    """Draw it."""
    plan = Blueprint(filters, channels, kernel_size, size, classes)
    pixels = channels * kernel_size * kernel_size
    stamps = rng.normal(0.0, (2 / pixels) ** 0.5, (filters, channels, kernel_size, kernel_size))
    readout = rng.normal(0.0, (2 / plan.features) ** 0.5, (classes, plan.features))
    return {
        "conv.weight": stamps,
        "conv.bias": np.zeros(filters),
        "fc.weight": readout,
        "fc.bias": np.zeros(classes),
    }


def small_cnn_forward(params: Bag, x: Real) -> tuple[Real, SmallCNNCache]:
    """Stamp, hinge, champions, weigh."""
    frame = params["conv.weight"].shape[3] // 2
    impression, after_stamp = stamp(x, params["conv.weight"], params["conv.bias"], padding=frame)
    positive, after_hinge = hinge(impression)
    winners, after_pool = champions(positive, (2, 2))
    votes, after_readout = weigh(winners.reshape(len(x), -1), params["fc.weight"], params["fc.bias"])
    return votes, SmallCNNCache(after_stamp, after_hinge, after_pool, after_readout)


def small_cnn_loss(params: Bag, x: Real, y: Whole) -> tuple[float, Bag]:
    """All the way there and back."""
    votes, memory = small_cnn_forward(params, x)
    how_much, blame = surprise(votes, y)
    readout = unweigh(blame, memory.fc)
    blame = send_home(readout.dx.reshape(memory.pool.argmax.shape), memory.pool)
    stamps = unstamp(unhinge(blame, memory.relu), memory.conv)
    found = (stamps.dweight, stamps.dbias, readout.dW, readout.db)
    return how_much, dict(zip(("conv.weight", "conv.bias", "fc.weight", "fc.bias"), found, strict=True))


def feature_maps(params: Bag, x: Real) -> Real:
    """What the stamps see."""
    stamps = params["conv.weight"]
    impression, _ = stamp(x, stamps, params["conv.bias"], padding=stamps.shape[3] // 2)
    positive, _ = hinge(impression)
    return positive


def count_parameters(F: int, C: int, k: int, size: int, classes: int, shared: bool = True) -> int:
    """Ask the blueprint."""
    return Blueprint(F, C, k, size, classes).numbers(shared)


def conv_flops(C: int, H: int, W: int, F: int, k: int, stride: int = 1, padding: int = 0) -> int:
    """Places times pixels times stamps."""
    down, across = how_often(H, k, stride, padding), how_often(W, k, stride, padding)
    return down * across * (C * k * k) * F


def receptive_field(layers: list[tuple[int, int]]) -> int:
    """Widen a view of one pixel, from the top layer down."""
    view = 1
    for length, hop in layers[::-1]:
        view = length + hop * (view - 1)
    return view


def residual_block_forward(x: Real, params: ResidualParams) -> tuple[Real, ResidualCache]:
    """There are two ways from x to the sum."""
    detour, memory_a = stamp(x, params.weight1, params.bias1, padding=1)
    detour, memory_b = hinge(detour)
    detour, memory_c = stamp(detour, params.weight2, params.bias2, padding=1)
    out, memory_d = hinge(detour + x)
    return out, ResidualCache(memory_a, memory_b, memory_c, memory_d)


def residual_block_backward(dy: Real, cache: ResidualCache) -> ResidualGrads:
    """And two ways back."""
    at_the_sum = unhinge(dy, cache.relu2)
    upper = unstamp(at_the_sum, cache.conv2)
    lower = unstamp(unhinge(upper.dx, cache.relu1), cache.conv1)
    return ResidualGrads(at_the_sum + lower.dx, lower.dweight, lower.dbias, upper.dweight, upper.dbias)


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


@dataclass
class Surveyor:
    """Walks through an architecture with the shape of what is there, and counts."""

    depth: int
    height: int
    width: int
    shift: bool
    norm: bool
    counted: int = 0

    @property
    def shape(self) -> tuple[int, int, int]:
        """What is there now."""
        return self.depth, self.height, self.width

    def stamps(self, amount: int, pixels: int) -> None:
        """Count so many stamps that see so many pixels of every channel."""
        self.counted += amount * (self.depth * pixels + self.shift + 2 * self.norm)

    def walk(self, lines: list[str | list[str]]) -> None:
        """Visit all lines."""
        for line in lines:
            self.visit_block(line) if isinstance(line, list | tuple) else self.visit(read_layer(line))

    def visit_block(self, lines: list[str]) -> None:
        """Visit the lines of a block, then its skip path."""
        before = self.shape
        self.walk(lines)
        if self.shape != before:
            after, self.depth = self.depth, before[0]
            self.stamps(after, 1)
            self.depth = after

    def visit(self, layer: Layer) -> None:
        """Visit one layer."""
        match layer.kind:
            case "conv":
                self.stamps(layer.filters, layer.kernel_size**2)
                frame = (layer.kernel_size - 1) // 2
                self.depth = layer.filters
                self.height = how_often(self.height, layer.kernel_size, layer.stride, frame)
                self.width = how_often(self.width, layer.kernel_size, layer.stride, frame)
            case "pool":
                self.height //= layer.stride
                self.width //= layer.stride
            case "avg pool":
                self.height = self.width = 1
            case "fc":
                self.counted += layer.filters * (1 + self.depth * self.height * self.width)
                self.depth, self.height, self.width = layer.filters, 1, 1


def parameter_count(
    spec: list[str | list[str]],
    input_shape: tuple[int, int, int] = (3, 224, 224),
    bias: bool = True,
    batch_norm: bool = False,
) -> int:
    """Send a surveyor."""
    surveyor = Surveyor(*input_shape, bias, batch_norm)
    surveyor.walk(spec)
    return surveyor.counted
