"""The Elman network: one step (D1), and the loop over time with backpropagation through it (D2).

Letters: T time, N sequences, I input, H hidden, O outputs. A grid point is (T, N, I, H).
The loop is examined twice: with our step in place of the student's, and with their own, held against that very step and
not against ours. So a wrong step costs points in D1 alone.
"""

from typing import Any

import numpy as np

from autograder.checks.claim import BACKWARD, agree, holds, problem
from autograder.checks.sequence import draw, require_state

STEPS = ("rnn.elman_step_forward", "rnn.elman_step_backward")
SIZES = (3, 4, 5)  # of a step: N, I, H
SMALLEST = ((1, 3, 1), (2, 1, 3))
POINT = (2, 3, 4, 5)
LONGER = (3, 2, 4, 5)
ONES = (1, 1, 1, 1)


def draw_step(reference: Any, rng: np.random.Generator, *sizes: int) -> tuple[np.ndarray, ...]:
    """Draw the arguments of a step of sizes N, I, H: x_t, h_prev, W_xh, W_hh, b_h."""
    x, h0, params = draw(reference, rng, (1, *sizes))
    return (x[0], h0, *params)


def draw_step_cache(reference: Any, rng: np.random.Generator, *sizes: int) -> tuple[np.ndarray, Any]:
    """Draw dh_t and the cache of our step of sizes N, I, H."""
    h_t, cache = reference.rnn.elman_step_forward(*draw_step(reference, rng, *sizes))
    return rng.normal(size=h_t.shape), cache


def draw_cache(reference: Any, rng: np.random.Generator, point: tuple[int, int, int, int]) -> tuple[np.ndarray, Any]:
    """Draw dh and the cache of our forward pass."""
    h, _, cache = reference.rnn.elman_forward(*draw(reference, rng, point))
    return rng.normal(size=h.shape), cache


@problem("D1")
def test_step_returns_the_state_and_its_cache(student, reference, rng):
    """A step returns h_t, a float64 array of shape (N, H), and ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)."""
    given = draw_step(reference, rng, 2, 4, 5)

    answer = student.rnn.elman_step_forward(*given)

    agree(answer, reference.rnn.elman_step_forward(*given), "elman_step_forward: (h_t, cache)")


@problem("D1")
def test_step_is_tanh_of_input_state_and_bias(student, reference, rng):
    """The state is tanh(W_xh x_t + W_hh h_prev + b_h), for every row of the batch."""
    given = draw_step(reference, rng, *SIZES)

    h_t = student.rnn.elman_step_forward.output(*given)

    agree(h_t, reference.rnn.elman_step_forward(*given)[0], f"elman_step_forward with (N, I, H) = {SIZES}: h_t")


@problem("D1")
def test_step_keeps_both_axes_of_a_single_sequence(student, reference, rng):
    """A batch of one sequence, one input or one unit is still a batch: h_t is (N, H)."""
    for sizes in SMALLEST:
        given = draw_step(reference, rng, *sizes)

        h_t = student.rnn.elman_step_forward.output(*given)

        agree(h_t, reference.rnn.elman_step_forward(*given)[0], f"elman_step_forward with (N, I, H) = {sizes}: h_t")


@problem("D1")
def test_step_gradient_uses_the_slope_of_tanh(student, reference, rng):
    """The gradients of x_t and h_prev pass through the slope of tanh at h_t, then through the weights."""
    dh_t, cache = draw_step_cache(reference, rng, *SIZES)

    grads = student.rnn.elman_step_backward(dh_t, cache)

    expected = reference.rnn.elman_step_backward(dh_t, cache)
    agree(grads.dx, expected.dx, f"elman_step_backward with (N, I, H) = {SIZES}: dx", BACKWARD)
    agree(grads.dh_prev, expected.dh_prev, f"elman_step_backward with (N, I, H) = {SIZES}: dh_prev", BACKWARD)


@problem("D1")
def test_weight_gradients_of_a_step_pair_it_with_its_inputs(student, reference, rng):
    """The gradient of W_xh pairs dz with x_t, that of W_hh pairs dz with h_prev, the state that came in."""
    dh_t, cache = draw_step_cache(reference, rng, *SIZES)

    grads = student.rnn.elman_step_backward(dh_t, cache)

    expected = reference.rnn.elman_step_backward(dh_t, cache)
    agree(grads.dW_xh, expected.dW_xh, f"elman_step_backward with (N, I, H) = {SIZES}: dW_xh", BACKWARD)
    agree(grads.dW_hh, expected.dW_hh, f"elman_step_backward with (N, I, H) = {SIZES}: dW_hh", BACKWARD)


