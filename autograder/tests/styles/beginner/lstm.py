# Homework, part F: the LSTM
#
# gates:   i, f, g, o    (in this order!)
# peepholes:  i and f look at c_prev,  o looks at c_t  (this took me two hours)

import numpy as np
from numnet.given.caches import *


# ======================= F1 =======================


def lstm_step_forward(x_t, h_prev, c_prev, params) -> tuple[np.ndarray, np.ndarray, LSTMStepCache]:
    H = h_prev.shape[1]

    # cut the weights into four pieces
    W_xi = params.W_xh[0 * H : 1 * H]
    W_xf = params.W_xh[1 * H : 2 * H]
    W_xg = params.W_xh[2 * H : 3 * H]
    W_xo = params.W_xh[3 * H : 4 * H]

    W_hi = params.W_hh[0 * H : 1 * H]
    W_hf = params.W_hh[1 * H : 2 * H]
    W_hg = params.W_hh[2 * H : 3 * H]
    W_ho = params.W_hh[3 * H : 4 * H]

    b_i = params.b_h[0 * H : 1 * H]
    b_f = params.b_h[1 * H : 2 * H]
    b_g = params.b_h[2 * H : 3 * H]
    b_o = params.b_h[3 * H : 4 * H]

    w_ci = params.w_peep[0]
    w_cf = params.w_peep[1]
    w_co = params.w_peep[2]

    # input gate
    i = sigmoid(np.dot(x_t, W_xi.T) + np.dot(h_prev, W_hi.T) + w_ci * c_prev + b_i)
    # forget gate
    f = sigmoid(np.dot(x_t, W_xf.T) + np.dot(h_prev, W_hf.T) + w_cf * c_prev + b_f)
    # candidate (no peephole, and tanh)
    g = np.tanh(np.dot(x_t, W_xg.T) + np.dot(h_prev, W_hg.T) + b_g)
    # new cell
    c_t = f * c_prev + i * g
    # output gate: looks at the NEW cell
    o = sigmoid(np.dot(x_t, W_xo.T) + np.dot(h_prev, W_ho.T) + w_co * c_t + b_o)
    # new state
    h_t = o * np.tanh(c_t)

    cache = LSTMStepCache(x_t, h_prev, c_prev, i, f, g, o, c_t, params.W_xh, params.W_hh, params.w_peep)
    return h_t, c_t, cache


# ======================= F2 =======================


def lstm_step_backward(dh_t, dc_t, cache) -> LSTMStepGrads:
    x_t = cache.x_t
    h_prev = cache.h_prev
    c_prev = cache.c_prev
    i = cache.i
    f = cache.f
    g = cache.g
    o = cache.o
    c_t = cache.c_t
    H = h_prev.shape[1]

    w_ci = cache.w_peep[0]
    w_cf = cache.w_peep[1]
    w_co = cache.w_peep[2]

    tanh_c = np.tanh(c_t)

    # h_t = o * tanh(c_t)
    do = dh_t * tanh_c
    dtanh_c = dh_t * o

    # o = sigmoid(z_o), derivative is o * (1 - o)
    dz_o = do * o * (1 - o)

    # all the ways into c_t:
    dc = dc_t + dtanh_c * (1 - tanh_c**2)  # from tanh, and from the future
    dc = dc + dz_o * w_co  # from the peephole of o

    # c_t = f * c_prev + i * g
    df = dc * c_prev
    di = dc * g
    dg = dc * i
    dc_prev = dc * f

    # through the nonlinearities
    dz_i = di * i * (1 - i)
    dz_f = df * f * (1 - f)
    dz_g = dg * (1 - g**2)

    # from the peepholes of i and f
    dc_prev = dc_prev + dz_i * w_ci
    dc_prev = dc_prev + dz_f * w_cf

    # now the four gates one after the other
    dx = np.zeros(x_t.shape)
    dh_prev = np.zeros(h_prev.shape)
    dW_xh = np.zeros(cache.W_xh.shape)
    dW_hh = np.zeros(cache.W_hh.shape)
    db_h = np.zeros(4 * H)
    number = 0
    for dz in [dz_i, dz_f, dz_g, dz_o]:
        begin = number * H
        end = begin + H
        dx = dx + np.dot(dz, cache.W_xh[begin:end])
        dh_prev = dh_prev + np.dot(dz, cache.W_hh[begin:end])
        dW_xh[begin:end] = np.dot(dz.T, x_t)
        dW_hh[begin:end] = np.dot(dz.T, h_prev)
        db_h[begin:end] = np.sum(dz, axis=0)
        number = number + 1

    # peepholes
    dw_peep = np.zeros((3, H))
    dw_peep[0] = np.sum(dz_i * c_prev, axis=0)
    dw_peep[1] = np.sum(dz_f * c_prev, axis=0)
    dw_peep[2] = np.sum(dz_o * c_t, axis=0)

    return LSTMStepGrads(dx, dh_prev, dc_prev, dW_xh, dW_hh, db_h, dw_peep)


# ======================= F3 =======================


