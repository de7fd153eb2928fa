"""One step of the LSTM, forward (F1) and backward (F2).

Letters: N sequences, I input, H hidden; sizes are (N, I, H). Where a check is about one path through the step, the
weights of the others are 0. The backward pass is examined with caches of our forward pass.
"""

from typing import Any

import numpy as np

from autograder.checks.claim import BACKWARD, agree, problem
from autograder.checks.sequence import draw_lstm

SIZES = (2, 3, 4)
SMALLEST = ((1, 3, 1), (2, 1, 3))
SHUT, OPEN = -800.0, 800.0  # exp of 800 is infinite, a gate there is 0 or 1


def draw_step(reference: Any, rng: np.random.Generator, sizes: tuple[int, int, int]) -> tuple[Any, ...]:
    """Draw the arguments of a step: x_t, h_prev, c_prev, params."""
    x, h0, c0, params = draw_lstm(reference, rng, (1, *sizes))
    return x[0], h0, c0, params


def with_gates(given: tuple[Any, ...], **biases: float) -> tuple[Any, ...]:
    """Return the arguments of a step without weights, where only these biases are set; peepholes stay."""
    x_t, h_prev, c_prev, params = given
    b_h = np.repeat([biases.get(block, 0.0) for block in "ifgo"], c_prev.shape[1])
    return x_t, h_prev, c_prev, params._replace(W_xh=0 * params.W_xh, W_hh=0 * params.W_hh, b_h=b_h)


