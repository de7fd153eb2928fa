"""The LSTM over time (F3), and layers of LSTMs in both directions (F4).

Letters: T time, N sequences, I input, H hidden. A grid point is (T, N, I, H); a stack has sizes I, H_1, ..., H_L.
F3 is examined with our step in place of the student's, F4 with our whole LSTM; and both with the student's own, held
against that very step or loop.
"""

from typing import Any

import numpy as np

from autograder.checks.claim import BACKWARD, agree, holds, problem
from autograder.checks.sequence import draw_lstm, draw_lstm_params, require_state, require_two

STEPS = ("lstm.lstm_step_forward", "lstm.lstm_step_backward")
LOOPS = ("lstm.lstm_forward", "lstm.lstm_backward", *STEPS)
POINT = (2, 3, 4, 5)
LONGER = (3, 2, 4, 5)
TWO_ALIKE = (2, 3, 8, 4, 4)  # a wrong layer's weights fit, too
TWO_ALIKE_BELOW = (2, 3, 2, 1, 1, 4)  # the peepholes of a single unit fit everywhere
THREE_LAYERS = (1, 2, 4, 5, 3, 6)
ONES = (1, 1, 1, 1)
SHAPES = {"dW_xh": (12, 4), "dW_hh": (12, 3), "db_h": (12,), "dw_peep": (3, 3)}  # for I = 4, H = 3


def draw_cache(reference: Any, rng: np.random.Generator, point: tuple[int, int, int, int]) -> tuple[np.ndarray, Any]:
    """Draw dh and the cache of our forward pass."""
    h, _, _, cache = reference.lstm.lstm_forward(*draw_lstm(reference, rng, point))
    return rng.normal(size=h.shape), cache


def draw_stack(reference: Any, rng: np.random.Generator, steps: int, batch: int, *sizes: int) -> tuple[Any, ...]:
    """Draw x, h0, c0 and params of a stack of sizes I, H_1, ..., H_L."""
    widths = [sizes[0], *(2 * size for size in sizes[1:-1])]
    params = [
        (draw_lstm_params(reference, rng, width, hidden), draw_lstm_params(reference, rng, width, hidden))
        for width, hidden in zip(widths, sizes[1:], strict=True)
    ]
    h0, c0 = (
        [(rng.normal(size=(batch, hidden)), rng.normal(size=(batch, hidden))) for hidden in sizes[1:]] for _ in "hc"
    )
    return rng.normal(size=(steps, batch, sizes[0])), h0, c0, params


def draw_stack_cache(reference: Any, rng: np.random.Generator, *sizes: int) -> tuple[np.ndarray, Any]:
    """Draw dh and the cache of our forward pass through a stack of sizes T, N, I, H_1, ..., H_L."""
    h, cache = reference.lstm.deep_bidirectional_lstm_forward(*draw_stack(reference, rng, *sizes))
    return rng.normal(size=h.shape), cache


@problem("F3")
def test_lstm_returns_states_last_state_last_cell_and_caches(student, reference, rng):
    """The forward pass returns h (T, N, H), the last state and the last cell, (N, H), and the caches of all steps."""
    given = draw_lstm(reference, rng, LONGER)

    answer = student.with_ours(*STEPS).lstm.lstm_forward(*given)

    agree(answer, reference.lstm.lstm_forward(*given), "lstm_forward: (h, h_T, c_T, cache)")


@problem("F3")
def test_state_and_cell_flow_from_step_to_step(student, reference, rng):
    """Step t gets x[t] and the state and the cell of step t - 1; the first one starts from h0 and c0."""
    given = draw_lstm(reference, rng, POINT)

    answer = student.with_ours(*STEPS).lstm.lstm_forward(*given)

    expected = reference.lstm.lstm_forward(*given)
    for name, got, ours in zip(("h", "h_T", "c_T"), answer[:3], expected[:3], strict=True):
        agree(got, ours, f"lstm_forward with (T, N, I, H) = {POINT}: {name}")


@problem("F3")
def test_a_memory_is_kept_for_fifty_steps(student, reference, rng):
    """With an open forget gate and a shut input gate the cell is after 50 steps what it was, whatever the input."""
    x, h0, c0, params = draw_lstm(reference, rng, (50, 2, 4, 3))
    gates = params._replace(W_xh=0 * params.W_xh, W_hh=0 * params.W_hh, b_h=np.repeat([-800.0, 800.0, 0.0, 0.0], 3))

    h = student.with_ours(*STEPS).lstm.lstm_forward.output(x, h0, c0, gates)

    require_state(h, (50, 2, 3), "lstm_forward: h")
    shown, _, _ = reference.lstm.lstm_step_forward(x[0], h0, c0, gates)  # of the cell that is still c0
    agree(h[49], shown, "lstm_forward over 50 steps with f = 1 and i = 0: h[49]")


