"""Stochastic gradient descent with momentum."""

import numpy as np

from numnet.given.caches import History

Arrays = dict[str, np.ndarray]


def sgd_step(
    params: Arrays, grads: Arrays, lr: float, momentum: float = 0.0, velocity: Arrays | None = None
) -> tuple[Arrays, Arrays]:
    """v' = momentum v + g; θ' = θ - lr v'."""
    rolling = {name: np.array(g if velocity is None else momentum * velocity[name] + g) for name, g in grads.items()}
    return {name: np.array(theta - lr * rolling[name]) for name, theta in params.items()}, rolling


def iterate_minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Deal 0 to n - 1 into batches."""
    return np.split(rng.permutation(n).astype(np.int64), range(batch_size, n, batch_size))


def fit(loss_and_grads, params, data, rng, epochs, batch_size, lr, momentum=0.0) -> History:
    """Train for some epochs."""
    n = len(data[0])
    rate = lr if callable(lr) else lambda _: lr
    weights, velocity, losses = {name: theta.copy() for name, theta in params.items()}, None, np.zeros(epochs)
    for epoch in range(epochs):
        for picked in iterate_minibatches(n, batch_size, rng):
            loss, grads = loss_and_grads(weights, *(array[picked] for array in data))
            losses[epoch] += loss * len(picked) / n
            weights, velocity = sgd_step(weights, grads, rate(epoch), momentum, velocity)
    return History(weights, losses.tolist())
