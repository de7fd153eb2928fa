"""The LSTM of Graves, Mohamed and Hinton (2013): a cell that keeps what it holds until its gates say otherwise.

    c_prev ──×────────────+──┬───▶ c_t       f says how much of the old cell is kept,
             ▲            ▲  │               i how much of the candidate g is written,
             f        i × g  └─ tanh × o ──▶ h_t       o how much of the new cell is shown.

Letters: T time, N sequences, I input, H hidden; i, f, o are the gates, g the candidate, c the cell, h the state. Every
gate also sees the cell, unit by unit, through a peephole: i and f the cell of before, o the cell of now. The four row
blocks of W_xh (4H, I), W_hh (4H, H) and b_h (4H,) belong to i, f, g, o, in this order, as in torch.

    lecture   W_xi, W_xf, W_xc, W_xo    W_hi, W_hf, W_hc, W_ho    b_i, b_f, b_c, b_o    W_ci, W_cf, W_co
    here      the row blocks of W_xh    the row blocks of W_hh    the blocks of b_h     the rows i, f, o of w_peep

The lecture's W_ci, W_cf and W_co are diagonal, so a row of w_peep (3, H) holds each of them. Time comes first, as in
rnn.py. Given: the records that are returned. To write: a step (F1) and its gradient (F2), the loop over time (F3), and
the deep bidirectional LSTM (F4).
"""

import math
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


def _gate(a):
    """Return the sigmoid of a number, which never overflows."""
    return (1 + math.tanh(a / 2)) / 2


def lstm_step_forward(
    x_t: np.ndarray, h_prev: np.ndarray, c_prev: np.ndarray, params: LSTMParams
) -> tuple[np.ndarray, np.ndarray, LSTMStepCache]:
    """Advance the state and the cell by one time step.

    z_i, z_f, z_g, z_o = the four blocks of W_xh x_t + W_hh h_prev + b_h      for every row of the batch
    i   = σ(z_i + w_peep[0] c_prev)         entry by entry, with σ(a) = 1 / (1 + exp(-a))
    f   = σ(z_f + w_peep[1] c_prev)
    g   = tanh(z_g)
    c_t = f c_prev + i g
    o   = σ(z_o + w_peep[2] c_t)            the new cell
    h_t = o tanh(c_t)

    x_t: (N, I); h_prev, c_prev: (N, H); params: LSTMParams(W_xh (4H, I), W_hh (4H, H), b_h (4H,), w_peep (3, H))
    returns: h_t (N, H), c_t (N, H) and LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, w_peep)

    >>> blank = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4), np.zeros((3, 1)))
    >>> h_t, c_t, cache = lstm_step_forward(np.ones((1, 1)), np.zeros((1, 1)), np.full((1, 1), 2.0), blank)
    >>> float(c_t.item()), round(float(h_t.item()), 4)  # 0.5 * 2 + 0.5 * 0, and 0.5 * tanh(1)
    (1.0, 0.3808)

    The usual slips: o reads c_prev; and exp overflows for sums of 800, where σ is 0 or 1. σ(a) = (1 + tanh(a / 2)) / 2
    does not. A good answer has 10 lines.
    """
    W_xh, W_hh, b_h, w_peep = params
    N, H = h_prev.shape
    i, f, g, o, c_t, h_t = (np.zeros((N, H)) for _ in range(6))
    for n in range(N):
        # 4H sums: those of i first, then f, g, o
        z = np.dot(W_xh, x_t[n]) + np.dot(W_hh, h_prev[n]) + b_h
        for j in range(H):
            old = c_prev[n, j]
            i[n, j] = _gate(z[j] + w_peep[0, j] * old)
            f[n, j] = _gate(z[H + j] + w_peep[1, j] * old)
            g[n, j] = math.tanh(z[2 * H + j])
            new = f[n, j] * old + i[n, j] * g[n, j]
            c_t[n, j] = new
            o[n, j] = _gate(z[3 * H + j] + w_peep[2, j] * new)  # sees the cell of now
            h_t[n, j] = o[n, j] * math.tanh(new)
    h_t, c_t = np.asfortranarray(h_t), np.asfortranarray(c_t)
    return h_t, c_t, LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, w_peep)


