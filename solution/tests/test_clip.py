"""Public checks of numnet/clip.py: the sensitivity of states to inputs (E1), and clipping (E2).

Letters: T time, N sequences, I input, H hidden.
"""

import numpy as np
import pytest

from numnet.clip import clip_grad_norm, clip_grad_value, sensitivity
from numnet.given.claim import agree, equal, purely


def linear_network(W_xh: np.ndarray, W_hh: np.ndarray):
    """Return forward and backward of h[t] = W_xh x[t] + W_hh h[t-1]: an Elman network without tanh, bias and h0."""

    def forward(x):
        """Return h (T, N, H), and nothing as the cache."""
        h = np.zeros((len(x), x.shape[1], len(W_hh)))
        for t in range(len(x)):
            h[t] = x[t] @ W_xh.T + (h[t - 1] @ W_hh.T if t else 0.0)
        return h, None

    def backward(dh, _):
        """Return dx (T, N, I)."""
        carried = np.zeros_like(dh)
        for t in range(len(dh) - 1, -1, -1):
            carried[t] = dh[t] + (carried[t + 1] @ W_hh if t + 1 < len(dh) else 0.0)
        return carried @ W_xh

    return forward, backward


@pytest.mark.problem("E1")
def test_a_state_that_halves_forgets_by_halves():
    """With one unit, W_xh = 3 and W_hh = 0.5, states feel the first input by 3, 1.5, 0.75 and 0.375."""
    forward, backward = linear_network(np.array([[3.0]]), np.array([[0.5]]))

    felt = sensitivity(forward, backward, np.ones((4, 1, 1)))

    agree(felt, [3.0, 1.5, 0.75, 0.375], "sensitivity: of every state")


@pytest.mark.problem("E1")
def test_without_tanh_the_sensitivity_is_the_norm_of_a_power():
    """In a linear network state t feels input s by the norm of W_hh^(t-s) W_xh, and states before s do not feel it."""
    rng = np.random.default_rng(1)
    W_xh, W_hh = rng.normal(size=(4, 3)), rng.normal(size=(4, 4))
    forward, backward = linear_network(W_xh, W_hh)

    felt = purely(sensitivity, forward, backward, rng.normal(size=(5, 1, 3)), s=2)

    norms = [np.linalg.norm(np.linalg.matrix_power(W_hh, t - 2) @ W_xh) for t in range(2, 5)]
    agree(felt, [0.0, 0.0, *norms], "sensitivity: of every state")


@pytest.mark.problem("E2")
def test_five_becomes_one():
    """The gradients 3 and 4 of two weights are 5 long together; with max_norm = 1 they become 0.6 and 0.8."""
    clipped, total = clip_grad_norm({"W": np.array([[3.0]]), "b": np.array([4.0])}, 1.0)

    agree(total, 5.0, "clip_grad_norm: total_norm")
    agree(clipped, {"W": np.array([[0.6]]), "b": np.array([0.8])}, "clip_grad_norm", 1e-6)


@pytest.mark.problem("E2")
def test_small_gradients_stay_as_they_are_to_the_bit():
    """What is shorter than max_norm is not changed at all, and certainly not made longer."""
    grads = {"W": np.random.default_rng(2).normal(size=(3, 4)), "b": np.array([0.1, -0.2, 0.3])}

    clipped, _ = purely(clip_grad_norm, grads, 100.0)

    equal(clipped, grads, "clip_grad_norm")


@pytest.mark.problem("E2")
def test_clipping_leaves_the_gradients_that_came_in_alone():
    """Neither function writes into the arrays of its caller: (30, -40) is 50 long, and each entry larger than 1."""
    grads = {"b": np.array([30.0, -40.0])}

    short, _ = purely(clip_grad_norm, grads, 5.0)
    cut = purely(clip_grad_value, grads, 1.0)

    agree(short, {"b": np.array([3.0, -4.0])}, "clip_grad_norm", 1e-6)
    equal(cut, {"b": np.array([1.0, -1.0])}, "clip_grad_value")


@pytest.mark.problem("E2")
def test_values_are_cut_to_an_interval():
    """With c = 2 nothing is below -2 or above 2, and what lies between stays."""
    clipped = clip_grad_value({"W": np.array([[-5.0, -2.0, 1.5]]), "b": np.array([9.0])}, 2.0)

    equal(clipped, {"W": np.array([[-2.0, -2.0, 1.5]]), "b": np.array([2.0])}, "clip_grad_value")
