"""What the public checks claim about an answer, in one line if it is wrong.

A record is compared field by field. The hidden checks ask for the same: float64 arrays of the right shape, and
arguments that are left alone. A name such as "elman_backward: dx" says whose answer it is, and which part of it.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from numnet.given.gradcheck import largest_relative_error
from numnet.given.slip import Mark, mark

SHOWN = 16  # entries; a larger array would hide the message


class Comparison(NamedTuple):
    """One quantity, held against what was expected: a line about it, whether it is right, and what it is known by."""

    name: str
    line: str
    is_right: bool
    mark: Mark


compared: list[Comparison] = []  # in their order; check.py prints them, and empties the list before every check


def agree(got: Any, expected: Any, name: str, within: float = 1e-9) -> None:
    """Claim that an answer is what is expected: a float, a float64 array, or a record, tuple or dict of such.

    A list stands for an array. Of a record every field is compared, so that all that is wrong is told at once.
    within: how far off it may be, relative to the largest magnitude of expected

    >>> agree(np.array([1.0, 3.0]), [1.0, 2.0], "relu_backward: dx")
    Traceback (most recent call last):
    AssertionError: relu_backward: dx is off by 0.5 of its largest magnitude at [1]
    expected [1. 2.]
    got      [1. 3.]
    """
    __tracebackhide__ = True
    _claim(_compare(*quantity, within) for quantity in _quantities(got, expected, name))


def equal(got: Any, expected: Any, name: str) -> None:
    """Claim that an answer is exactly what is expected, and of the same kind: integers, words, lists, dicts, records.

    >>> equal([3, 1], [3, 2], "nearest")
    Traceback (most recent call last):
    AssertionError: nearest: expected [3, 2], got [3, 1]
    """
    __tracebackhide__ = True
    _claim([_exactly(got, expected, name)])


def _claim(found: Iterable[Comparison]) -> None:
    """Remember what was compared, and fail if any of it is wrong."""
    __tracebackhide__ = True
    found = list(found)
    compared.extend(found)
    if wrong := [comparison.line for comparison in found if not comparison.is_right]:
        raise AssertionError("\n".join(wrong))


def _quantities(got: Any, expected: Any, name: str) -> Iterator[tuple[Any, Any, str]]:
    """Yield each field of records with that of what is expected, and its name; other answers are one quantity."""
    if not isinstance(expected, tuple | dict) or _wrong_kind(got, expected):
        yield got, expected, name
        return
    pairs = expected.items() if isinstance(expected, dict) else zip(_fields(expected), expected, strict=True)
    for field, value in pairs:
        inside = got[field] if isinstance(got, dict) else got[_fields(got).index(field)]
        yield from _quantities(inside, value, f"{name}{'.' if ': ' in name else ': '}{field}")


def _wrong_kind(got: Any, expected: Any) -> str:
    """Say how a record is not of the kind that is expected, or nothing."""
    if type(got) is not type(expected):
        return f"expected {type(expected).__name__}, got {type(got).__name__}"
    if isinstance(expected, dict) and got.keys() != expected.keys():
        return f"expected the keys {', '.join(map(str, expected))}, got {', '.join(map(str, got))}"
    return "" if len(got) == len(expected) else f"expected {len(expected)} entries, got {len(got)}"


def _fields(record: Any) -> list[Any]:
    return list(getattr(record, "_fields", range(len(record))))


def _compare(got: Any, expected: Any, name: str, within: float) -> Comparison:
    if isinstance(expected, tuple | dict):
        wrong = _wrong_kind(got, expected)
    elif not (isinstance(expected, float | list) or getattr(expected, "dtype", None) == np.float64):
        return _exactly(got, expected, name)
    elif isinstance(expected, float):
        wrong = "" if type(got) in (float, int) else f"expected a Python float, got {type(got).__name__}"
    else:
        expected = np.asarray(expected, dtype=np.float64)
        wrong = _wrong_array(got, expected)
    if wrong:
        return Comparison(name, f"{name}: {wrong}", False, mark(got))
    error = largest_relative_error(got, expected)
    if error <= within:  # a NaN is not within anything
        return Comparison(name, f"{name} is right: the largest error is {error:.1g}", True, mark(got))
    line = f"{name} is off by {error:.2g} of its largest magnitude{_worst(got, expected)}"
    return Comparison(name, line, False, mark(got))


def _exactly(got: Any, expected: Any, name: str) -> Comparison:
    right = _is_same(got, expected)
    line = f"{name} is right" if right else f"{name}: expected {expected!r}, got {got!r}"
    return Comparison(name, line, right, mark(got))


def _wrong_array(got: Any, expected: np.ndarray) -> str:
    if type(got) is not np.ndarray:
        return f"expected an array of shape {expected.shape}, got {type(got).__name__}"
    if got.shape != expected.shape:
        return f"expected shape {expected.shape}, got {got.shape}"
    if got.dtype != expected.dtype:
        return f"expected {expected.dtype}, got {got.dtype}"
    return "" if np.isfinite(got).all() else "some entries are NaN or infinite"


def _worst(got: Any, expected: Any) -> str:
    """Show the entry that is off the most, and all of them if they are few."""
    got, expected = np.asarray(got), np.asarray(expected)
    index = np.unravel_index(np.abs(got - expected).argmax(), got.shape)
    where = f" at {[int(i) for i in index]}" if index else ""
    if not 1 < got.size <= SHOWN:
        return f"{where}: expected {expected[index]:.6g}, got {got[index]:.6g}"
    texts = [np.array2string(np.squeeze(value), prefix=" " * 9, precision=6) for value in (expected, got)]
    return f"{where}\nexpected {texts[0]}\ngot      {texts[1]}"


def _is_same(got: Any, expected: Any) -> bool:
    """Compare values and their kinds: 1 is not 1.0, and a Counter is no dict."""
    if type(got) is not type(expected):
        return False
    if isinstance(expected, np.ndarray):
        return bool(got.dtype == expected.dtype and np.array_equal(got, expected))
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(_is_same(got[key], value) for key, value in expected.items())
    if isinstance(expected, tuple | list):
        return len(got) == len(expected) and all(map(_is_same, got, expected))
    return bool(got == expected)


def purely(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """Call a function; claim that it leaves its arguments alone, and that its results share no memory with anything.

    A cache is no result: it holds the arguments themselves.
    returns: what the function returns
    """
    __tracebackhide__ = True
    bound = inspect.signature(function).bind(*arguments, **named).arguments
    before = [(name, array, array.copy()) for name, array in _arrays("", bound)]
    results = function(*arguments, **named)
    for name, array, copy in before:
        if array.tobytes() != copy.tobytes():  # bytes, since NaN is not equal to itself
            raise AssertionError(f"{function.__name__} changes {name}, which is the caller's")
    others = [array for _, array, _ in before]
    for _, result in _arrays("", results, but_caches=True):
        if any(np.shares_memory(result, other) for other in others):
            raise AssertionError(f"{function.__name__}: a result shares memory with an argument or another result")
        others.append(result)
    return results


def _arrays(name: str, value: Any, *, but_caches: bool = False) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays in a value, with their names."""
    if isinstance(value, np.ndarray):
        yield name, value
    elif isinstance(value, dict | tuple | list) and not (but_caches and type(value).__name__.endswith("Cache")):
        pairs = value.items() if isinstance(value, dict) else zip(_fields(value), value, strict=True)
        for inner, item in pairs:
            yield from _arrays(f"{name}.{inner}".lstrip("."), item, but_caches=but_caches)
