"""What checks of recurrent networks are made of: sequences, weights, first states, and states that go on.

Letters: T time, N sequences, I input, H hidden. A grid point is (T, N, I, H).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.checks.claim import holds

ELMAN = ("rnn.elman_forward", "rnn.elman_backward", "rnn.elman_step_forward", "rnn.elman_step_backward")


def draw(reference: Any, rng: np.random.Generator, point: Sequence[int]) -> tuple[np.ndarray, np.ndarray, Any]:
    """Draw x (T, N, I), h0 (N, H) and params, W_hh not symmetric."""
    steps, batch, inputs, hidden = point
    params = reference.rnn.ElmanParams(
        rng.normal(size=(hidden, inputs)), rng.normal(size=(hidden, hidden)) / np.sqrt(hidden), rng.normal(size=hidden)
    )
    return rng.normal(size=(steps, batch, inputs)), rng.uniform(-0.9, 0.9, size=(batch, hidden)), params


def draw_params(reference: Any, rng: np.random.Generator, inputs: int, hidden: int) -> Any:
    """Draw ElmanParams for inputs of size I and states of size H."""
    return draw(reference, rng, (1, 1, inputs, hidden))[2]


def without_memory(params: Any) -> Any:
    """Return weights with which no state depends on another, so that what an earlier call left behind is harmless."""
    return params._replace(W_hh=0 * params.W_hh)


def draw_lstm(reference: Any, rng: np.random.Generator, point: Sequence[int]) -> tuple[Any, ...]:
    """Draw x (T, N, I), h0, c0 (N, H) and params of an LSTM; no block of a weight is symmetric, no cell is near 0."""
    steps, batch, inputs, hidden = point
    params = draw_lstm_params(reference, rng, inputs, hidden)
    c0 = rng.uniform(0.5, 1.5, size=(batch, hidden)) * rng.choice([-1.0, 1.0], size=(batch, hidden))
    return rng.normal(size=(steps, batch, inputs)), rng.uniform(-0.9, 0.9, size=(batch, hidden)), c0, params


def draw_lstm_params(reference: Any, rng: np.random.Generator, inputs: int, hidden: int) -> Any:
    """Draw LSTMParams for inputs of size I and states of size H."""
    W_xh = rng.normal(size=(4 * hidden, inputs)) / np.sqrt(inputs)
    W_hh = rng.normal(size=(4 * hidden, hidden)) / np.sqrt(hidden)
    return reference.lstm.LSTMParams(W_xh, W_hh, rng.normal(size=4 * hidden), rng.normal(size=(3, hidden)))


def require_state(state: np.ndarray, shape: tuple[int, ...], what: str) -> None:
    """Fail unless an answer that goes on into another call is a finite float64 array of this shape."""
    __tracebackhide__ = True
    holds(state.shape == shape, f"{what}: expected shape {shape}, got {state.shape}")
    holds(state.dtype == np.float64, f"{what}: expected dtype float64, got {state.dtype}")
    holds(bool((np.abs(state) < 1e100).all()), f"{what}: some entries are NaN or infinite")


def require_two(one: np.ndarray, other: np.ndarray, what: str) -> None:
    """Fail if two answers are one: what is always the same agrees with everything that is made of it."""
    __tracebackhide__ = True
    holds(not np.array_equal(one, other), f"{what}: the same, whatever it is asked for")
