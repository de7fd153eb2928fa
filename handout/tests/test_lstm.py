"""Public checks of numnet/lstm.py: the step (F1), its gradient (F2), the loop (F3), and layers of LSTMs (F4).

Letters: T time, N sequences, I input, H hidden.
"""

import numpy as np
import pytest

from numnet.given.caches import LSTMGrads, LSTMParams, LSTMStepCache, LSTMStepGrads
from numnet.given.claim import agree, equal, purely
from numnet.given.gradcheck import numeric_gradient
from numnet.lstm import (
    deep_bidirectional_lstm_backward,
    deep_bidirectional_lstm_forward,
    lstm_backward,
    lstm_forward,
    lstm_step_backward,
    lstm_step_forward,
)

NUMERIC = 1e-5  # central differences are good to 1e-9; a wrong formula is off by far more
BLANK = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4), np.zeros((3, 1)))  # one unit, no weights


def number(value: float) -> np.ndarray:
    """Return a 1 x 1 array: one sequence, one unit."""
    return np.array([[value]])


def draw_params(rng: np.random.Generator, inputs: int, hidden: int) -> LSTMParams:
    """Draw weights for inputs of size I and states of size H."""
    shapes = (4 * hidden, inputs), (4 * hidden, hidden), (4 * hidden,), (3, hidden)
    return LSTMParams(*[rng.normal(size=shape) / 2 for shape in shapes])


