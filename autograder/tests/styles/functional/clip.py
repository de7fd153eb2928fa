"""Sensitivity and clipping, without a loop that changes anything."""

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np


def sensitivity(
    forward: Callable[[np.ndarray], tuple[np.ndarray, Any]],
    backward: Callable[[np.ndarray, Any], np.ndarray],
    x: np.ndarray,
    s: int = 0,
) -> np.ndarray:
    """One backward pass for every entry of every state from s on."""
    h, cache = forward(x)

    def square(t, n, j):
        flat = np.ravel_multi_index((t, n, j), h.shape)
        unit = (np.arange(h.size) == flat).astype(np.float64).reshape(h.shape)
        return float(np.sum(np.square(backward(unit, cache)[s])))

    def norm(t):
        return math.sqrt(math.fsum(square(t, n, j) for n, j in product(*map(range, h.shape[1:]))))

    return np.array([norm(t) if t >= s else 0.0 for t in range(len(h))])


def clip_grad_norm(grads: dict[str, np.ndarray], max_norm: float) -> tuple[dict[str, np.ndarray], float]:
    """One factor for all."""
    total = float(np.sqrt(sum(np.sum(np.square(g)) for g in grads.values())))
    factor = np.minimum(1.0, max_norm / (total + 1e-6))
    return {name: np.multiply(g, factor) for name, g in grads.items()}, total


def clip_grad_value(grads: dict[str, np.ndarray], c: float) -> dict[str, np.ndarray]:
    """Cut at both ends."""
    return {name: np.minimum(np.maximum(g, -c), c) for name, g in grads.items()}
