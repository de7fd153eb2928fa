"""A picture of where an array differs from the right one: coarse, small, and never a value.

Each cell is one of five levels, relative to the largest difference, so that a picture says where, and not how much; it
is the same for whatever was expected within a level. Where even that would name what was expected, there is none.
"""

from collections.abc import Iterator
from typing import NoReturn

import msgspec
import numpy as np

RIGHT, LESS, MORE, FAR_LESS, FAR_MORE, NO_NUMBER = ".", "-", "+", "<", ">", "?"
FAR = 1 / 3  # of the largest difference
MOST = 12  # cells along a side
MOST_CHARACTERS = 300
FEWEST_VALUES = 5  # of fewer, "not this one" names another


class Picture(msgspec.Struct, frozen=True):
    """Where an answer differs.

    text: says it in words; cells: rows of one letter each; index: of the axes before the last two; entries: how many
    rows and columns of the answer make a cell, which is the worst of them
    """

    text: str
    cells: tuple[str, ...]
    index: tuple[int, ...] = ()
    entries: tuple[int, int] = (1, 1)

    def __post_init__(self) -> None:
        """Refuse a picture that is no small grid of levels."""
        widths = {len(row) for row in self.cells}
        letters = set("".join(self.cells)) <= {RIGHT, LESS, MORE, FAR_LESS, FAR_MORE, NO_NUMBER}
        if not letters or len(widths) != 1 or not 1 <= max(widths) <= MOST >= len(self.cells):
            _refuse(f"expected at most {MOST} x {MOST} levels, got {len(self.cells)} rows")
        if len(self.text) > MOST_CHARACTERS or min(self.entries) < 1:
            _refuse("expected a short text, and cells of at least one entry")


def draw(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray, what: str) -> Picture | None:
    """Return a picture of where an answer differs, or None if there is nothing to see, or too much.

    got, expected, wrong: of one shape, wrong is True where an entry is too far off; what: names the answer
    """
    if got.size < 2 or not wrong.any() or _is_telling(expected):
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.where(wrong, got - expected, 0.0)
    off = np.where(np.isfinite(off), off, np.inf)
    shape = (1, got.size) if got.ndim == 1 else got.shape
    planes = off.reshape(-1, *shape[-2:])  # (planes, rows, columns)
    worst = int(np.abs(planes).max(axis=(1, 2)).argmax())
    entries = (-(-shape[-2] // MOST), -(-shape[-1] // MOST))
    return Picture(
        text=f"{what[:200]}, shape {got.shape}: {_count(wrong)}",
        cells=tuple(_letters(_shrunk(planes[worst], entries))),
        index=tuple(int(i) for i in np.unravel_index(worst, shape[:-2])),
        entries=entries,
    )


def _is_telling(expected: np.ndarray) -> bool:
    """Say whether a direction could name what was expected: a flag, a label, a count, one of a few values."""
    if expected.dtype.kind != "f" or not np.isfinite(expected).all():
        return True
    return bool((expected == np.rint(expected)).all()) or np.unique(expected).size < FEWEST_VALUES


def _shrunk(off: np.ndarray, entries: tuple[int, int]) -> np.ndarray:
    """Keep the worst entry of each cell; the last cells may have fewer.

    off: (rows, columns)
    """
    padded = np.pad(off, [(0, -size % step) for size, step in zip(off.shape, entries, strict=True)])
    rows, columns = (size // step for size, step in zip(padded.shape, entries, strict=True))
    blocks = padded.reshape(rows, entries[0], columns, entries[1]).swapaxes(1, 2).reshape(rows, columns, -1)
    return np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2)[:, :, None], axis=2)[:, :, 0]


def _letters(cells: np.ndarray) -> Iterator[str]:
    largest = np.abs(cells[np.isfinite(cells)]).max(initial=0.0)
    conditions = [np.isinf(cells), cells == 0, cells > FAR * largest, cells > 0, cells < -FAR * largest]
    letters = np.select(conditions, [NO_NUMBER, RIGHT, FAR_MORE, MORE, FAR_LESS], default=LESS)
    return ("".join(row) for row in letters)


def _count(wrong: np.ndarray) -> str:
    places = np.argwhere(wrong)
    axes = ("row {}", "column {}") if wrong.ndim == 2 else [f"index {{}} of axis {axis}" for axis in range(wrong.ndim)]
    same = [
        axis.format(along[0])
        for axis, along, size in zip(axes, places.T, wrong.shape, strict=True)
        if size > 1 and (along == along[0]).all()
    ]
    where = f", all in {' and '.join(same)}" if len(places) > 1 and same else ""
    return f"{len(places)} of {wrong.size} entries differ{where}"


def _refuse(reason: str) -> NoReturn:
    raise ValueError(f"a picture: {reason}")