def draw(seed: int, *, T: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMParams]:
    """Draw x (T, N, I), h0, c0 (N, H) and params for N = 2, I = 3, H = 4."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(T, 2, 3)), rng.normal(size=(2, 4)), rng.normal(size=(2, 4)), draw_params(rng, 3, 4)


@pytest.mark.problem("F1")
def test_without_weights_every_gate_is_half_open():
    """With all weights 0 half of the cell is kept and half of its tanh is shown: 2 becomes 1, and h_t tanh(1) / 2."""
    h_t, c_t, _ = lstm_step_forward(number(5.0), number(-3.0), number(2.0), BLANK)

    agree(c_t, [[1.0]], "lstm_step_forward: c_t")
    agree(h_t, [[np.tanh(1.0) / 2]], "lstm_step_forward: h_t")


@pytest.mark.problem("F1")
def test_without_peepholes_the_step_is_that_of_torch():
    """With w_peep = 0 the numbers are those of torch.nn.LSTMCell with the same weights."""
    signs = (-1.0) ** np.arange(16)
    params = LSTMParams(
        W_xh=np.arange(16).reshape(8, 2) / 16 - 0.5,
        W_hh=(signs * np.arange(16) / 10).reshape(8, 2),
        b_h=np.arange(8) / 4 - 1,
        w_peep=np.zeros((3, 2)),
    )

    h_t, c_t, _ = lstm_step_forward(np.array([[1.0, -2.0]]), np.array([[0.5, 0.25]]), np.array([[-1.0, 2.0]]), params)

    agree(h_t, [[-0.231771294, 0.49328134]], "lstm_step_forward: h_t", 1e-8)
    agree(c_t, [[-0.408422283, 1.02242683]], "lstm_step_forward: c_t", 1e-8)


@pytest.mark.problem("F1")
def test_the_output_gate_looks_at_the_new_cell():
    """c_prev = 2 becomes c_t = 1; a peephole of 3 makes o the sigmoid of 3 * 1, and not of 3 * 2."""
    params = BLANK._replace(w_peep=np.array([[0.0], [0.0], [3.0]]))

    h_t, _, cache = lstm_step_forward(number(0.0), number(0.0), number(2.0), params)

    agree(cache.o, [[0.9525741268]], "lstm_step_forward: o of the cache")
    agree(h_t, [[0.9525741268 * np.tanh(1.0)]], "lstm_step_forward: h_t")


@pytest.mark.problem("F1")
def test_the_cache_of_an_lstm_step_holds_what_the_step_saw():
    """The cache is LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, w_peep)."""
    x, h0, c0, params = draw(1, T=1)

    _, c_t, cache = purely(lstm_step_forward, x[0], h0, c0, params)

    assert type(cache) is LSTMStepCache, "the cache is LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, ...)"
    seen = {"x_t": x[0], "h_prev": h0, "c_prev": c0, "c_t": c_t, "W_xh": params.W_xh, "W_hh": params.W_hh}
    for name, expected in {**seen, "w_peep": params.w_peep}.items():
        agree(getattr(cache, name), expected, f"lstm_step_forward: {name} of the cache")
    agree(cache.f * c0 + cache.i * cache.g, c_t, "lstm_step_forward: f c_prev + i g of the cache")


@pytest.mark.problem("F2")
def test_lstm_gradients_of_one_unit_can_be_computed_by_hand():
    """All gates at 0.5, g = 0, c_prev = 2, c_t = 1, and dc_t = 1: the gradients of the sums are 0, 0.5, 0.5, 0."""
    half, zero = number(0.5), number(0.0)
    cache = LSTMStepCache(
        number(3.0), number(10.0), number(2.0), half, half, zero, half, number(1.0), *BLANK[:2], BLANK.w_peep
    )

    grads = lstm_step_backward(zero, number(1.0), cache)

    agree(grads.db_h, [0.0, 0.5, 0.5, 0.0], "lstm_step_backward: db_h")
    agree(grads.dW_xh, [[0.0], [1.5], [1.5], [0.0]], "lstm_step_backward: dW_xh")
    agree(grads.dW_hh, [[0.0], [5.0], [5.0], [0.0]], "lstm_step_backward: dW_hh")
    agree(grads.dc_prev, [[0.5]], "lstm_step_backward: dc_prev")
    agree(grads.dw_peep, [[0.0], [1.0], [0.0]], "lstm_step_backward: dw_peep")


@pytest.mark.problem("F2")
def test_gradients_of_an_lstm_step_agree_with_numeric_ones():
    """Moving each number a little moves state and cell by as much as the gradients say, peepholes included."""
    x, h0, c0, params = draw(2, T=1)
    given = (x[0], h0, c0, *params)
    dh_t, dc_t = np.random.default_rng(3).normal(size=(2, 2, 4))

    def both(i: int, moved: np.ndarray) -> np.ndarray:
        """Return h_t and c_t in one array, with argument i replaced."""
        x_t, h_prev, c_prev, *weights = [*given[:i], moved, *given[i + 1 :]]
        return np.stack(lstm_step_forward(x_t, h_prev, c_prev, LSTMParams(*weights))[:2])

    grads = purely(lstm_step_backward, dh_t, dc_t, lstm_step_forward(x[0], h0, c0, params)[2])

    upstream = np.stack([dh_t, dc_t])
    numeric = [numeric_gradient(lambda moved, i=i: both(i, moved), given[i], upstream) for i in range(len(given))]
    agree(grads, LSTMStepGrads(*numeric), "lstm_step_backward", NUMERIC)


@pytest.mark.problem("F3")
def test_the_cell_flows_from_step_to_step():
    """Without weights every step halves the cell: from 8 to 4, 2 and 1, and what is shown is tanh of it, halved."""
    h, h_T, c_T, cache = purely(lstm_forward, np.ones((3, 1, 1)), number(0.0), number(8.0), BLANK)

    agree(h, np.tanh([[[4.0]], [[2.0]], [[1.0]]]) / 2, "lstm_forward: h")
    agree(h_T, [[np.tanh(1.0) / 2]], "lstm_forward: h_T")
    agree(c_T, [[1.0]], "lstm_forward: c_T")
    equal([type(step) for step in cache.steps], [LSTMStepCache] * 3, "lstm_forward: steps of the cache")


@pytest.mark.problem("F3")
def test_the_gradient_of_the_cell_flows_back_from_step_to_step():
    """Without weights every step lets half of the gradient of the cell through: 1 becomes 1/8 on the way to c0."""
    _, _, _, cache = lstm_forward(np.ones((3, 1, 1)), number(0.0), number(8.0), BLANK)

    grads = lstm_backward(np.zeros((3, 1, 1)), cache, dc_T=number(1.0))

    agree(grads.dc0, [[0.125]], "lstm_backward: dc0")


@pytest.mark.problem("F3")
def test_lstm_gradients_through_time_agree_with_numeric_ones():
    """Over four steps, with gradients for h, h_T and c_T, every number moves as it should."""
    x, h0, c0, params = draw(4, T=4)
    given = (x, h0, c0, *params)
    *dh, dh_T, dc_T = upstream = np.random.default_rng(5).normal(size=(6, 2, 4))

    def all_of_it(i: int, moved: np.ndarray) -> np.ndarray:
        """Return h, h_T and c_T in one array, with argument i replaced."""
        x, h0, c0, *weights = [*given[:i], moved, *given[i + 1 :]]
        h, h_T, c_T, _ = lstm_forward(x, h0, c0, LSTMParams(*weights))
        return np.stack([*h, h_T, c_T])

    grads = purely(lstm_backward, np.array(dh), lstm_forward(x, h0, c0, params)[3], dh_T, dc_T)

    numeric = [numeric_gradient(lambda moved, i=i: all_of_it(i, moved), given[i], upstream) for i in range(len(given))]
    agree(grads, LSTMGrads(*numeric), "lstm_backward", NUMERIC)


def draw_stack(seed: int, *hidden: int) -> tuple:
    """Draw x, h0, c0 and params for T = 3, N = 2, I = 3 and one layer for each size H."""
    rng = np.random.default_rng(seed)
    widths = [3, *(2 * size for size in hidden[:-1])]
    params = [tuple(draw_params(rng, width, size) for _ in "fb") for width, size in zip(widths, hidden, strict=True)]
    h0, c0 = ([tuple(rng.normal(size=(2, 2, size))) for size in hidden] for _ in range(2))
    return rng.normal(size=(3, 2, 3)), h0, c0, params


@pytest.mark.problem("F4")
def test_one_layer_of_lstms_reads_in_both_directions():
    """One layer shows your lstm_forward of x, and beside it that of x from its end, put back in the order of time."""
    x, [(h0_f, h0_b)], [(c0_f, c0_b)], [(params_f, params_b)] = given = draw_stack(6, 4)

    h, cache = purely(deep_bidirectional_lstm_forward, *given)

    ahead, back = lstm_forward(x, h0_f, c0_f, params_f)[0], lstm_forward(x[::-1], h0_b, c0_b, params_b)[0]
    in_order = [np.hstack([ahead[t], back[2 - t]]) for t in range(3)]
    agree(h, in_order, "deep_bidirectional_lstm_forward: h")
    equal(len(cache.layers), 1, "deep_bidirectional_lstm_forward: the number of layers in the cache")


@pytest.mark.problem("F4")
def test_gradients_of_two_layers_of_lstms_agree_with_numeric_ones():
    """Through layers with H = 4 and H = 2 the gradients of x and of the lowest backward LSTM are the numeric ones."""
    x, h0, c0, params = draw_stack(7, 4, 2)
    dh = np.random.default_rng(8).normal(size=(3, 2, 4))
    lowest_f, lowest_b = params[0]

    grads = deep_bidirectional_lstm_backward(dh, deep_bidirectional_lstm_forward(x, h0, c0, params)[1])

    numeric = numeric_gradient(lambda moved: deep_bidirectional_lstm_forward(moved, h0, c0, params)[0], x, dh)
    agree(grads.dx, numeric, "deep_bidirectional_lstm_backward: dx", NUMERIC)
    for i, name in enumerate(LSTMParams._fields):

        def moved_weight(moved: np.ndarray, name: str = name) -> np.ndarray:
            """Return h with one weight of the lowest backward LSTM replaced."""
            other = [(lowest_f, lowest_b._replace(**{name: moved})), params[1]]
            return deep_bidirectional_lstm_forward(x, h0, c0, other)[0]

        numeric = numeric_gradient(moved_weight, lowest_b[i], dh)
        agree(grads.dparams[0][1][i], numeric, f"deep_bidirectional_lstm_backward: dparams[0][1].{name}", NUMERIC)
