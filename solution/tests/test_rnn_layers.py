"""Public checks of numnet/rnn.py: both directions (D3), stacks of layers (D4), and stacks in both directions (D5).

Letters: T time, N sequences, I input, H hidden.
"""

import numpy as np
import pytest

from numnet.given.caches import ElmanParams
from numnet.given.claim import agree, equal, purely
from numnet.given.gradcheck import numeric_gradient
from numnet.rnn import (
    bidirectional_backward,
    bidirectional_forward,
    deep_bidirectional_backward,
    deep_bidirectional_forward,
    deep_elman_backward,
    deep_elman_forward,
    elman_backward,
    elman_forward,
    reverse_padded,
)

NUMERIC = 1e-5  # central differences are good to 1e-9; a wrong formula is off by far more


def draw_params(rng: np.random.Generator, inputs: int, hidden: int) -> ElmanParams:
    """Draw weights for inputs of size I and states of size H."""
    shapes = (hidden, inputs), (hidden, hidden), (hidden,)
    return ElmanParams(*[rng.normal(size=shape) / 2 for shape in shapes])


def draw_pair(seed: int) -> tuple:
    """Draw x, h0_f, h0_b, params_f and params_b for T = 3, N = 2, I = 3, H = 4."""
    rng = np.random.default_rng(seed)
    h0_f, h0_b = rng.normal(size=(2, 2, 4))
    return rng.normal(size=(3, 2, 3)), h0_f, h0_b, draw_params(rng, 3, 4), draw_params(rng, 3, 4)


@pytest.mark.problem("D3")
def test_each_sequence_is_turned_round_up_to_its_length():
    """1 2 3 becomes 3 2 1; 4 5 with one padded step becomes 5 4 with its padding where it was."""
    x = np.array([[1.0, 4.0], [2.0, 5.0], [3.0, -1.0]])

    x_rev = purely(reverse_padded, x, np.array([3, 2]))

    agree(x_rev, [[3.0, 5.0], [2.0, 4.0], [1.0, -1.0]], "reverse_padded")


@pytest.mark.problem("D3")
def test_the_two_directions_meet_at_each_time():
    """Where a state only counts its steps, h holds those of 1, 2, 3 steps in one half and of 3, 2, 1 in the other."""
    one = np.ones((1, 1))
    params = ElmanParams(0 * one, one, np.array([0.5]))  # the state after t steps does not depend on x
    after = [np.tanh(0.5)]
    for _ in range(2):
        after.append(np.tanh(after[-1] + 0.5))

    h, (h_T, h_1), _ = bidirectional_forward(np.zeros((3, 1, 1)), 0 * one, 0 * one, params, params)

    agree(h[:, 0, 0], after, "bidirectional_forward: forward half of h")
    agree(h[:, 0, 1], [after[2], after[1], after[0]], "bidirectional_forward: backward half of h")
    agree(h_T, [[after[2]]], "bidirectional_forward: h_T_fwd")
    agree(h_1, [[after[2]]], "bidirectional_forward: h_1_bwd")


@pytest.mark.problem("D3")
def test_padding_does_not_matter():
    """A sequence of length 2 in a batch of length 3 has the states that it has alone; the rest of h is 0."""
    x, h0_f, h0_b, params_f, params_b = draw_pair(1)
    x[2, 1] = np.nan

    h, (h_T, h_1), cache = purely(bidirectional_forward, x, h0_f, h0_b, params_f, params_b, np.array([3, 2]))

    alone, ends, _ = bidirectional_forward(x[:2, 1:], h0_f[1:], h0_b[1:], params_f, params_b)
    agree(h[:2, 1:], alone, "bidirectional_forward: h of the short sequence")
    agree(h[2, 1], np.zeros(8), "bidirectional_forward: h at the padding")
    agree(h_T[1:], ends[0], "bidirectional_forward: h_T_fwd of the short sequence")
    agree(h_1[1:], ends[1], "bidirectional_forward: h_1_bwd of the short sequence")
    equal(cache.lengths, np.array([3, 2]), "bidirectional_forward: lengths of the cache")


@pytest.mark.problem("D3")
def test_gradients_of_both_directions_agree_with_numeric_ones():
    """Moving x, a first state or a weight of either direction moves h as the gradients say."""
    given = draw_pair(2)
    dh = np.random.default_rng(3).normal(size=(3, 2, 8))
    x, h0_f, h0_b, params_f, params_b = given

    grads = purely(bidirectional_backward, dh, bidirectional_forward(*given)[2])

    for i, name in enumerate(("dx", "dh0_f", "dh0_b")):
        numeric = numeric_gradient(
            lambda moved, i=i: bidirectional_forward(*given[:i], moved, *given[i + 1 :])[0], given[i], dh
        )
        agree(grads[i], numeric, f"bidirectional_backward: {name}", NUMERIC)
    for name in ElmanParams._fields:
        numeric = numeric_gradient(
            lambda moved, name=name: bidirectional_forward(x, h0_f, h0_b, params_f, params_b._replace(**{name: moved}))[
                0
            ],
            getattr(params_b, name),
            dh,
        )
        agree(getattr(grads.dparams_b, name), numeric, f"bidirectional_backward: dparams_b.{name}", NUMERIC)


