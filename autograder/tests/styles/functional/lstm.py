"""The LSTM with peepholes, as a scan."""

from collections.abc import Sequence
from functools import reduce
from operator import add
from types import SimpleNamespace

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
from numnet.rnn import scan


def sigmoid(a: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-a)), which never overflows."""
    return 0.5 + 0.5 * np.tanh(0.5 * a)


def lstm_step_forward(
    x_t: np.ndarray, h_prev: np.ndarray, c_prev: np.ndarray, params: LSTMParams
) -> tuple[np.ndarray, np.ndarray, LSTMStepCache]:
    """Gates, cell, state."""
    W_xh, W_hh, b_h, (peep_i, peep_f, peep_o) = params
    z_i, z_f, z_g, z_o = np.split(np.inner(x_t, W_xh) + np.inner(h_prev, W_hh) + b_h, 4, axis=1)
    i, f, g = sigmoid(z_i + peep_i * c_prev), sigmoid(z_f + peep_f * c_prev), np.tanh(z_g)
    c_t = f * c_prev + i * g
    o = sigmoid(z_o + peep_o * c_t)
    return o * np.tanh(c_t), c_t, LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, params.w_peep)


def lstm_step_backward(dh_t: np.ndarray, dc_t: np.ndarray, cache: LSTMStepCache) -> LSTMStepGrads:
    """All from dz, and the peepholes."""
    x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, (peep_i, peep_f, peep_o) = cache
    tanh_c = np.tanh(c_t)
    dz_o = dh_t * tanh_c * o * (1 - o)
    dc = dc_t + dh_t * o * (1 - tanh_c**2) + dz_o * peep_o
    dz_i, dz_f, dz_g = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2)
    dz = np.hstack([dz_i, dz_f, dz_g, dz_o])
    seen = ((dz_i, c_prev), (dz_f, c_prev), (dz_o, c_t))
    return LSTMStepGrads(
        dx=dz @ W_xh,
        dh_prev=dz @ W_hh,
        dc_prev=dc * f + dz_i * peep_i + dz_f * peep_f,
        dW_xh=dz.T @ x_t,
        dW_hh=dz.T @ h_prev,
        db_h=dz.sum(axis=0),
        dw_peep=np.array([np.sum(d * c, axis=0) for d, c in seen]),
    )


def lstm_forward(
    x: np.ndarray, h0: np.ndarray, c0: np.ndarray, params: LSTMParams
) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMCache]:
    """Scan over time."""
    steps = scan(lambda before, x_t: lstm_step_forward(x_t, before[0], before[1], params), x, (h0, c0))
    states, cells, caches = zip(*steps, strict=True)
    return np.stack(states), np.array(states[-1]), np.array(cells[-1]), LSTMCache(caches)


def lstm_backward(
    dh: np.ndarray, cache: LSTMCache, dh_T: np.ndarray | None = None, dc_T: np.ndarray | None = None
) -> LSTMGrads:
    """Scan against time."""
    zero = np.zeros(dh.shape[1:])
    last = SimpleNamespace(dh_prev=zero if dh_T is None else dh_T, dc_prev=zero if dc_T is None else dc_T)

    def back(after, now):
        return lstm_step_backward(now[0] + after.dh_prev, after.dc_prev, now[1])

    grads = scan(back, zip(dh[::-1], cache.steps[::-1], strict=True), last)
    weights = (reduce(add, parts, 0.0) for parts in zip(*(g[3:] for g in grads), strict=True))
    dx = np.stack([g.dx for g in reversed(grads)])
    return LSTMGrads(dx, np.array(grads[-1].dh_prev), np.array(grads[-1].dc_prev), *weights)


def deep_bidirectional_lstm_forward(
    x: np.ndarray,
    h0: Sequence[tuple[np.ndarray, np.ndarray]],
    c0: Sequence[tuple[np.ndarray, np.ndarray]],
    params: Sequence[tuple[LSTMParams, LSTMParams]],
) -> tuple[np.ndarray, DeepBidirectionalLSTMCache]:
    """Scan over layers; what a layer hands up is (h, its pair of caches)."""

    def climb(below, layer):
        (h_f, h_b), (c_f, c_b), (params_f, params_b) = layer
        forth, _, _, cache_f = lstm_forward(below[0], h_f, c_f, params_f)
        back, _, _, cache_b = lstm_forward(below[0][::-1], h_b, c_b, params_b)
        return np.concatenate([forth, back[::-1]], axis=2), (cache_f, cache_b)

    outputs, caches = zip(*scan(climb, zip(h0, c0, params, strict=True), (x, None)), strict=True)
    return outputs[-1], DeepBidirectionalLSTMCache(caches)


def deep_bidirectional_lstm_backward(dh: np.ndarray, cache: DeepBidirectionalLSTMCache) -> DeepBidirectionalLSTMGrads:
    """Scan over layers, from the top; what a layer hands down is (dx, its pair of gradients)."""

    def descend(above, layer):
        dh_f, dh_b = np.split(above[0], 2, axis=2)
        f, b = lstm_backward(dh_f, layer[0]), lstm_backward(dh_b[::-1], layer[1])
        return f.dx + b.dx[::-1], (f, b)

    layers = scan(descend, reversed(cache.layers), (dh, None))[::-1]
    pairs = [pair for _, pair in layers]
    return DeepBidirectionalLSTMGrads(
        dx=layers[0][0],
        dh0=tuple((f.dh0, b.dh0) for f, b in pairs),
        dc0=tuple((f.dc0, b.dc0) for f, b in pairs),
        dparams=tuple((LSTMParams(*f[3:]), LSTMParams(*b[3:])) for f, b in pairs),
    )