@problem("F3")
def test_lstm_forward_loop_applies_your_own_step(student, reference, rng):
    """With your own step, whatever it computes, states and cells are that step applied time after time."""
    x, h_t, c_t, params = draw_lstm(reference, rng, POINT)

    h, h_T, c_T, cache = student.lstm.lstm_forward(x, h_t, c_t, params)

    require_state(h, (2, 3, 5), "lstm_forward: h")
    holds(len(cache.steps) == 2, f"lstm_forward: expected the caches of 2 steps, got {len(cache.steps)}")
    for t in range(2):
        h_t, c_t, _ = student.lstm.lstm_step_forward(x[t], h_t, c_t, params)
        require_state(h_t, (3, 5), "lstm_step_forward: h_t")
        require_state(c_t, (3, 5), "lstm_step_forward: c_t")
        agree(h[t], h_t, f"lstm_forward with your own step: h[{t}]")
    require_two(h[0], h[1], "lstm_step_forward: h_t")
    agree(h_T, h_t, "lstm_forward with your own step: h_T")
    agree(c_T, c_t, "lstm_forward with your own step: c_T")


@problem("F3")
def test_gradients_of_state_and_cell_are_carried_back(student, reference, rng):
    """Every step gets back what the next one says about its state and about its cell; the rest reaches h0 and c0."""
    dh, cache = draw_cache(reference, rng, LONGER)

    grads = student.with_ours(*STEPS).lstm.lstm_backward(dh, cache)

    expected = reference.lstm.lstm_backward(dh, cache)
    for name in ("dx", "dh0", "dc0"):
        what = f"lstm_backward with (T, N, I, H) = {LONGER}: {name}"
        agree(getattr(grads, name), getattr(expected, name), what, BACKWARD)


@problem("F3")
def test_lstm_weight_gradients_add_up_over_time(student, reference, rng):
    """The same weights and peepholes serve at every time, so their gradients are sums over all steps."""
    dh, cache = draw_cache(reference, rng, POINT)

    grads = student.with_ours(*STEPS).lstm.lstm_backward(dh, cache)

    expected = reference.lstm.lstm_backward(dh, cache)
    for name in SHAPES:
        what = f"lstm_backward with (T, N, I, H) = {POINT}: {name}"
        agree(getattr(grads, name), getattr(expected, name), what, BACKWARD)


@problem("F3")
def test_gradients_of_the_last_state_and_cell_come_in(student, reference, rng):
    """dh_T and dc_T come in at the last step: each of them alone, and both together with dh."""
    dh, cache = draw_cache(reference, rng, POINT)
    dh_T, dc_T = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    calls = [(0 * dh, cache, dh_T, None), (0 * dh, cache, None, dc_T), (dh, cache, dh_T, dc_T)]

    answers = student.with_ours(*STEPS).lstm.lstm_backward.each(calls)

    for what, call, grads in zip(("dh_T alone", "dc_T alone", "dh, dh_T and dc_T"), calls, answers, strict=True):
        agree(grads, reference.lstm.lstm_backward(*call), f"lstm_backward with {what}", BACKWARD)


@problem("F3")
def test_lstm_backward_loop_applies_your_own_step(student, reference, rng):
    """With your own step, whatever it computes, two steps send back what that step sends back, one after the other."""
    dh, cache = draw_cache(reference, rng, (2, 2, 4, 3))
    first, last = cache.steps

    grads = student.lstm.lstm_backward(dh, cache)

    late = student.lstm.lstm_step_backward(dh[1], np.zeros((2, 3)), last)
    require_state(late.dh_prev, (2, 3), "lstm_step_backward: dh_prev")
    require_state(late.dc_prev, (2, 3), "lstm_step_backward: dc_prev")
    early = student.lstm.lstm_step_backward(dh[0] + late.dh_prev, late.dc_prev, first)
    require_state(grads.dx, (2, 2, 4), "lstm_backward: dx")
    require_two(early.dx, late.dx, "lstm_step_backward: dx")
    agree(grads.dx[1], late.dx, "lstm_backward with your own step: dx[1]", BACKWARD)
    agree(grads.dx[0], early.dx, "lstm_backward with your own step: dx[0]", BACKWARD)
    agree(grads.dh0, early.dh_prev, "lstm_backward with your own step: dh0", BACKWARD)
    agree(grads.dc0, early.dc_prev, "lstm_backward with your own step: dc0", BACKWARD)
    for name, shape in SHAPES.items():
        parts = getattr(early, name), getattr(late, name)
        for part in parts:
            require_state(part, shape, f"lstm_step_backward: {name}")
        agree(getattr(grads, name), parts[0] + parts[1], f"lstm_backward with your own step: {name}", BACKWARD)


