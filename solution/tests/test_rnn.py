"""Public checks of numnet/rnn.py: the Elman step (D1) and backpropagation through time (D2).

Letters: T time, N sequences, I input, H hidden, O outputs.
"""

import numpy as np
import pytest

from numnet.given.caches import ElmanCache, ElmanGrads, ElmanParams, ElmanStepCache, ElmanStepGrads, LinearCache
from numnet.given.claim import agree, purely
from numnet.given.gradcheck import numeric_gradient
from numnet.rnn import (
    elman_backward,
    elman_backward_truncated,
    elman_forward,
    elman_outputs,
    elman_step_backward,
    elman_step_forward,
)

NUMERIC = 1e-5  # central differences are good to 1e-9; a wrong formula is off by far more


def number(value: float) -> np.ndarray:
    """Return a 1 x 1 array: one sequence, one unit."""
    return np.array([[value]])


def draw(seed: int, *, T: int) -> tuple[np.ndarray, np.ndarray, ElmanParams]:
    """Draw x (T, N, I), h0 (N, H) and params for N = 2, I = 3, H = 4."""
    rng = np.random.default_rng(seed)
    params = ElmanParams(rng.normal(size=(4, 3)), rng.normal(size=(4, 4)) / 2, rng.normal(size=4))
    return rng.normal(size=(T, 2, 3)), rng.normal(size=(2, 4)), params


@pytest.mark.problem("D1")
def test_one_unit_can_be_computed_by_hand():
    """A single unit with x_t = 2, h_prev = -1, W_xh = 0.5, W_hh = 3 and b_h = 2 stays silent: tanh(1 - 3 + 2) = 0."""
    h_t, _ = elman_step_forward(number(2.0), number(-1.0), number(0.5), number(3.0), np.array([2.0]))

    agree(h_t, [[0.0]], "elman_step_forward: h_t")


@pytest.mark.problem("D1")
def test_the_cache_of_a_step_holds_what_the_step_saw():
    """The cache is ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)."""
    x, h0, (W_xh, W_hh, b_h) = draw(1, T=1)

    h_t, cache = purely(elman_step_forward, x[0], h0, W_xh, W_hh, b_h)

    assert type(cache) is ElmanStepCache, "the cache is ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)"
    for name, expected in zip(cache._fields, (x[0], h0, h_t, W_xh, W_hh), strict=True):
        agree(getattr(cache, name), expected, f"elman_step_forward: {name} of the cache")


@pytest.mark.problem("D1")
def test_gradients_of_one_unit_can_be_computed_by_hand():
    """At h_t = 0.5 the slope of tanh is 0.75, so dh_t = 2 becomes dz = 1.5, and every gradient is a multiple of it."""
    cache = ElmanStepCache(x_t=number(3.0), h_prev=number(2.0), h_t=number(0.5), W_xh=number(1.0), W_hh=number(4.0))

    grads = elman_step_backward(number(2.0), cache)

    assert type(grads) is ElmanStepGrads, "elman_step_backward returns ElmanStepGrads(dx, dh_prev, dW_xh, dW_hh, db_h)"
    for name, got, expected in zip(grads._fields, grads, (1.5, 6.0, 4.5, 3.0, 1.5), strict=True):
        agree(got, [expected] if name == "db_h" else number(expected), f"elman_step_backward: {name}")


@pytest.mark.problem("D1")
def test_gradients_of_a_step_agree_with_numeric_ones():
    """Moving each number a little moves the state by as much as the gradients say."""
    x, h0, params = draw(2, T=1)
    given = (x[0], h0, *params)
    dh_t = np.random.default_rng(3).normal(size=h0.shape)

    grads = purely(elman_step_backward, dh_t, elman_step_forward(*given)[1])

    numeric = [
        numeric_gradient(lambda moved, i=i: elman_step_forward(*given[:i], moved, *given[i + 1 :])[0], given[i], dh_t)
        for i in range(len(given))
    ]
    agree(grads, ElmanStepGrads(*numeric), "elman_step_backward", NUMERIC)


@pytest.mark.problem("D2")
def test_the_state_flows_from_step_to_step():
    """With W_xh = W_hh = 1 and no bias the two states are tanh(1 + h0) and tanh(0 + the first one)."""
    params = ElmanParams(number(1.0), number(1.0), np.zeros(1))

    h, h_T, _ = elman_forward(np.array([[[1.0]], [[0.0]]]), number(0.5), params)

    first = np.tanh(1.5)
    agree(h, [[[first]], [[np.tanh(first)]]], "elman_forward: h")
    agree(h_T, [[np.tanh(first)]], "elman_forward: h_T")