@pytest.mark.problem("D4")
def test_one_layer_is_an_elman_network():
    """A stack of one is elman_forward and elman_backward; what has an entry for each layer has one."""
    x, h0, _, params, _ = draw_pair(4)
    expected_h, expected_h_T, expected_cache = elman_forward(x, h0, params)
    dh = np.random.default_rng(5).normal(size=(3, 2, 4))

    h, h_T, cache = purely(deep_elman_forward, x, [h0], [params])
    grads = purely(deep_elman_backward, dh, cache)

    expected = elman_backward(dh, expected_cache)
    agree(h, expected_h, "deep_elman_forward: h")
    equal([len(h_T), len(cache.layers)], [1, 1], "deep_elman_forward: the number of entries of h_T and of the cache")
    agree(h_T[0], expected_h_T, "deep_elman_forward: h_T[0]")
    agree(grads.dx, expected.dx, "deep_elman_backward: dx")
    agree(grads.dh0, (expected.dh0,), "deep_elman_backward: dh0")
    equal(len(grads.dparams), 1, "deep_elman_backward: the number of entries of dparams")


@pytest.mark.problem("D4")
def test_the_second_layer_reads_the_first():
    """With one unit per layer and weights of 1, x = 1 becomes tanh(1), and that becomes tanh(tanh(1))."""
    one = np.ones((1, 1))
    params = ElmanParams(one, one, np.zeros(1))

    h, h_T, _ = deep_elman_forward(np.ones((1, 1, 1)), [0 * one, 0 * one], [params, params])

    agree(h, [[[np.tanh(np.tanh(1.0))]]], "deep_elman_forward: h")
    agree(np.array(h_T), [[[np.tanh(1.0)]], [[np.tanh(np.tanh(1.0))]]], "deep_elman_forward: h_T")


@pytest.mark.problem("D4")
def test_gradients_of_two_layers_agree_with_numeric_ones():
    """With H = 4 below H = 2, moving x, the lower first state or a lower weight moves h as the gradients say."""
    x, h0, _, lower, _ = draw_pair(6)
    rng = np.random.default_rng(7)
    top, upper, dh = rng.normal(size=(2, 2)), draw_params(rng, 4, 2), rng.normal(size=(3, 2, 2))

    grads = deep_elman_backward(dh, deep_elman_forward(x, [h0, top], [lower, upper])[2])

    def h_of(x: np.ndarray, h0: np.ndarray, *weights: np.ndarray) -> np.ndarray:
        """Return h for an input, and a first state and weights of the lower layer."""
        return deep_elman_forward(x, [h0, top], [ElmanParams(*weights), upper])[0]

    given = (x, h0, *lower)
    names = ("dx", "dh0[0]", "dparams[0].W_xh", "dparams[0].W_hh", "dparams[0].b_h")
    for i, got in enumerate((grads.dx, grads.dh0[0], *grads.dparams[0])):
        numeric = numeric_gradient(lambda moved, i=i: h_of(*given[:i], moved, *given[i + 1 :]), given[i], dh)
        agree(got, numeric, f"deep_elman_backward: {names[i]}", NUMERIC)


@pytest.mark.problem("D5")
def test_one_layer_in_both_directions_is_a_bidirectional_layer():
    """A stack of one is bidirectional_forward from states of zero."""
    x, h0, _, *pair = draw_pair(8)

    h, cache = purely(deep_bidirectional_forward, x, [tuple(pair)])

    agree(h, bidirectional_forward(x, 0 * h0, 0 * h0, *pair)[0], "deep_bidirectional_forward: h")
    equal(len(cache.layers), 1, "deep_bidirectional_forward: the number of layers in the cache")


@pytest.mark.problem("D5")
def test_gradients_of_two_bidirectional_layers_agree_with_numeric_ones():
    """With H = 4 below H = 2, moving x or a weight of the lower backward network moves h as the gradients say."""
    x, _, _, lower_f, lower_b = draw_pair(9)
    rng = np.random.default_rng(10)
    upper, dh = (draw_params(rng, 8, 2), draw_params(rng, 8, 2)), rng.normal(size=(3, 2, 4))

    grads = deep_bidirectional_backward(dh, deep_bidirectional_forward(x, [(lower_f, lower_b), upper])[1])

    def h_of(x: np.ndarray, *weights: np.ndarray) -> np.ndarray:
        """Return h for an input, and weights of the lower backward network."""
        return deep_bidirectional_forward(x, [(lower_f, ElmanParams(*weights)), upper])[0]

    given = (x, *lower_b)
    names = ("dx", "dparams[0][1].W_xh", "dparams[0][1].W_hh", "dparams[0][1].b_h")
    for i, got in enumerate((grads.dx, *grads.dparams[0][1])):
        numeric = numeric_gradient(lambda moved, i=i: h_of(*given[:i], moved, *given[i + 1 :]), given[i], dh)
        agree(got, numeric, f"deep_bidirectional_backward: {names[i]}", NUMERIC)
