# Homework, part J

import numpy as np
from numnet.given.caches import *
from numnet.given.progress import progress


def sgd_step(params, grads, lr, momentum=0.0, velocity=None) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    new_params = {}
    new_velocity = {}
    for name in params:
        g = grads[name]
        if velocity is None:
            v = g.copy()  # first step
        else:
            v = momentum * velocity[name] + g
        new_velocity[name] = v
        new_params[name] = params[name] - lr * v
    return new_params, new_velocity


def iterate_minibatches(n, batch_size, rng) -> list[np.ndarray]:
    permutation = rng.permutation(n)
    batches = []
    start = 0
    while start < n:
        end = start + batch_size
        if end > n:
            end = n  # the last one is shorter
        batch = []
        for i in range(start, end):
            batch.append(int(permutation[i]))
        batches.append(np.array(batch, dtype=np.int64))
        start = end
    return batches


def fit(loss_and_grads, params, data, rng, epochs, batch_size, lr, momentum=0.0) -> History:
    n = len(data[0])

    # copy the params, they must not be changed
    current = {}
    for name in params:
        current[name] = params[name].copy()

    velocity = None
    losses = []
    for epoch in progress(range(epochs), "epochs"):
        # learning rate of this epoch
        if callable(lr):
            lr_now = lr(epoch)
        else:
            lr_now = lr

        total_loss = 0.0
        batches = iterate_minibatches(n, batch_size, rng)
        for batch in batches:
            # the same examples of every array
            pieces = []
            for array in data:
                pieces.append(array[batch])
            loss, grads = loss_and_grads(current, *pieces)
            # the loss is a mean, so multiply it by the number of examples
            total_loss = total_loss + loss * len(batch)
            current, velocity = sgd_step(current, grads, lr_now, momentum, velocity)

        mean_loss = float(total_loss / n)
        losses.append(mean_loss)
        print("epoch", epoch, "loss", mean_loss)

    return History(current, losses)


if __name__ == "__main__":

    def parabola(params, x):
        w = params["w"]
        return float(np.mean((w - x) ** 2)), {"w": np.array([np.mean(2 * (w - x))])}

    history = fit(parabola, {"w": np.zeros(1)}, (np.ones(10),), np.random.default_rng(0), 5, 3, 0.1)
    print(history)
