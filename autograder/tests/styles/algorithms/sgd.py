"""SGD: all weights as one long vector."""

from collections.abc import Callable

import numpy as np

from numnet.given.caches import History
from numnet.given.progress import progress

Arrays = dict[str, np.ndarray]


def _flatten(arrays, names):
    return np.concatenate([arrays[name].ravel() for name in names] or [np.zeros(0)])


def _restore(vector, like):
    ends = np.cumsum([array.size for array in like.values()])
    parts = np.split(vector, ends[:-1]) if len(ends) else []
    return {name: part.reshape(array.shape).copy() for part, (name, array) in zip(parts, like.items(), strict=True)}


def sgd_step(
    params: Arrays, grads: Arrays, lr: float, momentum: float = 0.0, velocity: Arrays | None = None
) -> tuple[Arrays, Arrays]:
    """Take one step in the space of all weights."""
    names = list(params)
    v = _flatten(grads, names)
    if velocity is not None:
        v = v + momentum * _flatten(velocity, names)
    return _restore(_flatten(params, names) - lr * v, params), _restore(v, params)


def iterate_minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Split a permutation."""
    return [part.astype(np.int64) for part in np.split(rng.permutation(n), range(batch_size, n, batch_size))]


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
    """Train; the mean loss of an epoch is a running mean."""
    weights, velocity, losses = {name: array.copy() for name, array in params.items()}, None, []
    for epoch in progress(range(epochs), "epochs"):
        mean, seen = 0.0, 0
        for batch in iterate_minibatches(len(data[0]), batch_size, rng):
            loss, grads = loss_and_grads(weights, *(array[batch] for array in data))
            weights, velocity = sgd_step(weights, grads, lr(epoch) if callable(lr) else lr, momentum, velocity)
            seen += len(batch)
            mean += (loss - mean) * len(batch) / seen
        losses.append(float(mean))
    return History(weights, losses)
