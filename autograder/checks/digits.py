"""What a check of training needs: handwritten digits, split anew for every submission, and a loop that trains."""

import gzip
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from autograder.checks.claim import holds
from autograder.checks.sequence import require_state

Arrays = dict[str, np.ndarray]
Loss = Callable[[Arrays, np.ndarray, np.ndarray], tuple[float, Arrays]]

FILE = Path(__file__).parents[2] / "datasets" / "digits" / "digits.csv.gz"


class Digits(NamedTuple):
    """Pictures (N, 1, 8, 8), from -1, paper, to 1, ink, and which digit each is (N,)."""

    x: np.ndarray
    y: np.ndarray


@cache
def _all_digits() -> Digits:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        table = np.loadtxt(lines, delimiter=",")
    x = table[:, :-1].reshape(-1, 1, 8, 8) / 8 - 1  # of both signs: no draw leaves all of a few filters dead
    return Digits(x, table[:, -1].astype(np.int64))


def draw_digits(rng: np.random.Generator, *counts: int) -> list[Digits]:
    """Draw some digits for each count; none of them is drawn twice."""
    x, y = _all_digits()
    chosen = np.split(rng.permutation(len(y))[: sum(counts)], np.cumsum(counts)[:-1])
    return [Digits(x[part], y[part]) for part in chosen]


def train(loss: Loss, params: Arrays, shown: Digits, rng: np.random.Generator) -> Arrays:
    """Return the weights after two epochs of SGD with momentum, along the gradients of a student's loss."""
    velocity = {name: np.zeros_like(array) for name, array in params.items()}
    for order in (rng.permutation(len(shown.y)) for _ in range(2)):
        for batch in np.split(order, range(30, len(order), 30)):
            _, grads = loss(params, shown.x[batch], shown.y[batch])
            holds(grads.keys() == params.keys(), "the gradients: expected a dict with the keys of params")
            for name, gradient in grads.items():
                require_state(gradient, params[name].shape, f"the gradient of {name}")
            velocity = {name: 0.7 * velocity[name] + grads[name] for name in params}
            params = {name: array - 0.05 * velocity[name] for name, array in params.items()}
    return params
