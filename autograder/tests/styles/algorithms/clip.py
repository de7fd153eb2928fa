"""Sensitivity and clipping; the norm of everything is the norm of the norms."""

from collections.abc import Callable
from typing import Any

import numpy as np


def sensitivity(
    forward: Callable[[np.ndarray], tuple[np.ndarray, Any]],
    backward: Callable[[np.ndarray, Any], np.ndarray],
    x: np.ndarray,
    s: int = 0,
) -> np.ndarray:
    """Build the Jacobian of x[s], row by row, and take its norm block by block."""
    h, cache = forward(x)
    rows = []
    for entry in range(s * h[0].size, h.size):
        dh = np.zeros(h.size)
        dh[entry] = 1
        rows.append(backward(dh.reshape(h.shape), cache)[s].ravel())
    jacobian = np.array(rows).reshape(len(h) - s, -1)
    return np.concatenate([np.zeros(s), np.linalg.norm(jacobian, axis=1)])


def clip_grad_norm(grads: dict[str, np.ndarray], max_norm: float) -> tuple[dict[str, np.ndarray], float]:
    """Scale everything down if the whole is too long."""
    total = float(np.linalg.norm([np.linalg.norm(g.ravel()) for g in grads.values()]))
    factor = max_norm / (total + 1e-6)
    if factor >= 1:
        return {name: g.copy() for name, g in grads.items()}, total
    with np.errstate(invalid="ignore"):
        return {name: g * factor for name, g in grads.items()}, total


def clip_grad_value(grads: dict[str, np.ndarray], c: float) -> dict[str, np.ndarray]:
    """The median of -c, g and c."""
    return {name: np.median([np.full(g.shape, -c), g, np.full(g.shape, c)], axis=0) for name, g in grads.items()}
