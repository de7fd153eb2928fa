"""The recipe: stochastic gradient descent with momentum, on small batches in a random order.

    for every epoch:  shuffle ──▶ batch, batch, ..., batch      each batch: loss and gradients ──▶ velocity ──▶ weights

Letters: n examples; params is a dict of named arrays, and gradients and velocities are dicts with the same names.
One step is sgd_step, the order of an epoch is iterate_minibatches, and fit is the loop around both (all J1). The loss
is somebody else's: any function of params and a batch. Given: the record History; and `progress(range(epochs),
"epochs")`, which is range(epochs) with a bar for whoever waits.
"""

from collections.abc import Callable

import numpy as np

from numnet.given.caches import History
from numnet.given.progress import progress

Arrays = dict[str, np.ndarray]


def sgd_step(
    params: Arrays, grads: Arrays, lr: float, momentum: float = 0.0, velocity: Arrays | None = None
) -> tuple[Arrays, Arrays]:
    """Move every array of weights against its gradient, and let it roll on.

    v' = momentum v + g         v' = g in the first step, when velocity is None
    θ' = θ - lr v'              as in torch: the velocity does not contain the learning rate

    params, grads, velocity: dicts of the same names, arrays of the same shapes
    returns: the new params and the new velocity (also with momentum 0): new dicts, new arrays

    >>> params, velocity = sgd_step({"w": np.array([1.0])}, {"w": np.array([2.0])}, lr=0.1)
    >>> params, velocity = sgd_step(params, {"w": np.array([2.0])}, lr=0.1, momentum=0.5, velocity=velocity)
    >>> velocity["w"], params["w"].round(6)  # 0.5 * 2 + 2; 1 - 0.1 * 2 - 0.1 * 3
    (array([3.]), array([0.5]))

    The usual slip: `params[name] -= ...`, which changes the arrays of the caller. A good answer has 4 lines.
    """
    new_params, new_velocity = {}, {}
    for name in params:
        if velocity is None:
            v = np.array(grads[name], dtype=np.float64, order="F")
        else:
            v = np.array(momentum * velocity[name] + grads[name], order="F")
        new_velocity[name] = v
        new_params[name] = np.array(params[name] - lr * v, order="F")
    return new_params, new_velocity


def iterate_minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Deal the numbers 0 to n - 1 into batches, in a random order.

    n, batch_size: 1 or more; rng: asked for one `rng.permutation(n)`, and for nothing else
    returns: the permutation, cut in order: arrays of batch_size numbers, int64; the last one has what is left over

    >>> [len(batch) for batch in iterate_minibatches(7, 3, np.random.default_rng(0))]
    [3, 3, 1]

    The usual slip: to drop what is left over. A good answer has 2 lines.
    """
    order = rng.permutation(n)
    batches = []
    start = 0
    while start < n:
        batches.append(np.array(order[start : start + batch_size], dtype=np.int64))
        start += batch_size
    return batches


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
    """Train for some epochs: in each of them every example is seen once, in a new order.

    loss_and_grads: called as loss_and_grads(params, *batch), where batch has the same examples of every array of data;
        returns the mean loss of the batch and its gradients
    params: the weights to start from, which are left as they are
    data: arrays whose axis 0 counts the same n examples, such as (images, labels)
    lr: the learning rate, or a function from the epoch, counted from 0, to it
    momentum: of sgd_step; the velocity starts at None and lasts over all epochs
    returns: History(params, losses): new arrays, and for each epoch the mean loss over all examples, as it was measured
        on the way

    Take the loss mean(w x) with w = 1, x = (1, 2, 6), batch_size 2, lr 0.5, and the order 0, 1, 2: the first batch has
    the loss 1.5 and the gradient 1.5, which makes w 0.25; the second has the loss 1.5 and the gradient 6, which makes w
    -2.75. The mean loss over the three examples is (2 * 1.5 + 1 * 1.5) / 3 = 1.5.

    The usual slip: one permutation for the images and another one for the labels; or an average over batches, when the
    last one is smaller. Call sgd_step and iterate_minibatches by their names: a check may put others in their place.
    A good answer has 11 lines.
    """
    n = len(data[0])
    current = {}
    for name, weight in params.items():
        current[name] = np.array(weight, dtype=np.float64)  # copies, in case there are no epochs
    rolling = None
    losses = []
    for epoch in range(epochs):
        rate = lr(epoch) if callable(lr) else lr
        summed = 0.0
        for chosen in iterate_minibatches(n, batch_size, rng):
            batch = [column[chosen] for column in data]  # the same examples of every array
            loss, grads = loss_and_grads(current, *batch)
            summed += loss * len(chosen)  # a small batch weighs less
            current, rolling = sgd_step(current, grads, rate, momentum, rolling)
        losses.append(float(summed / n))
    return History(current, losses)