def draw_gradients(reference: Any, rng: np.random.Generator, given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Draw dh_t and dc_t, and return them with the cache of our step."""
    h_t, c_t, cache = reference.lstm.lstm_step_forward(*given)
    return rng.normal(size=h_t.shape), rng.normal(size=c_t.shape), cache


def with_peepholes(given: tuple[Any, ...], *, rows: tuple[int, ...]) -> tuple[Any, ...]:
    """Return the arguments of a step in which only these rows of w_peep are not 0."""
    *others, params = given
    w_peep = np.zeros_like(params.w_peep)
    w_peep[list(rows)] = params.w_peep[list(rows)]
    return *others, params._replace(w_peep=w_peep)


@problem("F1")
def test_lstm_step_returns_state_cell_and_cache(student, reference, rng):
    """A step returns h_t and c_t, float64 arrays of shape (N, H), and LSTMStepCache with its eleven fields."""
    given = draw_step(reference, rng, (2, 3, 4))

    answer = student.lstm.lstm_step_forward(*given)

    agree(answer, reference.lstm.lstm_step_forward(*given), "lstm_step_forward: (h_t, c_t, cache)")


@problem("F1")
def test_lstm_step_follows_the_equations(student, reference, rng):
    """State and cell are those of the equations, for every row of the batch, with weights of all four blocks."""
    given = draw_step(reference, rng, SIZES)

    h_t, c_t, _ = student.lstm.lstm_step_forward(*given)

    expected = reference.lstm.lstm_step_forward(*given)
    agree(h_t, expected[0], f"lstm_step_forward with (N, I, H) = {SIZES}: h_t")
    agree(c_t, expected[1], f"lstm_step_forward with (N, I, H) = {SIZES}: c_t")


@problem("F1")
def test_row_blocks_are_those_of_i_f_g_o(student, reference, rng):
    """The four blocks of the weights are i, f, g, o, in this order: a bias in one block moves that gate."""
    blank = with_peepholes(draw_step(reference, rng, (2, 3, 4)), rows=())
    calls = [with_gates(blank, **{block: 1.5}) for block in "ifgo"]

    answers = student.lstm.lstm_step_forward.each(calls)

    for block, call, (_, _, cache) in zip("ifgo", calls, answers, strict=True):
        expected = reference.lstm.lstm_step_forward(*call)[2]
        for name in "ifgo":
            what = f"lstm_step_forward with a bias in block {block} alone: the cache's {name}"
            agree(getattr(cache, name), getattr(expected, name), what)


@problem("F1")
def test_input_and_forget_gates_see_the_old_cell(student, reference, rng):
    """The peepholes of i and f bring c_prev into the sum of the gate, unit by unit, before the sigmoid."""
    for row, name in ((0, "i"), (1, "f")):
        given = with_peepholes(draw_step(reference, rng, (2, 3, 4)), rows=(row,))

        _, _, cache = student.lstm.lstm_step_forward(*given)

        expected = reference.lstm.lstm_step_forward(*given)[2]
        agree(getattr(cache, name), getattr(expected, name), f"lstm_step_forward with w_peep[{row}] alone: {name}")


@problem("F1")
def test_output_gate_sees_the_new_cell(student, reference, rng):
    """The peephole of o brings c_t into its sum: where the forget gate is shut, c_prev has nothing to say about o."""
    x_t, h_prev, c_prev, params = with_peepholes(draw_step(reference, rng, (2, 3, 4)), rows=(2,))
    params.b_h[4:8] = SHUT
    calls = [(x_t, h_prev, cell, params) for cell in (c_prev, -c_prev, 0 * c_prev)]

    answers = student.lstm.lstm_step_forward.each(calls)

    expected = reference.lstm.lstm_step_forward(*calls[0])
    for h_t, _, cache in answers:
        agree(cache.o, expected[2].o, "lstm_step_forward with w_peep[2] alone and f = 0: o")
        agree(h_t, expected[0], "lstm_step_forward with w_peep[2] alone and f = 0: h_t")


@problem("F1")
def test_gates_shut_and_open_all_the_way(student, reference, rng):
    """With sums of 800 and -800 a gate is exactly 1 or 0, and nothing is NaN: a cell is kept, cleared or hidden."""
    given = draw_step(reference, rng, (2, 3, 4))
    gates = [
        {"i": SHUT, "f": OPEN, "g": 0.3, "o": OPEN},
        {"i": OPEN, "f": SHUT, "g": OPEN, "o": OPEN},
        {"i": OPEN, "f": OPEN, "g": SHUT, "o": SHUT},
    ]
    calls = [with_gates(given, **biases) for biases in gates]

    answers = student.lstm.lstm_step_forward.each(calls)

    for biases, call, (h_t, c_t, _) in zip(gates, calls, answers, strict=True):
        expected = reference.lstm.lstm_step_forward(*call)
        agree(c_t, expected[1], f"lstm_step_forward with biases {biases} and no weights: c_t")
        agree(h_t, expected[0], f"lstm_step_forward with biases {biases} and no weights: h_t")


@problem("F1")
def test_lstm_step_keeps_both_axes_at_size_one(student, reference, rng):
    """A batch of one sequence, one input or one unit is still a batch: h_t and c_t are (N, H)."""
    calls = [draw_step(reference, rng, sizes) for sizes in SMALLEST]

    answers = student.lstm.lstm_step_forward.each(calls)

    for sizes, call, answer in zip(SMALLEST, calls, answers, strict=True):
        agree(answer, reference.lstm.lstm_step_forward(*call), f"lstm_step_forward with (N, I, H) = {sizes}")


@problem("F1")
def test_lstm_step_leaves_its_arguments_alone(student, reference, rng):
    """The step changes no argument, and neither h_t nor c_t is a view of one."""
    given = draw_step(reference, rng, (2, 3, 4))

    h_t, c_t, _ = student.lstm.lstm_step_forward.purely(*given)

    expected = reference.lstm.lstm_step_forward(*given)
    agree(h_t, expected[0], "lstm_step_forward: h_t")
    agree(c_t, expected[1], "lstm_step_forward: c_t")


@problem("F2")
def test_lstm_step_gradients_reach_input_and_state(student, reference, rng):
    """The gradients of x_t and h_prev come through all four blocks of the weights."""
    given = draw_gradients(reference, rng, draw_step(reference, rng, SIZES))

    grads = student.lstm.lstm_step_backward(*given)

    expected = reference.lstm.lstm_step_backward(*given)
    agree(grads.dx, expected.dx, f"lstm_step_backward with (N, I, H) = {SIZES}: dx", BACKWARD)
    agree(grads.dh_prev, expected.dh_prev, f"lstm_step_backward with (N, I, H) = {SIZES}: dh_prev", BACKWARD)


@problem("F2")
def test_lstm_step_weight_gradients_sum_over_the_batch(student, reference, rng):
    """The gradients of W_xh, W_hh and b_h pair the four blocks with x_t, h_prev and 1, and add up the batch."""
    given = draw_gradients(reference, rng, draw_step(reference, rng, SIZES))

    grads = student.lstm.lstm_step_backward(*given)

    expected = reference.lstm.lstm_step_backward(*given)
    for name in ("dW_xh", "dW_hh", "db_h"):
        what = f"lstm_step_backward with (N, I, H) = {SIZES}: {name}"
        agree(getattr(grads, name), getattr(expected, name), what, BACKWARD)


@problem("F2")
def test_cell_gradient_goes_back_through_the_forget_gate(student, reference, rng):
    """Without peepholes, what comes back to c_prev is what c_t was told, times the forget gate."""
    step = with_peepholes(draw_step(reference, rng, SIZES), rows=())
    dh_t, dc_t, cache = draw_gradients(reference, rng, step)

    grads = student.lstm.lstm_step_backward(0 * dh_t, dc_t, cache)

    agree(grads.dc_prev, dc_t * cache.f, "lstm_step_backward with dh_t = 0 and w_peep = 0: dc_prev", BACKWARD)


@problem("F2")
def test_state_gradient_reaches_the_cell_through_tanh(student, reference, rng):
    """Without peepholes and with dc_t = 0, the cell hears of dh_t through the output gate and the slope of tanh."""
    step = with_peepholes(draw_step(reference, rng, SIZES), rows=())
    dh_t, dc_t, cache = draw_gradients(reference, rng, step)

    grads = student.lstm.lstm_step_backward(dh_t, 0 * dc_t, cache)

    expected = reference.lstm.lstm_step_backward(dh_t, 0 * dc_t, cache)
    agree(grads.dc_prev, expected.dc_prev, "lstm_step_backward with dc_t = 0 and w_peep = 0: dc_prev", BACKWARD)
    agree(grads.db_h, expected.db_h, "lstm_step_backward with dc_t = 0 and w_peep = 0: db_h", BACKWARD)


@problem("F2")
def test_new_cell_hears_from_the_output_peephole(student, reference, rng):
    """The output gate saw c_t, so its gradient goes into c_t too, and on to everything that made c_t."""
    step = with_peepholes(draw_step(reference, rng, (2, 3, 4)), rows=(2,))
    dh_t, dc_t, cache = draw_gradients(reference, rng, step)

    grads = student.lstm.lstm_step_backward(dh_t, dc_t, cache)

    expected = reference.lstm.lstm_step_backward(dh_t, dc_t, cache)
    agree(grads.dc_prev, expected.dc_prev, "lstm_step_backward with w_peep[2] alone: dc_prev", BACKWARD)
    agree(grads.db_h, expected.db_h, "lstm_step_backward with w_peep[2] alone: db_h", BACKWARD)


@problem("F2")
def test_old_cell_hears_from_the_peepholes_of_input_and_forget(student, reference, rng):
    """The input and the forget gate saw c_prev, so each of them sends a gradient into c_prev."""
    for row in (0, 1):
        step = with_peepholes(draw_step(reference, rng, (2, 3, 4)), rows=(row,))
        given = draw_gradients(reference, rng, step)

        grads = student.lstm.lstm_step_backward(*given)

        expected = reference.lstm.lstm_step_backward(*given)
        agree(grads.dc_prev, expected.dc_prev, f"lstm_step_backward with w_peep[{row}] alone: dc_prev", BACKWARD)


@problem("F2")
def test_full_gradient_goes_through_all_peepholes(student, reference, rng):
    """With all three peepholes at once, nothing is cut off: dc_prev is the whole derivative."""
    given = draw_gradients(reference, rng, draw_step(reference, rng, SIZES))

    grads = student.lstm.lstm_step_backward(*given)

    expected = reference.lstm.lstm_step_backward(*given)
    agree(grads.dc_prev, expected.dc_prev, f"lstm_step_backward with (N, I, H) = {SIZES}: dc_prev", BACKWARD)


@problem("F2")
def test_peephole_gradients_pair_each_gate_with_the_cell_it_saw(student, reference, rng):
    """dw_peep has the rows i, f, o: two pair their gate with c_prev, the last with c_t, summed over the batch."""
    given = draw_gradients(reference, rng, draw_step(reference, rng, SIZES))

    grads = student.lstm.lstm_step_backward(*given)

    expected = reference.lstm.lstm_step_backward(*given)
    agree(grads.dw_peep, expected.dw_peep, f"lstm_step_backward with (N, I, H) = {SIZES}: dw_peep", BACKWARD)


@problem("F2")
def test_lstm_step_gradients_keep_their_shapes_at_size_one(student, reference, rng):
    """Every gradient has the shape of what it is the gradient of, also for one sequence, one input or one unit."""
    calls = [draw_gradients(reference, rng, draw_step(reference, rng, sizes)) for sizes in SMALLEST]

    answers = student.lstm.lstm_step_backward.each(calls)

    for sizes, call, grads in zip(SMALLEST, calls, answers, strict=True):
        expected = reference.lstm.lstm_step_backward(*call)
        agree(grads, expected, f"lstm_step_backward with (N, I, H) = {sizes}", BACKWARD)


@problem("F2")
def test_shut_gates_pass_no_gradient(student, reference, rng):
    """Where the gates are exactly 0 or 1 their slopes are 0: only the way through an open forget gate is left."""
    step = with_gates(draw_step(reference, rng, (2, 3, 4)), i=SHUT, f=OPEN, g=OPEN, o=SHUT)
    dh_t, dc_t, cache = draw_gradients(reference, rng, step)

    grads = student.lstm.lstm_step_backward(dh_t, dc_t, cache)

    agree(
        grads, reference.lstm.lstm_step_backward(dh_t, dc_t, cache), "lstm_step_backward at gates of 0 and 1", BACKWARD
    )


@problem("F2")
def test_lstm_step_gradients_are_arrays_of_their_own(student, reference, rng):
    """lstm_step_backward changes neither dh_t nor dc_t nor the cache, and no gradient is a view of another."""
    given = draw_gradients(reference, rng, draw_step(reference, rng, (2, 3, 4)))

    grads = student.lstm.lstm_step_backward.purely(*given)

    agree(grads, reference.lstm.lstm_step_backward(*given), "lstm_step_backward", BACKWARD)