@pytest.mark.problem("D2")
def test_the_cache_of_a_sequence_is_a_tuple_of_steps():
    """The cache is ElmanCache(steps), a tuple of the T step caches in order, and h_T is an array of its own."""
    x, h0, params = draw(12, T=3)

    h, _, cache = purely(elman_forward, x, h0, params)

    assert type(cache) is ElmanCache, "the cache is ElmanCache(steps)"
    assert type(cache.steps) is tuple, f"steps: expected a tuple, got {type(cache.steps).__name__}"
    assert [type(step) for step in cache.steps] == [ElmanStepCache] * 3, "steps: expected 3 of ElmanStepCache"
    for t, step in enumerate(cache.steps):
        agree(step.x_t, x[t], f"elman_forward: x_t of step {t}")
        agree(step.h_prev, h[t - 1] if t else h0, f"elman_forward: h_prev of step {t}")


@pytest.mark.problem("D2")
def test_where_tanh_is_a_line_the_gradient_has_a_closed_form():
    """At states of 0 the slope of tanh is 1: the gradient of state i is the sum over t >= i of dh[t] W_hh^(t-i)."""
    x, h0, params = draw(4, T=3)
    W_xh, W_hh, _ = params
    W_hy, dy = np.random.default_rng(5).normal(size=(6, 4)), np.random.default_rng(6).normal(size=(3, 2, 6))
    dh = dy @ W_hy  # (T, N, H)
    cache = ElmanCache(tuple(ElmanStepCache(x_t, h0, 0 * h0, W_xh, W_hh) for x_t in x))

    grads = elman_backward(dh, cache)

    carried = [sum(dh[t] @ np.linalg.matrix_power(W_hh, t - i) for t in range(i, 3)) for i in range(3)]
    agree(grads.dx, np.array(carried) @ W_xh, "elman_backward: dx")
    agree(grads.dh0, carried[0] @ W_hh, "elman_backward: dh0")
    agree(grads.db_h, np.sum(carried, axis=(0, 1)), "elman_backward: db_h")


@pytest.mark.problem("D2")
def test_gradients_through_time_agree_with_numeric_ones():
    """Over four steps, with gradients for every state and for the last one again, every number moves as it should."""
    x, h0, params = draw(7, T=4)
    rng = np.random.default_rng(8)
    dh, dh_T = rng.normal(size=(4, 2, 4)), rng.normal(size=(2, 4))
    given = (x, h0, *params)

    def both(i: int, moved: np.ndarray) -> np.ndarray:
        """Return h and h_T in one array, with argument i replaced."""
        x, h0, *weights = [*given[:i], moved, *given[i + 1 :]]
        h, h_T, _ = elman_forward(x, h0, ElmanParams(*weights))
        return np.concatenate([h, h_T[None]])

    grads = purely(elman_backward, dh, elman_forward(x, h0, params)[2], dh_T)

    upstream = np.concatenate([dh, dh_T[None]])
    numeric = [numeric_gradient(lambda moved, i=i: both(i, moved), given[i], upstream) for i in range(len(given))]
    agree(grads, ElmanGrads(*numeric), "elman_backward", NUMERIC)


@pytest.mark.problem("D2")
def test_going_back_leaves_the_gradient_that_came_in_alone():
    """elman_backward does not write into dh, and a second call gives the same answer."""
    x, h0, params = draw(9, T=3)
    _, _, cache = elman_forward(x, h0, params)
    dh = np.ones((3, 2, 4))

    first, second = elman_backward(dh, cache), elman_backward(dh, cache)

    assert np.array_equal(dh, np.ones((3, 2, 4))), "dh was changed"
    for name, one, other in zip(first._fields, first, second, strict=True):
        assert np.array_equal(one, other), f"{name} of a second call is another one"


@pytest.mark.problem("D2")
def test_an_output_is_read_from_every_state():
    """With W_hy = (1, 2) and b_y = 10 a state (3, 4) is read as 3 + 8 + 10 = 21."""
    h = np.array([[[3.0, 4.0]], [[0.0, 0.0]]])  # T = 2, N = 1, H = 2

    y, cache = purely(elman_outputs, h, np.array([[1.0, 2.0]]), np.array([10.0]))

    agree(y, [[[21.0]], [[10.0]]], "elman_outputs: y")
    assert type(cache) is LinearCache, "the cache is LinearCache(h, W_hy)"


@pytest.mark.problem("D2")
def test_cutting_after_the_end_cuts_nothing():
    """Bonus without points: with k = T or more, elman_backward_truncated is elman_backward."""
    x, h0, params = draw(10, T=4)
    _, _, cache = elman_forward(x, h0, params)
    dh = np.random.default_rng(11).normal(size=(4, 2, 4))

    full, cut = elman_backward(dh, cache), purely(elman_backward_truncated, dh, cache, 4)

    agree(cut, full, "elman_backward_truncated")
