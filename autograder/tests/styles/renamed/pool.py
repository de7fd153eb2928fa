"""The champion of every window."""

from dataclasses import dataclass

import numpy as np

from numnet.conv import conv_output_size as how_often
from numnet.given.caches import MaxPool2dCache
from numnet.toolbox import Real, Whole


def _pair(size: int | tuple[int, int]) -> tuple[int, int]:
    """Return a size for the rows and one for the columns, given both or one for either."""
    height, width = (size, size) if np.ndim(size) == 0 else size
    return height, width


@dataclass
class Tournament:
    """Who leads in every window so far, and where they live."""

    leader: Real | None = None
    home: Whole | None = None

    def challenge(self, challenger: Real, address: Whole) -> None:
        """Let one pixel of every window play; who came first keeps the lead if they are equal."""
        if self.leader is None:
            self.leader, self.home = challenger.copy(), np.broadcast_to(address, challenger.shape).copy()
            return
        stronger = challenger > self.leader
        np.copyto(self.leader, challenger, where=stronger)
        np.copyto(self.home, np.broadcast_to(address, challenger.shape), where=stronger)


def max_pool2d_forward(
    x: Real, kernel_size: int | tuple[int, int], stride: int | tuple[int, int] | None = None
) -> tuple[Real, MaxPool2dCache]:
    """Play all tournaments at once, in reading order."""
    tall, wide = _pair(kernel_size)
    hop_down, hop_across = (tall, wide) if stride is None else _pair(stride)
    height, width = x.shape[-2:]
    down, across = how_often(height, tall, hop_down, 0), how_often(width, wide, hop_across, 0)
    addresses = np.arange(height * width, dtype=np.int64).reshape(height, width)
    tournament = Tournament()
    for top in range(tall):
        for left in range(wide):
            players = (
                ...,
                slice(top, top + hop_down * (down - 1) + 1, hop_down),
                slice(left, left + hop_across * (across - 1) + 1, hop_across),
            )
            tournament.challenge(x[players], addresses[players])
    return tournament.leader, MaxPool2dCache(x.shape, tournament.home)


def max_pool2d_backward(dy: Real, cache: MaxPool2dCache) -> Real:
    """Send every prize home."""
    people, channels, height, width = cache.x_shape
    street = np.zeros((people, channels, height * width))
    person, channel = np.ogrid[:people, :channels]
    np.add.at(
        street,
        (person[..., None], channel[..., None], cache.argmax.reshape(people, channels, -1)),
        dy.reshape(people, channels, -1),
    )
    return street.reshape(cache.x_shape)
