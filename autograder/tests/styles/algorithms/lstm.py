"""The LSTM with peepholes: one matrix for all gates and all inputs, a tape for the way back."""

from collections.abc import Sequence

import numpy as np

from numnet.given.caches import (
    DeepBidirectionalLSTMCache,
    DeepBidirectionalLSTMGrads,
    LSTMCache,
    LSTMGrads,
    LSTMParams,
    LSTMStepCache,
    LSTMStepGrads,
)


def _sigmoid(a):
    """exp(-log(1 + exp(-a)))."""
    return np.exp(-np.logaddexp(0, -a))


def lstm_step_forward(
    x_t: np.ndarray, h_prev: np.ndarray, c_prev: np.ndarray, params: LSTMParams
) -> tuple[np.ndarray, np.ndarray, LSTMStepCache]:
    """[x, h, 1] times the fused matrix, as (N, 4, H)."""
    N, H = h_prev.shape
    fused = np.column_stack([params.W_xh, params.W_hh, params.b_h])
    z = (np.column_stack([x_t, h_prev, np.ones(N)]) @ fused.T).reshape(N, 4, H)
    early = _sigmoid(z[:, :2] + params.w_peep[:2] * c_prev[:, None])  # i and f at once
    i, f = early[:, 0].copy(), early[:, 1].copy()
    g = np.tanh(z[:, 2])
    c_t = f * c_prev + i * g
    o = _sigmoid(z[:, 3] + params.w_peep[2] * c_t)
    h_t = o * np.tanh(c_t)
    return h_t, c_t, LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, params.W_xh, params.W_hh, params.w_peep)


def lstm_step_backward(dh_t: np.ndarray, dc_t: np.ndarray, cache: LSTMStepCache) -> LSTMStepGrads:
    """Fill dz (N, 4, H) gate by gate, and multiply once with the fused matrix."""
    x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, peep = cache
    N, H = h_prev.shape
    shown = np.tanh(c_t)
    dz = np.empty((N, 4, H))
    dz[:, 3] = dh_t * shown * o * (1 - o)
    dc = dc_t + dh_t * o * (1 - shown) * (1 + shown) + dz[:, 3] * peep[2]
    dz[:, 0] = dc * g * i * (1 - i)
    dz[:, 1] = dc * c_prev * f * (1 - f)
    dz[:, 2] = dc * i * (1 - g) * (1 + g)
    dc_prev = dc * f + (dz[:, :2] * peep[:2]).sum(axis=1)
    dw_peep = np.einsum("nkh,knh->kh", dz[:, [0, 1, 3]], np.stack([c_prev, c_prev, c_t]))
    flat, inputs = dz.reshape(N, 4 * H), x_t.shape[1]
    dinputs = flat @ np.column_stack([W_xh, W_hh])
    dfused = flat.T @ np.column_stack([x_t, h_prev, np.ones(N)])
    dx, dh_prev = dinputs[:, :inputs].copy(), dinputs[:, inputs:].copy()
    dW_xh, dW_hh, db_h = dfused[:, :inputs].copy(), dfused[:, inputs:-1].copy(), dfused[:, -1].copy()
    return LSTMStepGrads(dx, dh_prev, dc_prev, dW_xh, dW_hh, db_h, dw_peep)


def lstm_forward(
    x: np.ndarray, h0: np.ndarray, c0: np.ndarray, params: LSTMParams
) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMCache]:
    """Record a tape."""
    tape, states, cells = [], [h0], [c0]
    while len(tape) < len(x):
        h_t, c_t, step = lstm_step_forward(x[len(tape)], states[-1], cells[-1], params)
        states.append(h_t)
        cells.append(c_t)
        tape.append(step)
    return np.array(states[1:]), states[-1].copy(), cells[-1].copy(), LSTMCache(tuple(tape))


def lstm_backward(
    dh: np.ndarray, cache: LSTMCache, dh_T: np.ndarray | None = None, dc_T: np.ndarray | None = None
) -> LSTMGrads:
    """Wind the tape back."""
    tape = list(zip(dh, cache.steps, strict=True))
    dstate = np.zeros(dh.shape[1:]) if dh_T is None else dh_T
    dcell = np.zeros(dh.shape[1:]) if dc_T is None else dc_T
    dx, totals = [], None
    while tape:
        dh_t, step = tape.pop()
        dx_t, dstate, dcell, *dweights = lstm_step_backward(dh_t + dstate, dcell, step)
        dx.append(dx_t)
        totals = dweights if totals is None else [a + b for a, b in zip(totals, dweights, strict=True)]
    return LSTMGrads(np.array(dx[::-1]), dstate, dcell, *totals)


def _climb(x, h0, c0, params):
    """Return the states of the top layer, and the pairs of caches of this layer and those above."""
    if len(params) == 0:
        return x, ()
    halves, caches = [], []
    for direction, h, c, weights in zip((1, -1), h0[0], c0[0], params[0], strict=True):
        states, _, _, cache = lstm_forward(x[::direction], h, c, weights)
        halves.append(states[::direction])
        caches.append(cache)
    top, above = _climb(np.dstack(halves), h0[1:], c0[1:], params[1:])
    return top, (tuple(caches), *above)


def deep_bidirectional_lstm_forward(
    x: np.ndarray,
    h0: Sequence[tuple[np.ndarray, np.ndarray]],
    c0: Sequence[tuple[np.ndarray, np.ndarray]],
    params: Sequence[tuple[LSTMParams, LSTMParams]],
) -> tuple[np.ndarray, DeepBidirectionalLSTMCache]:
    """Climb."""
    h, caches = _climb(x, h0, c0, params)
    return h, DeepBidirectionalLSTMCache(caches)


def deep_bidirectional_lstm_backward(dh: np.ndarray, cache: DeepBidirectionalLSTMCache) -> DeepBidirectionalLSTMGrads:
    """Descend, and put every pair of gradients before those of the layers above."""
    dh0, dc0, dparams = (), (), ()
    for pair in reversed(cache.layers):
        half = dh.shape[2] // 2
        grads = [
            lstm_backward(part[::direction], one)
            for direction, part, one in zip((1, -1), (dh[:, :, :half], dh[:, :, half:]), pair, strict=True)
        ]
        dh = grads[0].dx + grads[1].dx[::-1]
        dh0 = (tuple(one.dh0 for one in grads), *dh0)
        dc0 = (tuple(one.dc0 for one in grads), *dc0)
        dparams = (tuple(LSTMParams(*one[3:]) for one in grads), *dparams)
    return DeepBidirectionalLSTMGrads(dh, dh0, dc0, dparams)
