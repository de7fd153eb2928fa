"""sgd.py and given/adam.py, beside torch.optim and torch.utils.data."""

import numpy as np
import torch
import torch.nn.functional as F
from torch.utils.data import BatchSampler

from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, tensors, values
from numnet import linear, sgd
from numnet.given import adam

SHAPES = {"W": (3, 4), "b": (3,)}


@covers("sgd.sgd_step", by="torch.optim.SGD")
def test_steps_with_momentum(rng):
    """Five steps, with a learning rate that changes: weights and velocities."""
    for momentum in (0.0, 0.5, 0.9):
        params, velocity = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}, None
        theirs = tensors(params)
        optimizer = torch.optim.SGD(theirs.values(), lr=1.0, momentum=momentum)
        for rate in (0.1, 0.1, 0.01, 1.0, 0.3):
            grads = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}
            for name, tensor in theirs.items():
                tensor.grad = torch.tensor(grads[name])
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()

            params, velocity = sgd.sgd_step(params, grads, rate, momentum, velocity)

            agree(params, {name: values(tensor) for name, tensor in theirs.items()}, "params")
            kept = {name: optimizer.state[tensor].get("momentum_buffer") for name, tensor in theirs.items()}
            agree(velocity, {n: grads[n] if kept[n] is None else values(kept[n]) for n in SHAPES}, "velocity")


@covers("sgd.iterate_minibatches", by="torch.utils.data.BatchSampler")
def test_minibatches():
    """The same order, cut in the same places; the last batch may be smaller."""
    for n in (1, 5, 12):
        for size in (1, 3, 4, 20):
            order = np.random.default_rng(n).permutation(n).tolist()

            batches = sgd.iterate_minibatches(n, size, np.random.default_rng(n))

            assert [batch.tolist() for batch in batches] == list(BatchSampler(order, size, drop_last=False))


@covers("sgd.fit", by="a loop of torch.optim.SGD")
def test_training(rng):
    """A softmax classifier, three epochs with momentum and a falling learning rate: weights and losses."""
    x, y = rng.normal(size=(11, 4)), rng.integers(3, size=11)
    params = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}

    def loss_and_grads(params, x, y):
        logits, cache = linear.linear_forward(x, params["W"], params["b"])
        loss, dlogits = linear.softmax_cross_entropy(logits, y)
        _, dW, db = linear.linear_backward(dlogits, cache)
        return loss, {"W": dW, "b": db}

    theirs, order, losses = tensors(params), np.random.default_rng(5), []
    optimizer = torch.optim.SGD(theirs.values(), lr=1.0, momentum=0.9)
    for epoch in range(3):
        optimizer.param_groups[0]["lr"] = 0.5 / (1 + epoch)
        total = 0.0
        for batch in BatchSampler(order.permutation(11).tolist(), 4, drop_last=False):
            loss = F.cross_entropy(F.linear(torch.from_numpy(x[batch]), **_named(theirs)), torch.from_numpy(y[batch]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / 11)

    history = sgd.fit(
        loss_and_grads, params, (x, y), np.random.default_rng(5),
        epochs=3, batch_size=4, lr=lambda epoch: 0.5 / (1 + epoch), momentum=0.9,
    )  # fmt: skip

    agree(history.params, {name: values(tensor) for name, tensor in theirs.items()}, "params")
    agree(history.losses, losses, "losses")


def _named(params: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {"weight": params["W"], "bias": params["b"]}


def test_adam_steps(rng):
    """The optimiser that students are given: five steps, with a learning rate that changes."""
    params, state = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}, None
    theirs = tensors(params)
    optimizer = torch.optim.Adam(theirs.values())
    for rate in (0.1, 0.1, 0.01, 1.0, 0.3):
        grads = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}
        for name, tensor in theirs.items():
            tensor.grad = torch.tensor(grads[name])
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()

        params, state = adam.adam_step(params, grads, rate, state)

        agree(params, {name: values(tensor) for name, tensor in theirs.items()}, "params")