@problem("D1")
def test_bias_gradient_of_a_step_sums_over_the_batch(student, reference, rng):
    """The gradient of the bias adds up the whole batch, and is not divided by its size."""
    dh_t, cache = draw_step_cache(reference, rng, *SIZES)

    grads = student.rnn.elman_step_backward(dh_t, cache)

    expected = reference.rnn.elman_step_backward(dh_t, cache)
    agree(grads.db_h, expected.db_h, f"elman_step_backward with (N, I, H) = {SIZES}: db_h", BACKWARD)


@problem("D1")
def test_step_gradients_keep_their_shapes_at_size_one(student, reference, rng):
    """Every gradient has the shape of what it is the gradient of, also for one sequence, one input or one unit."""
    for sizes in SMALLEST:
        dh_t, cache = draw_step_cache(reference, rng, *sizes)

        grads = student.rnn.elman_step_backward(dh_t, cache)

        expected = reference.rnn.elman_step_backward(dh_t, cache)
        agree(grads, expected, f"elman_step_backward with (N, I, H) = {sizes}", BACKWARD)


@problem("D1")
def test_a_saturated_unit_passes_no_gradient(student, reference, rng):
    """Where h_t is exactly 1 or -1 tanh is flat, so nothing of dh_t goes back through that unit."""
    dh_t, cache = draw_step_cache(reference, rng, 3, 4, 5)
    cache.h_t[:, ::2] = [[1.0, -1.0, 1.0]]

    grads = student.rnn.elman_step_backward(dh_t, cache)

    agree(grads, reference.rnn.elman_step_backward(dh_t, cache), "elman_step_backward at h_t = 1 or -1", BACKWARD)


@problem("D1")
def test_step_leaves_its_arguments_alone(student, reference, rng):
    """Neither direction of the step changes an argument, and the gradients are arrays of their own."""
    given = draw_step(reference, rng, 2, 4, 5)
    dh_t, cache = draw_step_cache(reference, rng, 2, 4, 5)

    answer = student.rnn.elman_step_forward.purely(*given)
    grads = student.rnn.elman_step_backward.purely(dh_t, cache)

    agree(answer[0], reference.rnn.elman_step_forward(*given)[0], "elman_step_forward: h_t")
    agree(grads, reference.rnn.elman_step_backward(dh_t, cache), "elman_step_backward", BACKWARD)


@problem("D2")
def test_forward_returns_states_last_state_and_caches(student, reference, rng):
    """The forward pass returns h (T, N, H), the last state (N, H), and the caches of all steps in order."""
    given = draw(reference, rng, LONGER)

    answer = student.with_ours(*STEPS).rnn.elman_forward(*given)

    agree(answer, reference.rnn.elman_forward(*given), "elman_forward: (h, h_T, cache)")


@problem("D2")
def test_every_state_comes_from_the_one_before(student, reference, rng):
    """State t is the step applied to x[t] and to state t - 1, and the first one starts from h0."""
    given = draw(reference, rng, POINT)

    h, h_T, _ = student.with_ours(*STEPS).rnn.elman_forward(*given)

    expected = reference.rnn.elman_forward(*given)
    agree(h, expected[0], f"elman_forward with (T, N, I, H) = {POINT}: h")
    agree(h_T, expected[1], f"elman_forward with (T, N, I, H) = {POINT}: h_T")


@problem("D2")
def test_the_future_does_not_change_the_past(student, reference, rng):
    """When the inputs from some time on are other ones, the states before that time stay what they were."""
    x, h0, params = draw(reference, rng, (3, 2, 5, 4))
    x[:2, 1], h0[1] = x[:2, 0], h0[0]  # two sequences that differ in x[2] alone

    h = student.with_ours(*STEPS).rnn.elman_forward.output(x, h0, params)

    require_state(h, (3, 2, 4), "elman_forward: h")
    agree(h[:2, 1], h[:2, 0], "elman_forward after a change of x[2] alone: h[:2]")
    holds(not (h[2, 0] == h[2, 1]).any(), "elman_forward: h[2] did not change when x[2] did")


@problem("D2")
def test_forward_loop_applies_your_own_step(student, reference, rng):
    """With your own step, whatever it computes, the states are that step applied time after time."""
    x, h_t, params = draw(reference, rng, POINT)

    h, h_T, cache = student.rnn.elman_forward(x, h_t, params)
    other = student.rnn.elman_forward.output(-x, h_t, params)

    require_state(h, (2, 3, 5), "elman_forward: h")
    require_state(other, (2, 3, 5), "elman_forward: h")
    holds(not np.any(h == other), "elman_forward with your own step: the states do not depend on x")
    holds(len(cache.steps) == 2, f"elman_forward: expected the caches of 2 steps, got {len(cache.steps)}")
    for t in range(2):
        h_t = student.rnn.elman_step_forward.output(x[t], h_t, *params)
        require_state(h_t, (3, 5), "elman_step_forward: h_t")
        agree(h[t], h_t, f"elman_forward with your own step: h[{t}]")
    agree(h_T, h_t, "elman_forward with your own step: h_T")


