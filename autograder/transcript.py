"""What was answered in one check, line by line; and whether two programs have answered the same.

Two programs with the same mistake differ by rounding: a number is the same within a millionth of a millionth or so,
relative to the largest of its array.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from autograder.errors import StudentError
from autograder.sandbox.guest.value import Instance

ROUNDING = {2: 1e-2, 4: 1e-4, 8: 1e-9}  # by the bytes of a real number, relative to the largest magnitude
TINY = 1e-12  # what may come out in the place of zero
MOST_BYTES = 2**26  # that crossed the wall and are kept, for one submission; those of a right one are 44 MiB in all


class Line(NamedTuple):
    """One message to a student's code: the function, and its answers or how it failed to answer.

    seen: which arguments were changed, which were shared, and whether results were entangled
    """

    target: str
    answer: Any
    seen: Any = None


class Diverged(Exception):
    """Another answer than that of the transcript to compare with."""


class Transcript:
    """The lines of one check, in their order; none at all if there were too many bytes in them."""

    def __init__(self) -> None:
        """Start empty."""
        self.lines: list[Line] = []
        self.bytes = 0  # that crossed the wall

    def add(self, line: Line, size: int = 0) -> None:
        """Note one line, of so many bytes."""
        self.bytes += size
        self.lines.append(line)
        if self.bytes > MOST_BYTES:
            self.lines.clear()


class Comparison(Transcript):
    """A transcript that must go as another one went. Raises Diverged at the first line that does not."""

    def __init__(self, other: Transcript) -> None:
        """Compare with this one."""
        super().__init__()
        self.other = other

    def add(self, line: Line, size: int = 0) -> None:
        """Note one line, if it is the same there."""
        number = len(self.lines)
        if number >= len(self.other.lines) or not is_same(line, self.other.lines[number]):
            raise Diverged
        super().add(line)

    def is_complete(self) -> bool:
        """Say whether no line is missing."""
        return len(self.lines) == len(self.other.lines)


def is_same(one: Any, other: Any) -> bool:
    """Say whether two answers are the same but for rounding; NaN is the same as NaN."""
    if isinstance(one, StudentError) and isinstance(other, StudentError):
        return (one.label, one.exception) == (other.label, other.exception)
    if isinstance(one, Instance) and isinstance(other, Instance):
        return one.name == other.name
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return _is_near(one, other)
    if isinstance(one, float):
        return _is_near(np.array(one), np.array(other))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(is_same(value, other[key]) for key, value in one.items())
    return bool(one == other)


def _is_near(one: np.ndarray, other: np.ndarray) -> bool:
    if (one.shape, one.dtype) != (other.shape, other.dtype):
        return False
    if one.dtype.kind not in "fc":
        return bool((one == other).all())
    rounding = ROUNDING[one.real.dtype.itemsize]
    largest = np.abs(other).max(initial=0.0)
    if np.isfinite(largest):
        return bool((np.abs(one - other) <= rounding * largest + TINY).all())
    largest = np.abs(other[np.isfinite(other)]).max(initial=0.0)
    return bool(np.allclose(one, other, rtol=0, atol=rounding * largest + TINY, equal_nan=True))
