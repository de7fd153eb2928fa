"""Sliding stamps over pictures, by way of a table with a row for every place."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numnet.given.caches import Conv2dCache, Conv2dGrads
from numnet.toolbox import Real


def conv_output_size(n: int, k: int, stride: int, padding: int) -> int:
    """Say how often a stamp fits."""
    room = n + padding + padding
    if room < k:
        raise ValueError(f"a stamp of {k} is longer than {room}")
    return 1 + (room - k) // stride


@dataclass(frozen=True)
class Geometry:
    """Where a stamp goes on a picture."""

    picture: tuple[int, int]
    stamp: tuple[int, int]
    hop: int
    frame: int

    @property
    def places(self) -> tuple[int, int]:
        """How many places there are, down and across."""
        down, across = (
            conv_output_size(side, length, self.hop, self.frame)
            for side, length in zip(self.picture, self.stamp, strict=True)
        )
        return down, across

    @property
    def framed(self) -> tuple[int, int]:
        """The size of the picture in its frame."""
        return self.picture[0] + 2 * self.frame, self.picture[1] + 2 * self.frame

    def offsets(self) -> Iterator[tuple[int, int, tuple[slice, slice]]]:
        """Yield every pixel of the stamp, and the pixels of the framed picture that it meets."""
        down, across = self.places
        for top in range(self.stamp[0]):
            for left in range(self.stamp[1]):
                yield (
                    top,
                    left,
                    (
                        slice(top, top + (down - 1) * self.hop + 1, self.hop),
                        slice(left, left + (across - 1) * self.hop + 1, self.hop),
                    ),
                )

    def put_in_frame(self, pictures: Real) -> Real:
        """Return pictures with a frame of zeros."""
        canvas = np.zeros((*pictures.shape[:2], *self.framed))
        self.take_out(canvas)[...] = pictures
        return canvas

    def take_out(self, canvas: Real) -> Real:
        """Return the view of the picture inside its frame."""
        return canvas[:, :, self.frame :, self.frame :][:, :, : self.picture[0], : self.picture[1]]

    def table(self, pictures: Real) -> Real:
        """(N places, C kh kw): what the stamp sees at every place."""
        canvas = self.put_in_frame(pictures)
        seen = np.empty((*pictures.shape[:2], *self.stamp, *self.places))
        for top, left, meeting in self.offsets():
            seen[:, :, top, left] = canvas[(slice(None), slice(None), *meeting)]
        return seen.transpose(0, 4, 5, 1, 2, 3).reshape(-1, pictures.shape[1] * self.stamp[0] * self.stamp[1])

    def untable(self, table: Real, people: int, channels: int) -> Real:
        """Add every row of a table to the pixels that it came from."""
        rows = table.reshape(people, *self.places, channels, *self.stamp).transpose(0, 3, 4, 5, 1, 2)
        canvas = np.zeros((people, channels, *self.framed))
        for top, left, meeting in self.offsets():
            canvas[(slice(None), slice(None), *meeting)] += rows[:, :, top, left]
        return np.ascontiguousarray(self.take_out(canvas))


def _geometry(pictures, stamps, hop, frame):
    return Geometry(pictures.shape[2:], stamps.shape[2:], hop, frame)


def conv2d_forward(x: Real, weight: Real, bias: Real, stride: int = 1, padding: int = 0) -> tuple[Real, Conv2dCache]:
    """Multiply the table by the stamps."""
    plan = _geometry(x, weight, stride, padding)
    impressions = plan.table(x) @ weight.reshape(len(weight), -1).T + bias
    upright = impressions.reshape(len(x), *plan.places, len(weight)).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(upright), Conv2dCache(x, weight, stride, padding)


def conv2d_backward(dy: Real, cache: Conv2dCache) -> Conv2dGrads:
    """Multiply the blame by the stamps, and by the table."""
    pictures, stamps, hop, frame = cache
    plan = _geometry(pictures, stamps, hop, frame)
    blame = dy.transpose(0, 2, 3, 1).reshape(-1, len(stamps))
    of_pictures = plan.untable(blame @ stamps.reshape(len(stamps), -1), *pictures.shape[:2])
    of_stamps = (blame.T @ plan.table(pictures)).reshape(stamps.shape)
    return Conv2dGrads(of_pictures, of_stamps, blame.sum(axis=0))


def conv1d_as_matrix(w: Real, n: int) -> Real:
    """Write the stamp into every line, one further to the right each time."""
    lines = conv_output_size(n, w.size, stride=1, padding=0)
    sheet = np.zeros((lines, n))
    for line in range(lines):
        sheet[line, line : line + w.size] = w
    return sheet
