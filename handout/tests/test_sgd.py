"""Public checks of numnet/sgd.py: one step, one epoch's batches, and training (J1)."""

import numpy as np
import pytest

from numnet.given.caches import History
from numnet.given.claim import agree, equal, purely
from numnet.sgd import fit, iterate_minibatches, sgd_step


def half_square(params, goals):
    """Return half the mean squared distance of the weight to the goals, and its gradient: weight - mean(goals)."""
    off = params["w"] - goals
    return float(np.mean(off**2)) / 2, {"w": np.array([np.mean(off)])}


@pytest.mark.problem("J1")
def test_three_steps_can_be_done_by_hand():
    """With the gradient 1 each time, lr 1 and momentum 0.5, velocities are 1, 1.5, 1.75 and the weight goes down."""
    params, velocity = {"w": np.array([10.0])}, None

    for step, v, w in ((1, 1.0, 9.0), (2, 1.5, 7.5), (3, 1.75, 5.75)):
        params, velocity = sgd_step(params, {"w": np.array([1.0])}, lr=1.0, momentum=0.5, velocity=velocity)

        agree(velocity, {"w": np.array([v])}, f"sgd_step: velocity after step {step}")
        agree(params, {"w": np.array([w])}, f"sgd_step: params after step {step}")


@pytest.mark.problem("J1")
def test_a_step_leaves_the_old_weights_alone():
    """What comes back are new arrays; those that went in are as before."""
    params, grads, velocity = ({"w": np.full(2, value), "b": np.full(1, value)} for value in (1.0, 2.0, 3.0))

    stepped, rolled = purely(sgd_step, params, grads, lr=0.1, momentum=0.9, velocity=velocity)

    agree(rolled, {"w": np.full(2, 4.7), "b": np.full(1, 4.7)}, "sgd_step: velocity")
    agree(stepped, {"w": np.full(2, 0.53), "b": np.full(1, 0.53)}, "sgd_step: params")


@pytest.mark.problem("J1")
def test_batches_deal_out_every_example():
    """Eleven examples in batches of four: four, four and three, each example once, in a random order."""
    batches = iterate_minibatches(11, 4, np.random.default_rng(1))

    dealt = np.concatenate(batches).tolist()
    equal([len(batch) for batch in batches], [4, 4, 3], "iterate_minibatches: the sizes of the batches")
    equal(sorted(dealt), list(range(11)), "iterate_minibatches: all numbers, sorted")
    assert dealt != list(range(11)), "iterate_minibatches: the order is not random"


@pytest.mark.problem("J1")
def test_training_finds_the_middle_of_its_goals():
    """The weight that is nearest to the goals 1, 2, 3 and 6 on average is their mean, 3."""
    start = {"w": np.array([10.0])}

    history = fit(
        half_square,
        start,
        (np.array([1.0, 2.0, 3.0, 6.0]),),
        np.random.default_rng(2),
        epochs=60,
        batch_size=4,
        lr=0.5,
        momentum=0.2,
    )

    assert type(history) is History, "fit returns History(params, losses)"
    agree(history.params, {"w": np.array([3.0])}, "fit: params", 1e-6)
    equal(len(history.losses), 60, "fit: the number of losses")
    agree(history.losses[0], (81 + 64 + 49 + 16) / 8, "fit: the first loss")
    agree(history.losses[-1], (4 + 1 + 0 + 9) / 8, "fit: the last loss", 1e-6)
    assert start["w"].item() == 10.0, "fit changed the weights that it was given"


@pytest.mark.problem("J1")
def test_the_learning_rate_may_be_a_function_of_the_epoch():
    """A rate of 1/2 in epoch 0 and of 0 later moves the weight halfway to its goal, and there it stays."""
    goals = (np.array([4.0, 4.0, 4.0]),)
    rates = {0: 0.5, 1: 0.0, 2: 0.0}

    history = fit(half_square, {"w": np.zeros(1)}, goals, np.random.default_rng(3), 3, 3, rates.__getitem__)

    agree(history.params, {"w": np.array([2.0])}, "fit: params")
