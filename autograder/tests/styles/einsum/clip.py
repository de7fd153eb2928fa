"""Gradients that vanish or explode."""

import math

import numpy as np


def sensitivity(forward, backward, x: np.ndarray, s: int = 0) -> np.ndarray:
    """Frobenius norm of the Jacobian of every state by x[s]."""
    h, cache = forward(x)

    def row(index):
        dh = np.zeros(h.shape)
        dh[index] = 1.0
        return backward(dh, cache)[s]

    squares = np.zeros(len(h))
    for t, *unit in np.ndindex(h.shape):
        if t >= s:
            squares[t] += np.square(row((t, *unit))).sum()
    return np.sqrt(squares)


def clip_grad_norm(grads: dict[str, np.ndarray], max_norm: float) -> tuple[dict[str, np.ndarray], float]:
    """Make all gradients together shorter if they are longer than max_norm."""
    total = math.sqrt(sum(float(np.vdot(g, g)) for g in grads.values()))
    factor = np.minimum(1.0, max_norm / (total + 1e-6))
    with np.errstate(invalid="ignore"):
        return {name: np.multiply(g, factor, out=np.empty_like(g)) for name, g in grads.items()}, total


def clip_grad_value(grads, c):
    """Cut every entry to -c ... c."""
    return {name: np.clip(g, -c, c, out=np.empty_like(g)) for name, g in grads.items()}
