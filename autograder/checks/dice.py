"""An rng of ours from which a student's code may draw arrays, across the wall."""

import numpy as np

Shape = int | tuple[int, ...] | None

MOST_NUMBERS = 100_000  # more than any weights of a check; they are drawn on our side, where nothing limits memory


class Dice:
    """The usual methods of np.random.Generator, for as many numbers as a check can need."""

    METHODS = ("normal", "standard_normal", "uniform", "random")

    def __init__(self, seed: int) -> None:
        """Start from a seed: two of them with one seed draw the same numbers."""
        self._rng = np.random.default_rng(seed)

    def normal(self, loc: float = 0.0, scale: float = 1.0, size: Shape = None) -> float | np.ndarray:
        """Draw from a normal distribution."""
        return self._rng.normal(loc, scale, _bounded(size))

    def standard_normal(self, size: Shape = None) -> float | np.ndarray:
        """Draw from the normal distribution with mean 0 and standard deviation 1."""
        return self._rng.standard_normal(_bounded(size))

    def uniform(self, low: float = 0.0, high: float = 1.0, size: Shape = None) -> float | np.ndarray:
        """Draw between two numbers."""
        return self._rng.uniform(low, high, _bounded(size))

    def random(self, size: Shape = None) -> float | np.ndarray:
        """Draw between 0 and 1."""
        return self._rng.random(_bounded(size))


def _bounded(size: Shape) -> Shape:
    sides = (1,) if size is None else (size,) if isinstance(size, int) else size
    total = 1
    for side in sides:
        total *= max(int(side), 1)
        if total > MOST_NUMBERS:
            raise ValueError("more numbers than any weights have")
    return size
