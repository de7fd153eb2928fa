"""What checks of training are made of: a loss that keeps what it was shown, and an rng that deals our orders."""

from collections.abc import Sequence
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]


class Regression:
    """Half the mean squared error of y = x · w + b, and its gradients; it keeps the batches that it was shown."""

    def __init__(self) -> None:
        """Start without a batch."""
        self.batches: list[tuple[np.ndarray, np.ndarray]] = []

    def loss_and_grads(self, params: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[float, Arrays]:
        """Return the loss of a batch and the gradients; x: (B, 2); y: (B,); params: w (2,), b (1,)."""
        w, b = params["w"], params["b"]
        if (x.ndim, x.shape[1:], y.shape, w.shape, b.shape) != (2, (2,), x.shape[:1], (2,), (1,)):
            raise ValueError("a batch or weights of another shape")
        self.batches.append((x, y))
        off = x @ w + b - y
        return float(np.mean(off**2)) / 2, {"w": off @ x / len(x), "b": np.array([np.mean(off)])}


def slope(params: Arrays, x: np.ndarray) -> tuple[float, Arrays]:
    """Return the mean of x · w and its gradients: a loss that reads one array; x: (B, 2); params: w (2,), b (1,)."""
    if (x.ndim, x.shape[1:]) != (2, (2,)):
        raise ValueError("a batch of another shape")
    return float(np.mean(x @ params["w"])), {"w": x.mean(axis=0), "b": 0 * params["b"]}


class Shuffles:
    """An rng of ours that deals these orders, one after the other, and counts; after the last one, that again."""

    def __init__(self, orders: Sequence[np.ndarray]) -> None:
        """Keep the orders, which all have the same length."""
        self.orders = orders
        self.dealt = 0

    def permutation(self, n: int) -> np.ndarray:
        """Return the next order."""
        if n != len(self.orders[0]):
            raise ValueError("another number of examples")
        self.dealt += 1
        return self.orders[min(self.dealt, len(self.orders)) - 1]


def draw_orders(rng: np.random.Generator, n: int, epochs: int) -> list[np.ndarray]:
    """Draw an order of n examples, and for each later epoch another one: what came last comes first."""
    order = rng.permutation(n)
    return [np.roll(order, epoch) for epoch in range(epochs)]


def draw_start(rng: np.random.Generator) -> Arrays:
    """Draw weights to start from."""
    return {"w": rng.normal(size=2), "b": rng.normal(size=1)}


def draw_data(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw n examples: x (n, 2) and y (n,)."""
    return rng.normal(size=(n, 2)), rng.normal(size=n)


def same_rows(batch: tuple[np.ndarray, np.ndarray], data: tuple[np.ndarray, np.ndarray], chosen: Any) -> bool:
    """Say whether a batch holds just these examples of the data, in this order."""
    return all(np.array_equal(got, array[chosen]) for got, array in zip(batch, data, strict=True))
