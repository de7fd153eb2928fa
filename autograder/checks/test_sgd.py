"""Hidden checks of sgd.py: J1, the step, the batches of an epoch, and the loop of training around both.

The loop is examined with our step and our batches in place of the student's, and with their own, held against these.
"""

import numpy as np

from autograder.checks.claim import agree, holds, problem
from autograder.checks.regression import Regression, Shuffles, draw_data, draw_orders, draw_start, same_rows, slope
from autograder.desk import offer

OURS = ("sgd.sgd_step", "sgd.iterate_minibatches")
SHAPES = {"W": (3, 4), "b": (3,), "E": (1, 1), "conv.weight": (2, 1, 3, 2)}


def draw_arrays(rng):
    """Draw a dict of arrays of several shapes."""
    return {name: rng.normal(size=shape) for name, shape in SHAPES.items()}


def offered(shuffles):
    """Offer an rng of ours to the student's code."""
    return offer(shuffles, methods=("permutation",))


def require_arrays(got, like, what):
    """Fail unless a dict that goes on into another call has finite float64 arrays of the same names and shapes."""
    __tracebackhide__ = True
    holds(got.keys() == like.keys(), f"{what}: other names than those of the weights")
    for name, array in got.items():
        holds(
            array.shape == like[name].shape, f"{what}[{name!r}]: expected shape {like[name].shape}, got {array.shape}"
        )
        holds(array.dtype == np.float64, f"{what}[{name!r}]: expected dtype float64, got {array.dtype}")
        holds(bool((np.abs(array) < 1e100).all()), f"{what}[{name!r}]: some entries are NaN or infinite")


@problem("J1")
def test_weights_move_against_the_gradient(student, reference, rng):
    """Without momentum a step is lr times the gradient, downhill, and the velocity is the gradient."""
    params, grads, velocity = draw_arrays(rng), draw_arrays(rng), draw_arrays(rng)

    first, later = student.sgd.sgd_step.each([(params, grads, 0.1), (params, grads, 0.1, 0.0, velocity)])

    expected = reference.sgd.sgd_step(params, grads, 0.1)
    agree(first, expected, "sgd_step with lr = 0.1: (params, velocity)")
    agree(later, expected, "sgd_step with lr = 0.1, momentum 0 and a velocity: (params, velocity)")


@problem("J1")
def test_velocity_does_not_contain_the_learning_rate(student, reference, rng):
    """Velocity gathers gradients and is multiplied by lr afterwards, so a change of lr reaches all of it at once."""
    first = draw_arrays(rng), draw_arrays(rng), 0.1, 0.9
    moved, velocity = reference.sgd.sgd_step(*first)
    calls = [first, (moved, draw_arrays(rng), 1.0, 0.9, velocity)]

    answers = student.sgd.sgd_step.each(calls)

    for call, answer in zip(calls, answers, strict=True):
        what = f"sgd_step with momentum 0.9, and lr = {call[2]} at last: (params, velocity)"
        agree(answer, reference.sgd.sgd_step(*call), what)


@problem("J1")
def test_every_array_of_weights_moves(student, reference, rng):
    """Whatever the names and shapes, one array or many, each of them takes its own step, with its own velocity."""
    for names in (["W"], list(SHAPES)):
        given = [{name: draw_arrays(rng)[name] for name in names} for _ in range(3)]

        params, velocity = student.sgd.sgd_step(*given[:2], 0.3, 0.5, given[2])

        expected = reference.sgd.sgd_step(*given[:2], 0.3, 0.5, given[2])
        agree(params, expected[0], f"sgd_step for {len(names)} arrays: params")
        agree(velocity, expected[1], f"sgd_step for {len(names)} arrays: velocity")