def lstm_step_backward(dh_t: np.ndarray, dc_t: np.ndarray, cache: LSTMStepCache) -> LSTMStepGrads:
    """Send the gradients of h_t and of c_t back through one step.

    dz_o = dh_t tanh(c_t) o (1 - o)                                           entry by entry
    dc   = dc_t + dh_t o (1 - tanh²(c_t)) + dz_o w_peep[2]                    all that c_t is told
    dz_i = dc g i (1 - i);    dz_f = dc c_prev f (1 - f);    dz_g = dc i (1 - g²)
    dz   = dz_i, dz_f, dz_g, dz_o side by side                                (N, 4H)

    dx      = W_xhᵀ dz;       dh_prev = W_hhᵀ dz                              for every row of the batch
    dc_prev = dc f + dz_i w_peep[0] + dz_f w_peep[1]
    dW_xh   = Σ_n dz_n x_nᵀ;  dW_hh = Σ_n dz_n h_prev_nᵀ;  db_h = Σ_n dz_n
    dw_peep = Σ_n dz_i c_prev;  Σ_n dz_f c_prev;  Σ_n dz_o c_t                 its three rows

    dh_t, dc_t: (N, H); dc_t is what step t + 1 sends back, without the part that comes through h_t
    returns: LSTMStepGrads(dx (N, I), dh_prev, dc_prev (N, H), dW_xh (4H, I), dW_hh (4H, H), db_h (4H,), dw_peep (3, H))

    Take the example of lstm_step_forward, where i = f = o = 0.5, g = 0, c_prev = 2, c_t = 1. With dh_t = 0 and
    dc_t = 1, dz = 0, 0.5, 0.5, 0, so that db_h is the same and dc_prev = 0.5; the forget peephole gets 0.5 * 2 = 1.

    The usual slip: to stop at the peepholes. Each of them carries a gradient into a cell: that of o into c_t, before
    dc is used; those of i and f into c_prev. A good answer has 8 to 16 lines.
    """
    x_t, h_prev, c_prev, i, f, g, o, c_t, W_xh, W_hh, w_peep = cache
    N, H = c_t.shape
    dx, dh_prev, dc_prev = np.zeros(x_t.shape), np.zeros((N, H)), np.zeros((N, H))
    dW_xh, dW_hh = np.zeros(W_xh.shape), np.zeros(W_hh.shape)
    db_h, dw_peep = np.zeros(4 * H), np.zeros((3, H))
    for n in range(N):
        dz = np.zeros(4 * H)
        for j in range(H):
            shown = math.tanh(c_t[n, j])
            dz_o = dh_t[n, j] * shown * o[n, j] * (1 - o[n, j])
            # all that the new cell is told: from later, from the state, from the peephole of o
            dc = dc_t[n, j] + dh_t[n, j] * o[n, j] * (1 - shown**2) + dz_o * w_peep[2, j]
            dz_i = dc * g[n, j] * i[n, j] * (1 - i[n, j])
            dz_f = dc * c_prev[n, j] * f[n, j] * (1 - f[n, j])
            dz_g = dc * i[n, j] * (1 - g[n, j] ** 2)
            dz[j], dz[H + j], dz[2 * H + j], dz[3 * H + j] = dz_i, dz_f, dz_g, dz_o
            dc_prev[n, j] = dc * f[n, j] + dz_i * w_peep[0, j] + dz_f * w_peep[1, j]
            dw_peep[0, j] += dz_i * c_prev[n, j]
            dw_peep[1, j] += dz_f * c_prev[n, j]
            dw_peep[2, j] += dz_o * c_t[n, j]
        dx[n] = np.dot(dz, W_xh)
        dh_prev[n] = np.dot(dz, W_hh)
        dW_xh += np.outer(dz, x_t[n])
        dW_hh += np.outer(dz, h_prev[n])
        db_h += dz
    return LSTMStepGrads(
        np.asfortranarray(dx), dh_prev, dc_prev, np.asfortranarray(dW_xh), np.asfortranarray(dW_hh), db_h, dw_peep
    )


