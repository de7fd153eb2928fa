"""The LSTM with peepholes."""

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
from numnet.shapes import add_into, einsum, halves, zeros_like_all


def _sigmoid(a):
    return 0.5 * (1 + np.tanh(0.5 * a))


def lstm_step_forward(x_t, h_prev, c_prev, params: LSTMParams) -> tuple[np.ndarray, np.ndarray, LSTMStepCache]:
    """Advance the state and the cell by one time step."""
    W_xh, W_hh, b_h, w_peep = params
    z = einsum("ni,ki->nk", x_t, W_xh) + einsum("nh,kh->nk", h_prev, W_hh) + b_h
    z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
    i, f, g = _sigmoid(z_i + w_peep[0] * c_prev), _sigmoid(z_f + w_peep[1] * c_prev), np.tanh(z_g)
    c_t = f * c_prev + i * g
    o = _sigmoid(z_o + w_peep[2] * c_t)
    return o * np.tanh(c_t), c_t, LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, w_peep)


def lstm_step_backward(dh_t: np.ndarray, dc_t: np.ndarray, cache: LSTMStepCache) -> LSTMStepGrads:
    """Send the gradients of h_t and c_t back through one step."""
    x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, w_peep = cache
    N, H = c_t.shape
    shown = np.tanh(c_t)
    dz = np.empty((N, 4, H))
    dz[:, 3] = dh_t * shown * o * (1 - o)
    dc = dc_t + dh_t * o * (1 - shown**2) + dz[:, 3] * w_peep[2]
    dz[:, 0] = dc * g * i * (1 - i)
    dz[:, 1] = dc * c_prev * f * (1 - f)
    dz[:, 2] = dc * i * (1 - g**2)
    dc_prev = dc * f + einsum("nkh,kh->nh", dz[:, :2], w_peep[:2])
    dw_peep = einsum("nkh,nkh->kh", dz[:, [0, 1, 3]], np.stack([c_prev, c_prev, c_t], axis=1))
    flat = dz.reshape(N, 4 * H)
    return LSTMStepGrads(
        einsum("nk,ki->ni", flat, W_xh),
        einsum("nk,kh->nh", flat, W_hh),
        dc_prev,
        einsum("nk,ni->ki", flat, x_t),
        einsum("nk,nh->kh", flat, h_prev),
        einsum("nk->k", flat),
        dw_peep,
    )


def lstm_forward(x, h0, c0, params: LSTMParams) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMCache]:
    """Run the step over time; row 0 of h and c is what came before."""
    T = len(x)
    h, c, steps = np.empty((T + 1, *h0.shape)), np.empty((T + 1, *c0.shape)), [None] * T
    h[0], c[0] = h0, c0
    for t in range(T):
        h[t + 1], c[t + 1], steps[t] = lstm_step_forward(x[t], h[t], c[t], params)
    return h[1:], h[T].copy(), c[T].copy(), LSTMCache(tuple(steps))


def lstm_backward(dh, cache: LSTMCache, dh_T=None, dc_T=None) -> LSTMGrads:
    """Backpropagate through time."""
    first = cache.steps[0]
    dx = np.empty((len(dh), *first.x_t.shape))
    totals = zeros_like_all(first.W_xh, first.W_hh, first.W_xh[:, 0], first.w_peep)
    dh_t, dc_t = (np.zeros(dh.shape[1:]) if d is None else d for d in (dh_T, dc_T))
    for t in reversed(range(len(dh))):
        dx[t], dh_t, dc_t, *parts = lstm_step_backward(dh[t] + dh_t, dc_t, cache.steps[t])
        add_into(totals, parts)
    return LSTMGrads(dx, dh_t, dc_t, *totals)


def deep_bidirectional_lstm_forward(x, h0, c0, params) -> tuple[np.ndarray, DeepBidirectionalLSTMCache]:
    """Stack layers of two LSTMs, one along time and one against it."""
    layers = []
    for (h_f, h_b), (c_f, c_b), (p_f, p_b) in zip(h0, c0, params, strict=True):
        along, _, _, fwd = lstm_forward(x, h_f, c_f, p_f)
        against, _, _, bwd = lstm_forward(x[::-1], h_b, c_b, p_b)
        x = np.concatenate([along, against[::-1]], axis=2)
        layers.append((fwd, bwd))
    return x, DeepBidirectionalLSTMCache(tuple(layers))


def deep_bidirectional_lstm_backward(dh: np.ndarray, cache: DeepBidirectionalLSTMCache) -> DeepBidirectionalLSTMGrads:
    """Send dh back through all layers."""
    rest = []
    for fwd, bwd in reversed(cache.layers):
        dh_f, dh_b = halves(dh)
        f, b = lstm_backward(dh_f, fwd), lstm_backward(dh_b[::-1], bwd)
        dh = f.dx + b.dx[::-1]
        rest.append(((f.dh0, b.dh0), (f.dc0, b.dc0), (LSTMParams(*f[3:]), LSTMParams(*b[3:]))))
    return DeepBidirectionalLSTMGrads(dh, *zip(*reversed(rest), strict=True))
