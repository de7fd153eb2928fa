"""SGD: an epoch is a fold over batches, training is a fold over epochs."""

from collections.abc import Callable
from functools import reduce

import numpy as np

from numnet.given.caches import History
from numnet.given.progress import progress

Arrays = dict[str, np.ndarray]


def sgd_step(
    params: Arrays, grads: Arrays, lr: float, momentum: float = 0.0, velocity: Arrays | None = None
) -> tuple[Arrays, Arrays]:
    """v' = momentum v + g; θ' = θ - lr v'."""
    before = dict.fromkeys(grads, 0.0) if velocity is None else velocity
    after = {name: momentum * before[name] + g for name, g in grads.items()}
    return {name: theta - lr * after[name] for name, theta in params.items()}, after


def iterate_minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Cut one permutation."""
    order = np.asarray(rng.permutation(n), dtype=np.int64)
    return [order[start : start + batch_size].copy() for start in range(0, n, batch_size)]


def fit(
    loss_and_grads: Callable[..., tuple[float, Arrays]],
    params: Arrays,
    data: tuple[np.ndarray, ...],
    rng: np.random.Generator,
    epochs: int,
    batch_size: int,
    lr: float | Callable[[int], float],
    momentum: float = 0.0,
) -> History:
    """Fold everything into (params, velocity, losses)."""
    n = len(data[0])

    def one_batch(state, chosen, rate):
        weights, velocity, total = state
        loss, grads = loss_and_grads(weights, *(array[chosen] for array in data))
        return *sgd_step(weights, grads, rate, momentum, velocity), total + loss * len(chosen)

    def one_epoch(state, epoch):
        weights, velocity, losses = state
        rate = lr(epoch) if callable(lr) else lr
        batches = iterate_minibatches(n, batch_size, rng)
        weights, velocity, total = reduce(lambda s, b: one_batch(s, b, rate), batches, (weights, velocity, 0.0))
        return weights, velocity, [*losses, float(total / n)]

    start = {name: np.array(theta) for name, theta in params.items()}
    weights, _, losses = reduce(one_epoch, progress(range(epochs), "epochs"), (start, None, []))
    return History(weights, losses)