def lstm_forward(
    x: np.ndarray, h0: np.ndarray, c0: np.ndarray, params: LSTMParams
) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMCache]:
    """Run the step over time, from the state h0 and the cell c0.

    h[t], c_t = the step of x[t], h[t-1] and c_{t-1}

    x: (T, N, I); h0, c0: (N, H)
    returns: h (T, N, H); the last state h_T (N, H) and the last cell c_T (N, H), arrays of their own; and LSTMCache of
        the caches of the T steps, first step first

    With all weights 0, as in lstm_step_forward, c0 = 2 becomes 1, then 0.5: every step keeps half of the cell.

    The usual slip: to return the cells; what a layer shows is h. Call lstm_step_forward by its name: a check may put
    another step in its place. A good answer has 7 lines.
    """
    T, N = x.shape[0], x.shape[1]
    h = np.zeros((T, N, h0.shape[1]))
    steps = []
    state, cell = h0, c0
    W_xh, W_hh, b_h, w_peep = params
    for t in range(T):
        # the step itself stands in the loop: the whole batch at once, a block of columns for each gate
        h_prev, c_prev = state, cell
        z_i, z_f, z_g, z_o = np.split(x[t] @ W_xh.T + h_prev @ W_hh.T + b_h, 4, axis=1)
        i = 0.5 + 0.5 * np.tanh((z_i + w_peep[0] * c_prev) / 2)
        f = 0.5 + 0.5 * np.tanh((z_f + w_peep[1] * c_prev) / 2)
        g = np.tanh(z_g)
        cell = f * c_prev + i * g
        o = 0.5 + 0.5 * np.tanh((z_o + w_peep[2] * cell) / 2)
        state = o * np.tanh(cell)
        h[t] = state
        steps.append(LSTMStepCache(x[t], h_prev, c_prev, i, f, g, o, cell, W_xh, W_hh, w_peep))
    return np.asfortranarray(h), np.array(state, order="F"), np.array(cell, order="F"), LSTMCache(tuple(steps))


def lstm_backward(
    dh: np.ndarray, cache: LSTMCache, dh_T: np.ndarray | None = None, dc_T: np.ndarray | None = None
) -> LSTMGrads:
    """Backpropagate through time: run the steps of lstm_forward in reverse.

    Two gradients are carried from step to step: that of the state, to which dh[t] is added, and that of the cell. The
    last step gets dh_T and dc_T for them. The gradients of the weights add up over time.

    dh: (T, N, H); cache: of lstm_forward; dh_T, dc_T: (N, H), the gradients of the results h_T and c_T, zero if None
    returns: LSTMGrads(dx (T, N, I), dh0, dc0 (N, H), dW_xh (4H, I), dW_hh (4H, H), db_h (4H,), dw_peep (3, H))

    With all weights 0, dh = 0 and dc_T = 1, two steps give dc0 = 0.25: f lets half of the gradient through, twice.

    The usual slip: to carry the gradient of the state only. Call lstm_step_backward by its name: a check may put
    another step in its place. A good answer has 10 lines.
    """
    T = len(cache.steps)
    state_back = np.zeros(dh.shape[1:]) if dh_T is None else np.array(dh_T)
    cell_back = np.zeros(dh.shape[1:]) if dc_T is None else np.array(dc_T)
    dx = [None] * T
    summed = None  # dW_xh, dW_hh, db_h, dw_peep
    for t in reversed(range(T)):
        grads = lstm_step_backward(dh[t] + state_back, cell_back, cache.steps[t])
        dx[t] = grads.dx
        state_back, cell_back = grads.dh_prev, grads.dc_prev
        of_weights = [grads.dW_xh, grads.dW_hh, grads.db_h, grads.dw_peep]
        if summed is None:
            summed = of_weights
        else:
            summed = [old + new for old, new in zip(summed, of_weights, strict=True)]
    totals = [np.array(total) for total in summed]
    return LSTMGrads(np.array(dx, order="F"), np.array(state_back), np.array(cell_back), *totals)