@problem("J1")
def test_step_makes_new_weights_and_velocities(student, reference, rng):
    """A step changes no array that it was given and returns none of them, in the first step and in later ones."""
    params, grads, velocity = draw_arrays(rng), draw_arrays(rng), draw_arrays(rng)

    for rest in ((0.1,), (0.1, 0.9, velocity)):
        answer = student.sgd.sgd_step.purely(params, grads, *rest)

        agree(answer, reference.sgd.sgd_step(params, grads, *rest), "sgd_step: (params, velocity)")


@problem("J1")
def test_every_example_is_in_one_batch(student, rng):
    """Each number from 0 to n - 1 is dealt once; the last batch has what is left over, also if that is all."""
    sizes = [(7, 3), (6, 3), (5, 8), (4, 1), (1, 1)]
    calls = [(n, size, offered(Shuffles(draw_orders(rng, n, 1)))) for n, size in sizes]

    answers = student.sgd.iterate_minibatches.each(calls)

    for batches, (n, size) in zip(answers, sizes, strict=True):
        what = f"iterate_minibatches with n = {n}, batch_size = {size}"
        expected = [size] * (n // size) + [n % size] * (n % size > 0)
        holds([batch.size for batch in batches] == expected, f"{what}: batches of other sizes")
        holds(all(batch.dtype == np.int64 for batch in batches), f"{what}: expected batches of dtype int64")
        dealt = sorted(i for batch in batches for i in batch.ravel().tolist())
        holds(dealt == list(range(n)), f"{what}: an example is left out or comes twice")


@problem("J1")
def test_batches_are_cut_from_one_permutation(student, reference, rng):
    """The batches are the permutation of the rng, cut in order; it is asked for one, and for nothing else."""
    sizes = (8, 3), (6, 2)
    dealers = [Shuffles(draw_orders(rng, n, 1)) for n, _ in sizes]
    calls = [(n, size, offered(shuffles)) for (n, size), shuffles in zip(sizes, dealers, strict=True)]

    answers = student.sgd.iterate_minibatches.each(calls)

    for (n, size), shuffles, batches in zip(sizes, dealers, answers, strict=True):
        what = f"iterate_minibatches with n = {n}, batch_size = {size}"
        agree(batches, reference.sgd.iterate_minibatches(n, size, Shuffles(shuffles.orders)), what)
        holds(shuffles.dealt == 1, f"{what}: rng.permutation was called {shuffles.dealt} times")


def train(student, reference, rng, *, n, epochs, rest):
    """Train the student's way, with our steps and batches, and ours; return both histories and the batches seen."""
    start, data, orders = draw_start(rng), draw_data(rng, n), draw_orders(rng, n, max(epochs, 1))
    loss = Regression()
    given = (start, data, offered(Shuffles(orders)), epochs, *rest)

    history = student.with_ours(*OURS).sgd.fit.purely(loss.loss_and_grads, *given)

    expected = reference.sgd.fit(Regression().loss_and_grads, start, data, Shuffles(orders), epochs, *rest)
    shown = [(orders[epoch][i : i + rest[0]], data) for epoch in range(epochs) for i in range(0, n, rest[0])]
    return history, expected, loss.batches, shown


@problem("J1")
def test_training_leads_where_the_steps_lead(student, reference, rng):
    """After all epochs the weights are where the steps have led, and the weights at the start are as they were."""
    for n, epochs, rest in ((5, 2, (3, 0.1, 0.5)), (1, 0, (2, 0.1))):
        history, expected, _, _ = train(student, reference, rng, n=n, epochs=epochs, rest=rest)

        agree(history, expected, f"fit of {n} examples, {epochs} epochs, batch_size = {rest[0]}")


@problem("J1")
def test_every_epoch_has_an_order_of_its_own(student, reference, rng):
    """Each epoch goes through new batches, and a batch has the same examples of every array of the data."""
    _, _, batches, shown = train(student, reference, rng, n=5, epochs=2, rest=(3, 0.1))

    holds(len(batches) == len(shown), f"fit: loss_and_grads was called {len(batches)} times, not {len(shown)}")
    for k, (batch, (chosen, data)) in enumerate(zip(batches, shown, strict=True)):
        holds(same_rows(batch, data, chosen), f"fit: call {k} of loss_and_grads had other examples than its batch")


@problem("J1")
def test_learning_rate_may_change_with_the_epoch(student, reference, rng):
    """A learning rate that is a function is asked with the epoch, from 0, and holds for all batches of that epoch."""

    def rate(epoch: int) -> float:
        return (0.3, 0.02)[epoch]

    history, expected, _, _ = train(student, reference, rng, n=5, epochs=2, rest=(3, rate, 0.4))

    agree(history, expected, "fit with a learning rate that is a function of the epoch")


@problem("J1")
def test_velocity_lasts_over_the_epochs(student, reference, rng):
    """The velocity of one epoch's last step is that of the next epoch's first."""
    history, expected, _, _ = train(student, reference, rng, n=3, epochs=2, rest=(3, 0.1, 0.9))

    agree(history.params, expected.params, "fit with momentum and one batch per epoch: params")


@problem("J1")
def test_loss_of_an_epoch_is_a_mean_over_examples(student, reference, rng):
    """There is one loss for each epoch, the mean over all examples, to which a smaller batch adds less."""
    start, data, orders = draw_start(rng), draw_data(rng, 5)[:1], draw_orders(rng, 5, 2)

    history = student.with_ours(*OURS).sgd.fit(slope, start, data, offered(Shuffles(orders)), 2, 4, 0.5)

    expected = reference.sgd.fit(slope, start, data, Shuffles(orders), 2, 4, 0.5)
    agree(history.losses, expected.losses, "fit of 5 examples, in a single array, in batches of 4: losses")


@problem("J1")
def test_training_takes_your_own_steps(student, rng):
    """With your own sgd_step, whatever it computes, two batches lead where it leads, one after the other."""
    start, data, orders = draw_start(rng), draw_data(rng, 3), draw_orders(rng, 3, 1)

    history = student.with_ours("sgd.iterate_minibatches").sgd.fit(
        Regression().loss_and_grads, start, data, offered(Shuffles(orders)), 1, 2, 0.1, 0.5
    )

    params, velocity = start, None
    for chosen in (orders[0][:2], orders[0][2:]):
        _, grads = Regression().loss_and_grads(params, *(array[chosen] for array in data))
        before = params
        params, velocity = student.sgd.sgd_step(before, grads, 0.1, 0.5, velocity)
        require_arrays(params, start, "sgd_step: params")
        require_arrays(velocity, start, "sgd_step: velocity")
        holds(any((params[name] != before[name]).any() for name in start), "sgd_step: no weight is moved")
    agree(history.params, params, "fit with your own step: params")


@problem("J1")
def test_training_goes_through_your_own_batches(student, rng):
    """With your own iterate_minibatches, whatever it deals, the loss is shown just those batches."""
    data, orders, loss = draw_data(rng, 3), draw_orders(rng, 3, 1), Regression()
    dealt = student.sgd.iterate_minibatches(3, 2, offered(Shuffles(orders)))
    holds(bool(dealt), "iterate_minibatches: there is no batch of three examples")
    for batch in dealt:
        fits = batch.ndim == 1 and batch.dtype == np.int64 and bool(((batch >= 0) & (batch < 3)).all())
        holds(fits, "iterate_minibatches: expected int64 arrays of one axis, with numbers from 0 to n - 1")

    student.with_ours("sgd.sgd_step").sgd.fit(
        loss.loss_and_grads, draw_start(rng), data, offered(Shuffles(orders)), 1, 2, 0.1
    )

    holds(len(loss.batches) == len(dealt), f"fit with your own batches: loss_and_grads was called {len(loss.batches)}x")
    for got, batch in zip(loss.batches, dealt, strict=True):
        holds(same_rows(got, data, batch), "fit with your own batches: loss_and_grads had other examples")
