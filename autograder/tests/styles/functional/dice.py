"""One throw of a die, for words and for ids."""

from collections.abc import Iterable
from itertools import accumulate


def side(probabilities: Iterable[float], u: float) -> int:
    """Return the first side whose cumulative probability is above u; if there is none, the last possible one."""
    sides = [float(p) for p in probabilities]
    above = (i for i, total in enumerate(accumulate(sides)) if total > u)
    return next(above, max(i for i, p in enumerate(sides) if p > 0))
