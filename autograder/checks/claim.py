"""What a check may say about an answer: it agrees, it refuses, it holds.

Every claim fails with a StudentError whose message is written for the student: their function, the call, the shapes,
how far off, and never an expected value. An answer is compared in the order type, shape, dtype, finiteness, value, so
that the first thing that is wrong is the thing that is told.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pytest

from autograder.checks.pattern import contrast, pattern
from autograder.errors import Label, StudentError
from autograder.model import Figure
from autograder.picture import draw

Check = TypeVar("Check", bound=Callable[..., None])


class Tolerance(NamedTuple):
    """How far an answer may be off: relative to the largest magnitude of what is expected, plus an absolute part."""

    relative: float
    absolute: float


FORWARD = Tolerance(1e-9, 1e-11)  # two right float64 versions differ by 3e-14; single precision is off by 1e-7
BACKWARD = Tolerance(1e-8, 1e-10)  # sums of many products; an FFT convolution is right, too
_measured: ContextVar[list[Figure] | None] = ContextVar("what was measured in the check under way", default=None)
_right: ContextVar[list[str] | None] = ContextVar("what agreed in the check under way", default=None)


@contextmanager
def one_check() -> Iterator[list[Figure]]:
    """Remember in the block what agrees, so that what does not can be held against it, and what is measured."""
    figures: list[Figure] = []
    tokens = _right.set([]), _measured.set(figures)
    try:
        yield figures
    finally:
        _right.reset(tokens[0])
        _measured.reset(tokens[1])


def measure(name: str, value: float, *, unit: str = "", is_better_low: bool = False) -> None:
    """Keep a figure of a network that we tried, for a leaderboard: what a student says of it is no figure."""
    figures = _measured.get()
    if figures is not None and np.isfinite(value):
        figures.append(Figure(name, float(f"{value:.4g}"), unit, is_better_low))


def problem(identifier: str, *, training: bool = False) -> Callable[[Check], Check]:
    """Say which problem a check belongs to, and whether it trains a network. Its points stand in assignment.toml."""
    return pytest.mark.problem(identifier, training=training)


def holds(claim: bool, message: str) -> None:
    """Fail with the message unless the claim is true."""
    __tracebackhide__ = True
    if not claim:
        raise StudentError(message)


@contextmanager
def refuses(exception: type[Exception], call: str) -> Iterator[None]:
    """Expect that the student's code raises `exception` in the block; `call` is the call in the student's words.

    >>> with refuses(ValueError, "conv_output_size(2, 5, 1, 0)"):
    ...     raise StudentError("ValueError in numnet/conv.py line 3", label=Label.RAISED, exception="ValueError")
    """
    __tracebackhide__ = True
    try:
        yield
    except StudentError as error:
        if error.label is not Label.RAISED or not error.exception:  # without one, it was no call that raised
            raise
        if error.exception != exception.__name__:
            raise StudentError(f"{call}: expected {exception.__name__}, got {error.exception}") from error
    else:
        raise StudentError(f"{call}: expected {exception.__name__}, but it returned")


def agree(got: Any, expected: Any, what: str, within: Tolerance = FORWARD) -> None:
    """Fail unless `got` is what `expected` is, in type, shape, dtype, finiteness and value.

    got: the student's answer; expected: ours: arrays, numbers, strings, and records, lists, tuples and dicts of them
    what: names the answer for the student, such as "conv2d_forward with stride=2: y"
    """
    __tracebackhide__ = True
    right = _right.get()
    try:
        _compare(got, expected, what, within)
    except StudentError as error:
        if found := contrast(what, right or []):
            raise StudentError(f"{error}; {found}", label=error.label, picture=error.picture) from error
        raise
    if right is not None:
        right.append(what)


def _compare(got: Any, expected: Any, what: str, within: Tolerance) -> None:
    if isinstance(expected, np.ndarray):
        _agree_array(got, expected, what, within)
    elif isinstance(expected, float | np.floating):
        _agree_number(got, float(expected), what, within)
    elif isinstance(expected, Mapping):
        _agree_mapping(got, expected, what, within)
    elif isinstance(expected, tuple | list):
        _agree_sequence(got, expected, what, within)
    elif type(got) is not type(expected):
        raise StudentError(f"{what}: expected {_kind(expected)}, got {_kind(got)}")
    elif got != expected:
        raise StudentError(f"{what}: {got!r:.60} is not right" if isinstance(got, int | str) else f"{what}: not right")


def _kind(value: object) -> str:
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__


def _agree_array(got: Any, expected: np.ndarray, what: str, within: Tolerance) -> None:
    __tracebackhide__ = True
    if type(got) is not np.ndarray:
        raise StudentError(f"{what}: expected an array of shape {expected.shape}, got {_kind(got)}")
    if got.shape != expected.shape:
        raise StudentError(f"{what}: expected shape {expected.shape}, got {got.shape}{_pattern(got, expected)}")
    if got.dtype != expected.dtype:
        raise StudentError(f"{what}: expected dtype {expected.dtype}, got {got.dtype}{_precision(got)}")
    if expected.dtype.kind not in "fc":
        _agree_exactly(got, expected, what)
        return
    if _is_close(got, expected, within):
        return
    finite = np.isfinite(expected)
    largest = float(np.abs(expected[finite]).max(initial=0.0))
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.where(finite, np.abs(got - expected), np.where(got == expected, 0.0, np.inf))
    wrong = ~(error <= within.relative * largest + within.absolute)  # not (>): a NaN must fail
    if wrong.any():
        said = _unwanted(got, expected) or f"{_distance(error, wrong, largest)}{_pattern(got, expected)}"
        raise StudentError(f"{what}: {said}", picture=draw(got, expected, wrong, what))


def _unwanted(got: np.ndarray, expected: np.ndarray) -> str:
    """Say how many numbers are none, where there should be some."""
    unwanted = np.isfinite(expected) & ~np.isfinite(got)
    count = f"{int(unwanted.sum())} of {got.size} entries"
    return f"{count} are NaN or infinite, {_first(unwanted)}" if unwanted.any() else ""


def _is_close(got: np.ndarray, expected: np.ndarray, within: Tolerance) -> bool:
    """Say whether all is finite and near: what most answers are, and what is told without another look."""
    with np.errstate(invalid="ignore", over="ignore"):
        largest = np.abs(expected).max(initial=0.0)
        limit = within.relative * largest + within.absolute
        return bool(np.isfinite(limit)) and bool((np.abs(got - expected) <= limit).all())


def _precision(got: np.ndarray) -> str:
    return "; compute in double precision throughout" if got.dtype in (np.float32, np.float16) else ""


def _agree_exactly(got: np.ndarray, expected: np.ndarray, what: str) -> None:
    __tracebackhide__ = True
    wrong = got != expected
    if wrong.any():
        raise StudentError(
            f"{what}: {int(wrong.sum())} of {got.size} entries differ, {_first(wrong)}{_pattern(got, expected)}"
        )


def _pattern(got: np.ndarray, expected: np.ndarray) -> str:
    found = pattern(got, expected)
    return f"; {found}" if found else ""


def _distance(error: np.ndarray, wrong: np.ndarray, largest: float) -> str:
    worst = np.unravel_index(int(error.argmax()), error.shape)
    relative = float(error.max()) / largest if largest else float(error.max())
    if relative < 1e-5:
        return f"off by {relative:.1e}: right up to rounding; compute in float64 throughout, without casts"
    where = f", the most at index {tuple(int(i) for i in worst)}" if error.ndim else ""
    count = f"{int(wrong.sum())} of {wrong.size} entries are off"
    return f"{count}, by up to {relative:.2g} of the largest magnitude{where}"


def _first(wrong: np.ndarray) -> str:
    return f"the first at index {tuple(int(i) for i in np.argwhere(wrong)[0])}" if wrong.ndim else "a single number"


def _agree_number(got: Any, expected: float, what: str, within: Tolerance) -> None:
    __tracebackhide__ = True
    if type(got) is not float:
        raise StudentError(f"{what}: expected a float, got {_kind(got)}")
    if got == expected:  # also inf and -inf
        return
    if not np.isfinite(expected):
        raise StudentError(f"{what}: {got} is not right")
    error = abs(got - expected)
    if not (error <= within.relative * abs(expected) + within.absolute):
        relative = error / abs(expected) if expected else error
        size = f"off by {relative:.2g} of what is right" if np.isfinite(error) else f"{got} is not right"
        found = _pattern(np.array(got), np.array(expected))
        raise StudentError(f"{what}: {size}{found}")


def _agree_mapping(got: Any, expected: Mapping[Any, Any], what: str, within: Tolerance) -> None:
    __tracebackhide__ = True
    if type(got) is not dict:
        raise StudentError(f"{what}: expected a dict, got {_kind(got)}")
    missing, extra = expected.keys() - got.keys(), got.keys() - expected.keys()
    if missing or extra:
        raise StudentError(f"{what}: {len(missing)} keys are missing and {len(extra)} do not belong there")
    for key, value in expected.items():
        _compare(got[key], value, f"{what}[{key!r}]", within)


def _agree_sequence(got: Any, expected: Any, what: str, within: Tolerance) -> None:
    __tracebackhide__ = True
    if type(got) is not type(expected):
        raise StudentError(f"{what}: expected {type(expected).__name__}, got {_kind(got)}")
    if len(got) != len(expected):
        raise StudentError(f"{what}: expected {len(expected)} entries, got {len(got)}")
    names = getattr(expected, "_fields", range(len(expected)))
    for name, ours, theirs in zip(names, expected, got, strict=True):
        _compare(theirs, ours, f"{what}.{name}" if isinstance(name, str) else f"{what}[{name}]", within)