def lstm_forward(x, h0, c0, params) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMCache]:
    T = x.shape[0]
    N = x.shape[1]
    H = h0.shape[1]
    h = np.zeros((T, N, H))
    list_of_caches = []
    h_prev = h0.copy()
    c_prev = c0.copy()
    for t in range(T):
        h_t, c_t, step_cache = lstm_step_forward(x[t], h_prev, c_prev, params)
        h[t] = h_t
        list_of_caches.append(step_cache)
        h_prev = h_t
        c_prev = c_t
    h_T = h_prev.copy()
    c_T = c_prev.copy()
    return h, h_T, c_T, LSTMCache(tuple(list_of_caches))


def lstm_backward(dh, cache, dh_T=None, dc_T=None) -> LSTMGrads:
    T = len(cache.steps)
    first = cache.steps[0]
    N, I = first.x_t.shape
    H = first.h_prev.shape[1]

    dx = np.zeros((T, N, I))
    dW_xh = np.zeros((4 * H, I))
    dW_hh = np.zeros((4 * H, H))
    db_h = np.zeros(4 * H)
    dw_peep = np.zeros((3, H))

    if dh_T is None:
        dh_next = np.zeros((N, H))
    else:
        dh_next = dh_T.copy()
    if dc_T is None:
        dc_next = np.zeros((N, H))
    else:
        dc_next = dc_T.copy()

    for t in reversed(range(T)):
        grads = lstm_step_backward(dh[t] + dh_next, dc_next, cache.steps[t])
        dx[t] = grads.dx
        dh_next = grads.dh_prev
        dc_next = grads.dc_prev
        dW_xh = dW_xh + grads.dW_xh
        dW_hh = dW_hh + grads.dW_hh
        db_h = db_h + grads.db_h
        dw_peep = dw_peep + grads.dw_peep

    return LSTMGrads(dx, dh_next, dc_next, dW_xh, dW_hh, db_h, dw_peep)


# ======================= F4 =======================


def deep_bidirectional_lstm_forward(x, h0, c0, params) -> tuple[np.ndarray, DeepBidirectionalLSTMCache]:
    L = len(params)
    list_of_caches = []
    layer_input = x
    for l in range(L):
        # forward direction
        h_f, _, _, cache_f = lstm_forward(layer_input, h0[l][0], c0[l][0], params[l][0])
        # backward direction: turn around, run, turn around
        turned = turn_around(layer_input)
        h_b_turned, _, _, cache_b = lstm_forward(turned, h0[l][1], c0[l][1], params[l][1])
        h_b = turn_around(h_b_turned)
        # side by side
        layer_output = np.concatenate((h_f, h_b), axis=2)
        list_of_caches.append((cache_f, cache_b))
        layer_input = layer_output
    return layer_output, DeepBidirectionalLSTMCache(tuple(list_of_caches))


def deep_bidirectional_lstm_backward(dh, cache) -> DeepBidirectionalLSTMGrads:
    L = len(cache.layers)
    dh0 = []
    dc0 = []
    dparams = []
    d = dh
    for l in range(L - 1, -1, -1):
        cache_f = cache.layers[l][0]
        cache_b = cache.layers[l][1]
        H_f = cache_f.steps[0].h_prev.shape[1]
        # forward direction
        grads_f = lstm_backward(d[:, :, :H_f], cache_f)
        # backward direction
        d_turned = turn_around(d[:, :, H_f:])
        grads_b = lstm_backward(d_turned, cache_b)
        dx_b = turn_around(grads_b.dx)
        # both together
        d = grads_f.dx + dx_b
        dparams_f = LSTMParams(grads_f.dW_xh, grads_f.dW_hh, grads_f.db_h, grads_f.dw_peep)
        dparams_b = LSTMParams(grads_b.dW_xh, grads_b.dW_hh, grads_b.db_h, grads_b.dw_peep)
        # insert at the front, because the lowest layer comes first
        dh0.insert(0, (grads_f.dh0, grads_b.dh0))
        dc0.insert(0, (grads_f.dc0, grads_b.dc0))
        dparams.insert(0, (dparams_f, dparams_b))
    return DeepBidirectionalLSTMGrads(d, tuple(dh0), tuple(dc0), tuple(dparams))


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def sigmoid(a):
    # two cases, so that exp never gets a big number
    result = np.zeros(a.shape)
    positive = a >= 0
    negative = a < 0
    result[positive] = 1 / (1 + np.exp(-a[positive]))
    result[negative] = np.exp(a[negative]) / (1 + np.exp(a[negative]))
    return result


def turn_around(a):
    T = a.shape[0]
    result = np.zeros(a.shape)
    for t in range(T):
        result[t] = a[T - 1 - t]
    return result


if __name__ == "__main__":
    blank = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4), np.zeros((3, 1)))
    h_t, c_t, cache = lstm_step_forward(np.ones((1, 1)), np.zeros((1, 1)), np.full((1, 1), 2.0), blank)
    print(c_t, h_t, "should be 1.0 and 0.3808")
