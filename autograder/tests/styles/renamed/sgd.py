"""A ball that rolls down a hill."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from numnet.given.caches import History
from numnet.given.progress import progress
from numnet.toolbox import Bag, Whole

Arrays = Bag


def sgd_step(params: Bag, grads: Bag, lr: float, momentum: float = 0.0, velocity: Bag | None = None) -> tuple[Bag, Bag]:
    """Roll a little."""
    place, speed = {}, {}
    for name, here in params.items():
        slope = np.array(grads[name])
        speed[name] = slope if velocity is None else slope + momentum * velocity[name]
        place[name] = here - lr * speed[name]
    return place, speed


def iterate_minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[Whole]:
    """Deal."""
    deck = rng.permutation(n)
    hands = []
    while len(deck):
        hand, deck = deck[:batch_size], deck[batch_size:]
        hands.append(np.array(hand, dtype=np.int64))
    return hands


@dataclass
class Ball:
    """Where it is, how fast it rolls, and how high it was on average in every round."""

    place: Bag
    friction: float
    speed: Bag | None = None
    heights: list[float] = field(default_factory=list)

    def roll(self, slope: Bag, pace: float) -> None:
        """Take one step."""
        self.place, self.speed = sgd_step(self.place, slope, pace, self.friction, self.speed)


def fit(
    loss_and_grads: Callable[..., tuple[float, Bag]],
    params: Bag,
    data: tuple[np.ndarray, ...],
    rng: np.random.Generator,
    epochs: int,
    batch_size: int,
    lr: float | Callable[[int], float],
    momentum: float = 0.0,
) -> History:
    """Round after round."""
    pace = lr if callable(lr) else lambda _: lr
    ball = Ball({name: here.copy() for name, here in params.items()}, momentum)
    for number in progress(range(epochs), "epochs"):
        heights = np.zeros(len(data[0]))  # of every example
        for hand in iterate_minibatches(len(data[0]), batch_size, rng):
            height, slope = loss_and_grads(ball.place, *[column[hand] for column in data])
            heights[hand] = height
            ball.roll(slope, pace(number))
        ball.heights.append(float(heights.mean()))
    return History(params=ball.place, losses=ball.heights)
