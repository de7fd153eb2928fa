"""What the public checks claim about an answer, in one line if it is wrong.

The hidden checks ask for the same: float64 arrays of the right shape, and arguments that are left alone.
"""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from numnet.given.gradcheck import largest_relative_error

SHOWN = 16  # entries; a larger array would hide the message


def agree(got: Any, expected: Any, name: str, within: float = 1e-9) -> None:
    """Claim that an answer is what is expected: a float, or a float64 array of one shape.

    name: says what it is, such as "dx"; within: how far off it may be, relative to the largest magnitude of expected

    >>> agree(np.array([1.0, 3.0]), [1.0, 2.0], "dx")
    Traceback (most recent call last):
    AssertionError: dx is off by 0.5 of its largest magnitude
    expected [1. 2.]
    got      [1. 3.]
    """
    __tracebackhide__ = True
    if isinstance(expected, float):
        _agree_number(got, expected, name, within)
        return
    expected = np.asarray(expected, dtype=np.float64)
    _require_array(got, expected, name)
    error = largest_relative_error(got, expected)
    if error > within:
        raise AssertionError(f"{name} is off by {error:.2g} of its largest magnitude{_both(got, expected)}")


def _agree_number(got: Any, expected: float, name: str, within: float) -> None:
    __tracebackhide__ = True
    if type(got) not in (float, int):
        raise AssertionError(f"{name}: expected a Python float, got {type(got).__name__}")
    if not largest_relative_error(got, expected) <= within:  # a NaN is not within anything
        raise AssertionError(f"{name}: expected {expected:.6g}, got {got:.6g}")


def _require_array(got: Any, expected: np.ndarray, name: str) -> None:
    __tracebackhide__ = True
    if type(got) is not np.ndarray:
        raise AssertionError(f"{name}: expected an array of shape {expected.shape}, got {type(got).__name__}")
    if got.shape != expected.shape:
        raise AssertionError(f"{name}: expected shape {expected.shape}, got {got.shape}")
    if got.dtype != expected.dtype:
        raise AssertionError(f"{name}: expected {expected.dtype}, got {got.dtype}")
    if not np.isfinite(got).all():
        raise AssertionError(f"{name} has entries that are NaN or infinite")


def _both(got: np.ndarray, expected: np.ndarray) -> str:
    if expected.size > SHOWN:
        return ""
    texts = [np.array2string(np.squeeze(value), prefix=" " * 9, precision=6) for value in (expected, got)]
    return f"\nexpected {texts[0]}\ngot      {texts[1]}"


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
        if not np.array_equal(array, copy):
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
        pairs = value.items() if isinstance(value, dict) else zip(_names(value), value, strict=True)
        for inner, item in pairs:
            yield from _arrays(f"{name}.{inner}".lstrip("."), item, but_caches=but_caches)


def _names(value: tuple[Any, ...] | list[Any]) -> Any:
    return getattr(value, "_fields", range(len(value)))
