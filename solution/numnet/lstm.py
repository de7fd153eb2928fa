"""The LSTM of Graves, Mohamed and Hinton (2013): a cell that keeps what it holds until its gates say otherwise.

    c_prev ──×────────────+──┬───▶ c_t       f says how much of the old cell is kept,
             ▲            ▲  │               i how much of the candidate g is written,
             f        i × g  └─ tanh × o ──▶ h_t       o how much of the new cell is shown.

Letters: T time, N sequences, I input, H hidden, each 1 or more; i, f, o are the gates, g the candidate, c the cell, h
the state. Every gate also sees the cell, unit by unit, through a peephole: i and f the cell of before, o the cell of
now. The four row blocks of W_xh (4H, I), W_hh (4H, H) and b_h (4H,) belong to i, f, g, o, in this order, as in torch.

    lecture   W_xi, W_xf, W_xc, W_xo    W_hi, W_hf, W_hc, W_ho    b_i, b_f, b_c, b_o    W_ci, W_cf, W_co
    here      the row blocks of W_xh    the row blocks of W_hh    the blocks of b_h     the rows i, f, o of w_peep

The lecture's W_ci, W_cf and W_co are diagonal, so a row of w_peep (3, H) holds each of them. Time comes first, as in
rnn.py. Given: the records that are returned. To write: a step (F1) and its gradient (F2), the loop over time (F3), and
the deep bidirectional LSTM (F4).
"""

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
    ### BEGIN SOLUTION

    def sigmoid(a: np.ndarray) -> np.ndarray:
        return 0.5 * (1 + np.tanh(0.5 * a))

    w_i, w_f, w_o = params.w_peep
    z = x_t @ params.W_xh.T + h_prev @ params.W_hh.T + params.b_h  # (N, 4H)
    z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
    i = sigmoid(z_i + w_i * c_prev)
    f = sigmoid(z_f + w_f * c_prev)
    g = np.tanh(z_g)
    c_t = f * c_prev + i * g
    o = sigmoid(z_o + w_o * c_t)
    h_t = o * np.tanh(c_t)
    return h_t, c_t, LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, params.W_xh, params.W_hh, params.w_peep)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    w_i, w_f, w_o = cache.w_peep
    c_prev, i, f, g, o = cache.c_prev, cache.i, cache.f, cache.g, cache.o
    tanh_c = np.tanh(cache.c_t)
    dz_o = dh_t * tanh_c * o * (1 - o)
    dc = dc_t + dh_t * o * (1 - tanh_c**2) + dz_o * w_o
    dz_i = dc * g * i * (1 - i)
    dz_f = dc * c_prev * f * (1 - f)
    dz_g = dc * i * (1 - g**2)
    dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)  # (N, 4H)
    return LSTMStepGrads(
        dx=dz @ cache.W_xh,
        dh_prev=dz @ cache.W_hh,
        dc_prev=dc * f + dz_i * w_i + dz_f * w_f,
        dW_xh=dz.T @ cache.x_t,
        dW_hh=dz.T @ cache.h_prev,
        db_h=dz.sum(axis=0),
        dw_peep=np.stack([dz_i * c_prev, dz_f * c_prev, dz_o * cache.c_t]).sum(axis=1),
    )
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    h = np.empty((len(x), *h0.shape))
    h_t, c_t, steps = h0, c0, []
    for t, x_t in enumerate(x):
        h_t, c_t, step = lstm_step_forward(x_t, h_t, c_t, params)
        h[t] = h_t
        steps.append(step)
    return h, h_t, c_t, LSTMCache(tuple(steps))
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    first = cache.steps[0]
    dx = np.empty((len(dh), *first.x_t.shape))
    dparams = [np.zeros_like(first.W_xh), np.zeros_like(first.W_hh), np.zeros(len(first.W_hh))]
    dparams.append(np.zeros_like(first.w_peep))
    dh_next = np.zeros_like(dh[0]) if dh_T is None else dh_T
    dc_next = np.zeros_like(dh[0]) if dc_T is None else dc_T
    for t in reversed(range(len(dh))):
        dx[t], dh_next, dc_next, *parts = lstm_step_backward(dh[t] + dh_next, dc_next, cache.steps[t])
        for total, part in zip(dparams, parts, strict=True):
            total += part
    return LSTMGrads(dx, dh_next, dc_next, *dparams)
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    layers = []
    for (h0_f, h0_b), (c0_f, c0_b), (params_f, params_b) in zip(h0, c0, params, strict=True):
        h_f, _, _, cache_f = lstm_forward(x, h0_f, c0_f, params_f)
        h_b, _, _, cache_b = lstm_forward(x[::-1], h0_b, c0_b, params_b)
        x = np.concatenate([h_f, h_b[::-1]], axis=2)  # (T, N, 2H)
        layers.append((cache_f, cache_b))
    return x, DeepBidirectionalLSTMCache(tuple(layers))
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    pairs: list[tuple[LSTMGrads, LSTMGrads]] = []
    for cache_f, cache_b in reversed(cache.layers):
        hidden = cache_f.steps[0].h_prev.shape[1]
        grads_f = lstm_backward(dh[:, :, :hidden], cache_f)
        grads_b = lstm_backward(dh[::-1, :, hidden:], cache_b)
        pairs.insert(0, (grads_f, grads_b))
        dh = grads_f.dx + grads_b.dx[::-1]
    return DeepBidirectionalLSTMGrads(
        dx=dh,
        dh0=tuple((f.dh0, b.dh0) for f, b in pairs),
        dc0=tuple((f.dc0, b.dc0) for f, b in pairs),
        dparams=tuple((LSTMParams(*f[3:]), LSTMParams(*b[3:])) for f, b in pairs),
    )
    ### END SOLUTION