def _turned(a):
    """Return a copy with the time reversed."""
    T = a.shape[0]
    turned = np.zeros(a.shape)
    for t in range(T):
        turned[t] = a[T - 1 - t]
    return turned


def deep_bidirectional_lstm_forward(
    x: np.ndarray,
    h0: Sequence[tuple[np.ndarray, np.ndarray]],
    c0: Sequence[tuple[np.ndarray, np.ndarray]],
    params: Sequence[tuple[LSTMParams, LSTMParams]],
) -> tuple[np.ndarray, DeepBidirectionalLSTMCache]:
    """Stack layers of two LSTMs, one along time and one against it; both read both outputs of the layer below.

    forward:   the LSTM of input[0], input[1], ..., input[T-1]
    backward:  the LSTM of input[T-1], ..., input[0], its states put back in the order of time
    the next input[t] = forward[t] and backward[t] side by side; the first one is x

    x: (T, N, I); h0[l], c0[l], params[l]: a pair (forward, backward) for layer l, lowest first; its states are (N, H_l)
    returns: h (T, N, 2 H_L) of the top layer, and DeepBidirectionalLSTMCache of a pair of LSTMCache for each layer, the
        second one over the reversed input

    For I = 3 and two layers with H = 4 and H = 5, the W_xh of a lower LSTM is (16, 3), that of an upper one (20, 8).

    The usual slip: two stacks, one for each direction, that meet at the top only. Call lstm_forward by its name. A good
    answer has 7 lines.
    """
    below = x
    caches = []
    for layer in range(len(params)):
        ahead, _, _, cache_f = lstm_forward(below, h0[layer][0], c0[layer][0], params[layer][0])
        back, _, _, cache_b = lstm_forward(_turned(below), h0[layer][1], c0[layer][1], params[layer][1])
        caches.append((cache_f, cache_b))
        back = _turned(back)
        # side by side, step by step
        H_f = ahead.shape[2]
        below = np.zeros((ahead.shape[0], ahead.shape[1], H_f + back.shape[2]))
        for t in range(ahead.shape[0]):
            below[t, :, :H_f] = ahead[t]
            below[t, :, H_f:] = back[t]
    return below, DeepBidirectionalLSTMCache(tuple(caches))


def deep_bidirectional_lstm_backward(dh: np.ndarray, cache: DeepBidirectionalLSTMCache) -> DeepBidirectionalLSTMGrads:
    """Send the gradient of the top layer's states back through all layers.

    Each layer splits its dh into the halves of its directions; the sum of what both send back, in the order of time, is
    the dh of the layer below.

    dh: (T, N, 2 H_L); cache: of deep_bidirectional_lstm_forward
    returns: DeepBidirectionalLSTMGrads(dx (T, N, I), dh0, dc0, dparams), the last three a tuple of pairs (forward,
        backward), lowest layer first; those of dparams are LSTMParams that hold gradients

    When dh is 1 for the forward half at t = 0 alone, the top layer tells the layer below of t = 0 alone; but the
    backward half of that layer has read every x[t], so that no dx[t] is 0.

    The usual slip: time runs backwards in half of the arrays; turn dh before, and dx after. Call lstm_backward by its
    name. A good answer has 10 to 15 lines.
    """
    L = len(cache.layers)
    dh0, dc0, dparams = [None] * L, [None] * L, [None] * L
    for layer in reversed(range(L)):
        cache_f, cache_b = cache.layers[layer]
        half = dh.shape[2] // 2
        of_f = lstm_backward(dh[:, :, :half].copy(), cache_f)
        of_b = lstm_backward(_turned(dh[:, :, half:]), cache_b)
        dh0[layer] = (of_f.dh0, of_b.dh0)
        dc0[layer] = (of_f.dc0, of_b.dc0)
        dparams[layer] = (LSTMParams(*of_f[3:]), LSTMParams(*of_b[3:]))
        dh = of_f.dx + _turned(of_b.dx)  # a new array, not the caller's
    return DeepBidirectionalLSTMGrads(dh, tuple(dh0), tuple(dc0), tuple(dparams))
