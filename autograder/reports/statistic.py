"""Numbers that say what a class did not understand: quartiles of scores, and how a check tells students apart.

Letters: S submissions, K checks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Box:
    """The spread of some scores: the least, the quartiles, the most, and the mean."""

    least: float
    lower: float
    median: float
    upper: float
    most: float
    mean: float


def box(scores: Numbers) -> Box:
    """Return the spread of at least one score."""
    least, lower, median, upper, most = np.quantile(scores, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return Box(least, lower, median, upper, most, float(scores.mean()))


def histogram(shares: Numbers, bins: int) -> list[int]:
    """Count how many shares between 0 and 1 fall into each of so many equal bins."""
    counts, _ = np.histogram(shares, bins=bins, range=(0, 1))
    return [int(count) for count in counts]


def share(part: Flags, whole: Flags) -> Numbers:
    """Return how much of the whole each column's part is; NaN where there is no whole.

    part, whole: (S, K)
    returns: (K,)
    """
    counts = whole.sum(axis=0)
    return np.where(counts > 0, (part & whole).sum(axis=0) / np.maximum(counts, 1), np.nan)


def discrimination(passed: Flags, points: Numbers, totals: Numbers) -> Numbers:
    """Return each check's point-biserial correlation with the points of all other checks.

    r = (mean of the others' points where it passed - mean where it failed) / their deviation * sqrt(p q)
    NaN where everybody passed, nobody did, or the others' points do not vary

    passed: (S, K); points: (K,), what each check is worth; totals: (S,)
    returns: (K,)
    """
    rest = totals[:, None] - passed * points  # (S, K)
    rest = rest - rest.mean(axis=0)
    right = passed - passed.mean(axis=0)
    together, apart = (rest * right).sum(axis=0), np.sqrt((rest**2).sum(axis=0) * (right**2).sum(axis=0))
    return np.where(apart > 1e-9, together / np.where(apart > 1e-9, apart, 1), np.nan)