@problem("D2")
def test_gradient_is_carried_back_through_every_step(student, reference, rng):
    """The gradient of a state is that of its own time plus what the next step sends back."""
    dh, cache = draw_cache(reference, rng, LONGER)

    grads = student.with_ours(*STEPS).rnn.elman_backward(dh, cache)

    expected = reference.rnn.elman_backward(dh, cache)
    agree(grads.dx, expected.dx, f"elman_backward with (T, N, I, H) = {LONGER}: dx", BACKWARD)


@problem("D2")
def test_weight_gradients_add_up_over_time(student, reference, rng):
    """The same weights serve at every time, so their gradients are sums over all steps, not means, not the last one."""
    dh, cache = draw_cache(reference, rng, POINT)

    grads = student.with_ours(*STEPS).rnn.elman_backward(dh, cache)

    expected = reference.rnn.elman_backward(dh, cache)
    for name in ("dW_xh", "dW_hh", "db_h"):
        what = f"elman_backward with (T, N, I, H) = {POINT}: {name}"
        agree(getattr(grads, name), getattr(expected, name), what, BACKWARD)


@problem("D2")
def test_gradient_reaches_the_first_state(student, reference, rng):
    """The gradient of h0 is what the first step sends back."""
    dh, cache = draw_cache(reference, rng, POINT)

    grads = student.with_ours(*STEPS).rnn.elman_backward(dh, cache)

    expected = reference.rnn.elman_backward(dh, cache)
    agree(grads.dh0, expected.dh0, f"elman_backward with (T, N, I, H) = {POINT}: dh0", BACKWARD)


@problem("D2")
def test_gradient_of_the_last_state_comes_in(student, reference, rng):
    """With dh = 0 the gradient of the result h_T alone goes back through time; with both, they add up."""
    dh, cache = draw_cache(reference, rng, POINT)
    dh_T = rng.normal(size=(3, 5))

    for into_states, what in ((0 * dh, "elman_backward with dh = 0 and dh_T"), (dh, "elman_backward with dh and dh_T")):
        grads = student.with_ours(*STEPS).rnn.elman_backward(into_states, cache, dh_T)

        agree(grads, reference.rnn.elman_backward(into_states, cache, dh_T), what, BACKWARD)


@problem("D2")
def test_gradient_of_one_state_reaches_only_the_past(student, reference, rng):
    """When only state 1 has a gradient, inputs 0 and 1 get one, and later inputs get none."""
    dh, cache = draw_cache(reference, rng, LONGER)
    dh[[0, 2]] = 0.0

    grads = student.with_ours(*STEPS).rnn.elman_backward(dh, cache)

    agree(grads, reference.rnn.elman_backward(dh, cache), "elman_backward with a gradient at t = 1 alone", BACKWARD)


@problem("D2")
def test_gradient_is_carried_over_long_sequences(student, reference, rng):
    """Over 25 steps the gradient of the last state reaches the first input; nothing is cut off on the way."""
    x, h0, params = draw(reference, rng, (25, 2, 3, 4))
    orthogonal, _ = np.linalg.qr(params.W_hh)  # carries a gradient far without loss
    _, _, cache = reference.rnn.elman_forward(0.1 * x, 0.1 * h0, params._replace(W_hh=orthogonal, b_h=0 * params.b_h))
    dh = np.zeros((25, 2, 4))
    dh[-1] = rng.normal(size=(2, 4))

    grads = student.with_ours(*STEPS).rnn.elman_backward(dh, cache)

    agree(grads, reference.rnn.elman_backward(dh, cache), "elman_backward with T = 25", BACKWARD)


@problem("D2")
def test_backward_loop_applies_your_own_step(student, reference, rng):
    """With your own step, whatever it computes, two steps send back what that step sends back, one after the other."""
    dh, cache = draw_cache(reference, rng, (2, 2, 4, 5))
    first, last = cache.steps

    grads = student.rnn.elman_backward(dh, cache)

    late = student.rnn.elman_step_backward(dh[1], last)
    require_state(late.dh_prev, (2, 5), "elman_step_backward: dh_prev")
    early = student.rnn.elman_step_backward(dh[0] + late.dh_prev, first)
    require_state(grads.dx, (2, 2, 4), "elman_backward: dx")
    agree(grads.dx[1], late.dx, "elman_backward with your own step: dx[1]", BACKWARD)
    agree(grads.dx[0], early.dx, "elman_backward with your own step: dx[0]", BACKWARD)
    agree(grads.dh0, early.dh_prev, "elman_backward with your own step: dh0", BACKWARD)
    for name, shape in (("dW_xh", (5, 4)), ("dW_hh", (5, 5)), ("db_h", (5,))):
        parts = getattr(early, name), getattr(late, name)
        for part in parts:
            require_state(part, shape, f"elman_step_backward: {name}")
            holds(bool(part.any()), f"elman_step_backward: {name} is 0")
        agree(getattr(grads, name), parts[0] + parts[1], f"elman_backward with your own step: {name}", BACKWARD)