@problem("F3")
def test_lstm_loop_keeps_its_axes_at_size_one(student, reference, rng):
    """One step, one sequence, one input or one unit: every axis stays, forward and backward."""
    given = draw_lstm(reference, rng, ONES)
    *expected, cache = reference.lstm.lstm_forward(*given)
    dh = rng.normal(size=ONES[:3])

    answer = student.with_ours(*STEPS).lstm.lstm_forward(*given)
    grads = student.with_ours(*STEPS).lstm.lstm_backward(dh, cache)

    agree(answer[:3], tuple(expected), f"lstm_forward with (T, N, I, H) = {ONES}: (h, h_T, c_T)")
    agree(grads, reference.lstm.lstm_backward(dh, cache), f"lstm_backward with (T, N, I, H) = {ONES}", BACKWARD)


@problem("F3")
def test_lstm_loop_leaves_its_arguments_alone(student, reference, rng):
    """Neither direction of the loop changes an argument, no result is a view of another, and a second call agrees."""
    given = draw_lstm(reference, rng, POINT)
    *expected, cache = reference.lstm.lstm_forward(*given)
    dh, dh_T, dc_T = rng.normal(size=(2, 3, 5)), rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    lstm = student.with_ours(*STEPS).lstm

    answer = lstm.lstm_forward.purely(*given)
    grads = lstm.lstm_backward.purely(dh, cache, dh_T, dc_T)

    agree(answer[:3], tuple(expected), "lstm_forward: (h, h_T, c_T)")
    agree(grads, reference.lstm.lstm_backward(dh, cache, dh_T, dc_T), "lstm_backward", BACKWARD)


@problem("F4")
def test_one_layer_is_two_lstms_that_meet_in_time(student, reference, rng):
    """h[t] is the state of the LSTM over x[0] to x[t] and that of the other over x[T-1] to x[t], side by side."""
    given = draw_stack(reference, rng, 2, 3, 4, 5)

    answer = student.with_ours(*LOOPS).lstm.deep_bidirectional_lstm_forward(*given)

    expected = reference.lstm.deep_bidirectional_lstm_forward(*given)
    agree(answer, expected, "deep_bidirectional_lstm_forward with one layer: (h, cache)")


@problem("F4")
def test_layers_of_lstms_read_both_directions_below(student, reference, rng):
    """Every layer reads the 2H numbers of the layer below, and has its own size, weights and peepholes."""
    given = draw_stack(reference, rng, *TWO_ALIKE_BELOW)

    h = student.with_ours(*LOOPS).lstm.deep_bidirectional_lstm_forward.output(*given)

    expected = reference.lstm.deep_bidirectional_lstm_forward(*given)[0]
    agree(h, expected, f"deep_bidirectional_lstm_forward with (T, N, I, H_1, ...) = {TWO_ALIKE_BELOW}: h")


@problem("F4")
def test_both_directions_of_lstms_mix_between_the_layers(student, reference, rng):
    """In the second layer the forward state at t = 0 knows the last input, through the backward states below it."""
    x, h0, c0, params = draw_stack(reference, rng, 2, 3, 6, 5, 4)
    x[0] = x[0, 0]  # sequences that differ in the last input alone
    for pair in (*h0, *c0):
        for state in pair:
            state[:] = state[0]

    h = student.with_ours(*LOOPS).lstm.deep_bidirectional_lstm_forward.output(x, h0, c0, params)

    require_state(h, (2, 3, 8), "deep_bidirectional_lstm_forward: h")
    what = "deep_bidirectional_lstm_forward with two layers, after a change of the last input"
    holds(not (h[0, 1:, :4] == h[0, 0, :4]).any(), f"{what}: the forward half of h[0] is the same as before")


@problem("F4")
def test_each_lstm_of_a_pair_has_a_cell_of_its_own(student, reference, rng):
    """h0[l] and c0[l] are pairs: the forward LSTM starts from the first, the backward one from the second."""
    given = draw_stack(reference, rng, 1, 3, 4, 5)

    h = student.with_ours(*LOOPS).lstm.deep_bidirectional_lstm_forward.output(*given)

    expected = reference.lstm.deep_bidirectional_lstm_forward(*given)[0]
    agree(h, expected, "deep_bidirectional_lstm_forward with two cells in c0[0]: h")


@problem("F4")
def test_gradient_of_stacked_lstms_reaches_the_input(student, reference, rng):
    """dx adds up what both directions send back, each in the order of time, through every layer."""
    dh, cache = draw_stack_cache(reference, rng, *TWO_ALIKE)

    grads = student.with_ours(*LOOPS).lstm.deep_bidirectional_lstm_backward(dh, cache)

    expected = reference.lstm.deep_bidirectional_lstm_backward(dh, cache)
    what = f"deep_bidirectional_lstm_backward with (T, N, I, H_1, ...) = {TWO_ALIKE}"
    agree(grads.dx, expected.dx, f"{what}: dx", BACKWARD)


