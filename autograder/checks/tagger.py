"""What a check that trains a tagger is made of: a readout of ours on top of a layer that is examined.

Letters: T time, N sequences, S states, K labels. The layer makes states h (T, N, S), the readout K scores of each.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Arrays = list[np.ndarray]
Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]  # so many sequences x (T, N, D) and their labels y (T, N)


class Layer(NamedTuple):
    """A layer with weights: states(x, weights) -> h, forward(...) -> (h, cache), backward(dh, cache) -> gradients."""

    states: Callable[[np.ndarray, Arrays], np.ndarray]
    forward: Callable[[np.ndarray, Arrays], tuple[np.ndarray, Any]]
    backward: Callable[[np.ndarray, Any], Arrays]


class Readout:
    """Multinomial regression of labels on states: weights (S + 1, K), the last row the bias."""

    def __init__(self, states: int, labels: int) -> None:
        """Start with zeros."""
        self.weights = np.zeros((states + 1, labels))

    def labels(self, h: np.ndarray) -> np.ndarray:
        """Return the likeliest label of every state, (T, N)."""
        return (_with_one(h) @ self.weights).argmax(axis=-1)

    def fit(self, h: np.ndarray, y: np.ndarray, steps: int) -> None:
        """Take Newton's steps with the largest curvature that there can be, h h' / 2, so that none goes too far."""
        rows = _with_one(h).reshape(-1, len(self.weights))
        curvature = rows.T @ rows / 2 + 1e-3 * len(rows) * np.eye(rows.shape[1])
        for _ in range(steps):
            error = self._error(rows, y.ravel())
            self.weights = self.weights - np.linalg.solve(curvature, rows.T @ error)

    def gradient(self, h: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return dh of the mean cross-entropy."""
        error = self._error(_with_one(h).reshape(-1, len(self.weights)), y.ravel())
        return (error @ self.weights[:-1].T / y.size).reshape(h.shape)

    def _error(self, rows: np.ndarray, y: np.ndarray) -> np.ndarray:
        scores = rows @ self.weights
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        return p


def _with_one(h: np.ndarray) -> np.ndarray:
    return np.concatenate([h, np.ones((*h.shape[:-1], 1))], axis=-1)


def train(layer: Layer, readout: Readout, weights: Arrays, draw: Draw, *, steps: int, batch: int, lr: float) -> Arrays:
    """Return better weights of a layer, and fit the readout: Adam, its steps falling to 0, always on new sequences."""
    means, squares = ([np.zeros_like(weight) for weight in weights] for _ in range(2))
    for step in range(1, steps + 1):
        x, y = draw(batch)
        h, cache = layer.forward(x, weights)
        readout.fit(h, y, 5)
        for i, gradient in enumerate(layer.backward(readout.gradient(h, y), cache)):
            means[i] = 0.8 * means[i] + 0.2 * gradient
            squares[i] = 0.95 * squares[i] + 0.05 * gradient**2
            direction = means[i] / (1 - 0.8**step) / (np.sqrt(squares[i] / (1 - 0.95**step)) + 1e-8)
            weights = [*weights[:i], weights[i] - lr * (1 - (step - 1) / steps) * direction, *weights[i + 1 :]]
    x, y = draw(8 * batch)
    readout.fit(layer.states(x, weights), y, 15)
    return weights
