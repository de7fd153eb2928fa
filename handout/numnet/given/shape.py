"""Pictures of bars, crosses and blobs under noise: what a filter is designed for.

Letters: N pictures of 12 x 12 pixels; K = 4 kinds of shape, each of 5 x 5 pixels; P = 64 places where it may lie.
A picture is its shape at any place with equal chances, plus noise of standard deviation `noise` in every pixel. So the
probability of each kind is a sum over places, exact, and whoever answers the likeliest kind has the least error.
"""

import numpy as np

SIDE, WINDOW = 12, 5
KINDS = ("bar across", "bar upright", "cross", "blob")
_DRAWN = (
    ("     ", "     ", "#####", "     ", "     "),
    ("  #  ", "  #  ", "  #  ", "  #  ", "  #  "),
    ("  #  ", "  #  ", "#####", "  #  ", "  #  "),
    ("     ", " ### ", " ### ", " ### ", "     "),
)


def shape_templates() -> np.ndarray:
    """Return the four shapes, (K, 5, 5): 1 where there is ink, else 0."""
    return np.array([[[float(pixel == "#") for pixel in row] for row in shape] for shape in _DRAWN])


def shapes(rng: np.random.Generator, count: int, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """Draw pictures, and which kind of shape each holds.

    returns: x (N, 12, 12) float64; y (N,) int64, an index of KINDS
    """
    y = rng.integers(len(KINDS), size=count)
    places = rng.integers((SIDE - WINDOW + 1) ** 2, size=count)
    return _placed()[y, places] + noise * rng.normal(size=(count, SIDE, SIDE)), y.astype(np.int64)


def shape_posterior(x: np.ndarray, noise: float = 0.5) -> np.ndarray:
    """Return the probability of each kind given the picture, (N, K).

    p(k | x) ∝ Σ_p exp(-|x - shape k at place p|² / (2 noise²))
    """
    placed = _placed().reshape(len(KINDS), -1, SIDE * SIDE)  # (K, P, pixels)
    ink = (placed**2).sum(axis=2) / 2
    fit = (np.einsum("ni,kpi->nkp", x.reshape(len(x), -1), placed, optimize=True) - ink) / noise**2
    p = np.exp(fit - fit.max(axis=(1, 2), keepdims=True)).sum(axis=2)
    return p / p.sum(axis=1, keepdims=True)


def shape_ceiling(rng: np.random.Generator, count: int, noise: float = 0.5) -> float:
    """Estimate the best accuracy that there is, the mean of the likeliest kind's probability, from so many pictures."""
    return float(shape_posterior(shapes(rng, count, noise)[0], noise).max(axis=1).mean())


def _placed() -> np.ndarray:
    """Return every shape at every place, (K, P, 12, 12)."""
    places = SIDE - WINDOW + 1
    pictures = np.zeros((len(KINDS), places, places, SIDE, SIDE))
    for row in range(places):
        for column in range(places):
            pictures[:, row, column, row : row + WINDOW, column : column + WINDOW] = shape_templates()
    return pictures.reshape(len(KINDS), places * places, SIDE, SIDE)