@problem("F4")
def test_gradients_of_all_stacked_lstms_come_out(student, reference, rng):
    """Weights, first states and first cells of every LSTM get their gradients, as pairs, lowest layer first."""
    dh, cache = draw_stack_cache(reference, rng, *THREE_LAYERS)

    grads = student.with_ours(*LOOPS).lstm.deep_bidirectional_lstm_backward(dh, cache)

    expected = reference.lstm.deep_bidirectional_lstm_backward(dh, cache)
    what = f"deep_bidirectional_lstm_backward with (T, N, I, H_1, ...) = {THREE_LAYERS}"
    agree(grads[1:], expected[1:], f"{what}: (dh0, dc0, dparams)", BACKWARD)


@problem("F4")
def test_stacked_lstms_apply_your_own_loop(student, reference, rng):
    """With your own LSTM, whatever it computes, one layer shows its states and sends back its gradients."""
    x, h0, c0, params = draw_stack(reference, rng, 2, 3, 4, 5)
    _, cache = reference.lstm.deep_bidirectional_lstm_forward(x, h0, c0, params)
    dh = rng.normal(size=(2, 3, 10))

    h = student.lstm.deep_bidirectional_lstm_forward.output(x, h0, c0, params)
    grads = student.lstm.deep_bidirectional_lstm_backward(dh, cache)

    pairs = zip((x, x[::-1]), h0[0], c0[0], params[0], strict=True)
    forward, backward = (answer[0] for answer in student.lstm.lstm_forward.each(list(pairs)))
    (cache_f, cache_b), back = cache.layers[0], dh[::-1, :, 5:]
    grads_f, grads_b = student.lstm.lstm_backward.each([(dh[:, :, :5], cache_f), (back, cache_b)])
    require_state(h, (2, 3, 10), "deep_bidirectional_lstm_forward: h")
    require_state(backward, (2, 3, 5), "lstm_forward: h")
    agree(h[:, :, :5], forward, "deep_bidirectional_lstm_forward with your own LSTM: its forward half")
    agree(h[:, :, 5:], backward[::-1], "deep_bidirectional_lstm_forward with your own LSTM: its backward half")
    for one in (grads_f, grads_b):
        require_state(one.dx, (2, 3, 4), "lstm_backward: dx")
    require_two(forward, backward, "lstm_forward: h")
    require_two(grads_f.dx, grads_b.dx, "lstm_backward: dx")
    what = "deep_bidirectional_lstm_backward with your own LSTM"
    agree(grads.dx, grads_f.dx + grads_b.dx[::-1], f"{what}: dx", BACKWARD)
    weights = tuple(reference.lstm.LSTMParams(*one[3:]) for one in (grads_f, grads_b))
    agree(grads.dparams, (weights,), f"{what}: dparams", BACKWARD)


@problem("F4")
def test_stacked_lstms_keep_their_axes_at_size_one(student, reference, rng):
    """One step, one sequence, one input, one unit: every axis stays, forward and backward."""
    given = draw_stack(reference, rng, *ONES)
    h, cache = reference.lstm.deep_bidirectional_lstm_forward(*given)
    dh = rng.normal(size=h.shape)
    lstm = student.with_ours(*LOOPS).lstm

    answer = lstm.deep_bidirectional_lstm_forward.output(*given)
    grads = lstm.deep_bidirectional_lstm_backward(dh, cache)

    what = f"with (T, N, I, H_1, ...) = {ONES}"
    agree(answer, h, f"deep_bidirectional_lstm_forward {what}: h")
    expected = reference.lstm.deep_bidirectional_lstm_backward(dh, cache)
    agree(grads, expected, f"deep_bidirectional_lstm_backward {what}", BACKWARD)


@problem("F4")
def test_stacked_lstms_leave_their_arguments_alone(student, reference, rng):
    """Neither direction changes an argument, and no result is a view of another."""
    given = draw_stack(reference, rng, 2, 3, 4, 5)
    h, cache = reference.lstm.deep_bidirectional_lstm_forward(*given)
    dh = rng.normal(size=h.shape)
    lstm = student.with_ours(*LOOPS).lstm

    answer = lstm.deep_bidirectional_lstm_forward.purely(*given)
    grads = lstm.deep_bidirectional_lstm_backward.purely(dh, cache)

    agree(answer[0], h, "deep_bidirectional_lstm_forward: h")
    expected = reference.lstm.deep_bidirectional_lstm_backward(dh, cache)
    agree(grads, expected, "deep_bidirectional_lstm_backward", BACKWARD)
