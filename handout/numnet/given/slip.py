"""Slips that others made before: a wrong answer is recognised by a few sums of its numbers.

`slips.json`, beside check.py, lists for each public check what known slips answer to it: no answers, only their marks.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from zlib import crc32

import numpy as np

TOLERANCE = 1e-5  # two programs with the same slip differ by rounding; two different slips by far more
TINY = 1e-12  # what may come out in the place of zero

Mark = list[float]


def mark(answer: Any) -> Mark:
    """Return the marks of an answer: of its kind and texts, its largest number, and two weighted sums of its numbers.

    >>> mark(np.array([0.0, 0.0])) == mark(np.array([0.0, 1e-17])) != mark(0.0)
    True
    """
    texts: list[str] = []
    numbers = np.array([*_numbers(answer, texts)])
    finite = np.isfinite(numbers)
    texts += map(str, np.flatnonzero(~finite))
    numbers = np.where(finite, numbers, 0.0)
    largest = float(np.abs(numbers).max(initial=0.0))
    parts = numbers / largest if largest > TINY else 0 * numbers
    places = np.arange(1.0, len(parts) + 1)
    sums = [round(float(parts @ wave(places)), 6) + 0.0 for wave in (np.cos, np.sin)]
    return [crc32("|".join(texts).encode()), float(f"{largest:.6g}") if largest > TINY else 0.0, *sums]


def _numbers(answer: Any, texts: list[str]) -> Iterator[float]:
    """Yield the numbers in an answer, and note everything else."""
    if isinstance(answer, np.ndarray) and answer.dtype.kind in "fiub":
        texts.append(f"{answer.dtype.kind}{answer.shape}")
        yield from answer.astype(np.float64).ravel().tolist()
        return
    texts.append(type(answer).__name__)
    if isinstance(answer, float | int | np.number):
        yield float(np.clip(answer, -1e300, 1e300)) if isinstance(answer, int) else float(answer)
    elif isinstance(answer, dict):
        for key, value in answer.items():
            texts.append(str(key))
            yield from _numbers(value, texts)
    elif isinstance(answer, tuple | list):
        for item in answer:
            yield from _numbers(item, texts)
    elif isinstance(answer, str):
        texts.append(answer)


def is_same(marks: Sequence[Mark], others: Sequence[Mark]) -> bool:
    """Say whether two programs have answered the same, quantity by quantity."""
    return len(marks) == len(others) and all(map(_is_near, marks, others))


def _is_near(one: Mark, other: Mark) -> bool:
    (kind, largest, *sums), (other_kind, other_largest, *others) = one, other
    return kind == other_kind and np.allclose([1.0, *sums], [_ratio(largest, other_largest), *others], 0, TOLERANCE)


def _ratio(one: float, other: float) -> float:
    return 1.0 if one == other else one / other if other else np.inf
