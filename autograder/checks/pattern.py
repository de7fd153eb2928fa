"""What a wrong answer has in common with the right one: a factor, a sign, an order, a part that is right.

Only what was measured is told, and never a value that was expected. Each pattern takes the answer `got` and the
`expected` one, arrays of one shape, and returns a few words, or none.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import combinations, permutations

import numpy as np

ROUNDING = 1e-8  # relative to the largest magnitude
LARGEST_FACTOR = 999
MOST_DIMENSIONS = 4  # of arrays whose axes are exchanged: 24 ways
_NAMED = re.compile(r"(\w+)=([^\s,:()]+)")
_TUPLE = re.compile(r"\(([A-Za-z][\w', .]*)\) = \(([\d, ]+)\)")


def pattern(got: np.ndarray, expected: np.ndarray) -> str:
    """Return the first pattern that is found, such as "every entry is 32 times too large", or nothing.

    >>> pattern(np.array([2.0, 4.0]), np.array([1.0, 2.0]))
    'every entry is 2 times too large'
    """
    if got.shape != expected.shape:
        return _transposed(got, expected)
    if not expected.size or not (np.isfinite(got).all() and np.isfinite(expected).all()):
        return ""
    magnitudes = (_nothing, _factor, _offset) if expected.dtype.kind in "fc" else ()
    with np.errstate(over="ignore", under="ignore"):  # a student chooses one of the two
        looks = (*magnitudes, _exchanged, _reversed, _late, _part, _shuffled)
        return next((found for look in looks if (found := look(got, expected))), "")


def _is_near(got: np.ndarray, expected: np.ndarray) -> bool:
    return bool(_near(got, expected).all())


def _near(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    if expected.dtype.kind not in "fc":
        return np.asarray(got == expected)
    return np.asarray(np.abs(got - expected) <= ROUNDING * np.abs(expected).max(initial=0.0))


def _transposed(got: np.ndarray, expected: np.ndarray) -> str:
    if got.ndim == expected.ndim <= MOST_DIMENSIONS and expected.size > 1:
        for order in permutations(range(got.ndim)):
            turned = got.transpose(order)
            if turned.shape == expected.shape and _is_near(turned, expected):
                return f"with its axes in the order {order} it would be right"
    return ""


def _nothing(got: np.ndarray, expected: np.ndarray) -> str:
    return "" if got.any() or not expected.any() else "every entry is 0"


def _factor(got: np.ndarray, expected: np.ndarray) -> str:
    """Find a whole number, or one over it, between the two; 1 stands for another sign."""
    largest = np.abs(expected).argmax()
    if not expected.flat[largest] or not got.flat[largest] or expected.dtype.kind == "c":
        return ""
    ratio = float(got.flat[largest] / expected.flat[largest])
    if not 1 / (LARGEST_FACTOR + 1) < abs(ratio) < LARGEST_FACTOR + 1:  # also one that overflowed, to infinity or to 0
        return ""
    whole = round(max(abs(ratio), 1 / abs(ratio)))
    factor = (whole if abs(ratio) >= 1 else 1 / whole) * np.sign(ratio)
    if factor == 1 or not _is_near(got / factor, expected):
        return ""
    size = f"{whole} times too {'large' if abs(ratio) > 1 else 'small'}" if whole > 1 else ""
    sign = "of the opposite sign" if ratio < 0 else ""
    return f"every entry is {' and '.join(filter(None, (size, sign)))}"


def _offset(got: np.ndarray, expected: np.ndarray) -> str:
    off = got - expected
    return "every entry is off by the same amount" if off.size > 2 and _is_near(expected + off.flat[0], got) else ""


def _exchanged(got: np.ndarray, expected: np.ndarray) -> str:
    for one, other in combinations(range(got.ndim), 2):
        if got.shape[one] == got.shape[other] > 1 and _is_near(got.swapaxes(one, other), expected):
            return f"axes {one} and {other} are exchanged"
    return ""


def _reversed(got: np.ndarray, expected: np.ndarray) -> str:
    for axis in range(got.ndim):
        if got.shape[axis] > 1 and _is_near(np.flip(got, axis), expected):
            return f"axis {axis} is in reverse order"
    return ""


def _late(got: np.ndarray, expected: np.ndarray) -> str:
    for axis in range(got.ndim):
        ours, theirs = np.moveaxis(expected, axis, 0), np.moveaxis(got, axis, 0)
        if len(ours) > 2 and ours[1:-1].any():
            if _is_near(theirs[1:], ours[:-1]):
                return f"along axis {axis}, every entry comes one step late"
            if _is_near(theirs[:-1], ours[1:]):
                return f"along axis {axis}, every entry comes one step early"
    return ""


def _part(got: np.ndarray, expected: np.ndarray) -> str:
    """Find an axis along which some slices are right as a whole, and others are not."""
    near = _near(got, expected)
    for axis in range(got.ndim):
        right = np.asarray(near.all(axis=tuple(other for other in range(got.ndim) if other != axis)))
        if len(right) > 1 and right.sum() == 1:
            return f"only {_place(int(right.argmax()), len(right))} along axis {axis} is right"
        if len(right) > 2 and (~right).sum() == 1:
            return f"only {_place(int(right.argmin()), len(right))} along axis {axis} is wrong"
    return ""


def _place(index: int, length: int) -> str:
    return "the last entry" if index == length - 1 else "the first entry" if index == 0 else f"entry {index}"


def _shuffled(got: np.ndarray, expected: np.ndarray) -> str:
    is_same = got.size > 2 and _is_near(np.sort(got, axis=None), np.sort(expected, axis=None))
    return "the entries are right, but in other places" if is_same else ""


def contrast(what: str, right: Iterable[str]) -> str:
    """Say with which settings answers were right before another setting was met, or nothing.

    what: the call that is wrong, such as "f with stride=2, padding=1: y"; right: those that were right before

    >>> contrast("f with stride=2, padding=0", ["f with stride=1, padding=0", "f with stride=1, padding=1"])
    'right with stride=1'
    """
    settings = dict(_settings(what))
    function = what.split()[0]
    before = [dict(_settings(other)) for other in right if other.split()[0].rstrip(":") == function.rstrip(":")]
    found = []
    for name, value in settings.items():
        others = {other.get(name) for other in before}
        if len(others) == 1 and None not in others and value not in others:
            found.append(f"{name}={others.pop()}")
    return f"right with {', '.join(found)}" if 0 < len(found) < max(2, len(settings)) else ""


def _settings(what: str) -> Iterator[tuple[str, str]]:
    """Yield names and values in the name of a call: stride=2, or (T, N) = (3, 1)."""
    yield from _NAMED.findall(what)
    for names, values in _TUPLE.findall(what):
        pairs = names.split(", "), values.split(", ")
        if len(pairs[0]) == len(pairs[1]):
            yield from zip(*pairs, strict=True)