@problem("D2")
def test_loop_keeps_its_axes_at_size_one(student, reference, rng):
    """One step, one sequence, one input or one unit: every axis stays."""
    given = draw(reference, rng, ONES)
    our_h, our_h_T, cache = reference.rnn.elman_forward(*given)
    dh = rng.normal(size=our_h.shape)

    h, h_T, _ = student.with_ours(*STEPS).rnn.elman_forward(*given)
    grads = student.with_ours(*STEPS).rnn.elman_backward(dh, cache)

    agree(h, our_h, f"elman_forward with (T, N, I, H) = {ONES}: h")
    agree(h_T, our_h_T, f"elman_forward with (T, N, I, H) = {ONES}: h_T")
    agree(grads, reference.rnn.elman_backward(dh, cache), f"elman_backward with (T, N, I, H) = {ONES}", BACKWARD)


@problem("D2")
def test_loop_leaves_its_arguments_alone(student, reference, rng):
    """Neither direction of the loop changes an argument; h_T is not a view of h, nor dh0 one of dh."""
    given = draw(reference, rng, POINT)
    our_h, _, cache = reference.rnn.elman_forward(*given)
    dh, dh_T = rng.normal(size=(2, 3, 5)), rng.normal(size=(3, 5))

    h, _, _ = student.with_ours(*STEPS).rnn.elman_forward.purely(*given)
    grads = student.with_ours(*STEPS).rnn.elman_backward.purely(dh, cache, dh_T)

    agree(h, our_h, "elman_forward: h")
    agree(grads, reference.rnn.elman_backward(dh, cache, dh_T), "elman_backward", BACKWARD)


@problem("D2")
def test_sequences_do_not_disturb_each_other(student, reference, rng):
    """The answers for one sequence are the same after another one was run."""
    given = [draw(reference, rng, (1, 3, 4, 5)) for _ in range(2)]
    expected = [reference.rnn.elman_forward(*call) for call in given]
    dh = rng.normal(size=(1, 3, 5))

    forward = student.with_ours(*STEPS).rnn.elman_forward.each(given)
    backward = student.with_ours(*STEPS).rnn.elman_backward.each([(dh, cache) for _, _, cache in expected])

    for (h, h_T, _), (our_h, our_h_T, cache), grads in zip(forward, expected, backward, strict=True):
        agree(h, our_h, "elman_forward, called twice: h")
        agree(h_T, our_h_T, "elman_forward, called twice: h_T")
        agree(grads, reference.rnn.elman_backward(dh, cache), "elman_backward, called twice", BACKWARD)


@problem("D2")
def test_output_is_read_from_every_state(student, reference, rng):
    """The outputs are y[t] = W_hy h[t] + b_y at every time, with LinearCache(h, W_hy)."""
    for steps, batch, hidden, outputs in ((3, 2, 5, 6), (2, 3, 4, 1), ONES):
        h, weight = rng.normal(size=(steps, batch, hidden)), rng.normal(size=(outputs, hidden))
        given = (h, weight, rng.normal(size=outputs))

        answer = student.with_ours("linear.linear_forward").rnn.elman_outputs(*given)

        what = f"elman_outputs with (T, N, H, O) = {(steps, batch, hidden, outputs)}: (y, cache)"
        agree(answer, reference.rnn.elman_outputs(*given), what)


@problem("D2")
def test_truncation_cuts_before_every_kth_step(student, reference, rng):
    """Bonus: nothing is carried back over a cut, the first of which comes before step k; k = T or more cuts nothing."""
    dh, cache = draw_cache(reference, rng, LONGER)
    calls = [(dh, cache, k) for k in (1, 2, 5)]

    answers = student.with_ours(*STEPS).rnn.elman_backward_truncated.each(calls)

    for call, grads in zip(calls, answers, strict=True):
        expected = reference.rnn.elman_backward_truncated(*call)
        agree(grads, expected, f"elman_backward_truncated with T = 3 and k = {call[2]}", BACKWARD)
