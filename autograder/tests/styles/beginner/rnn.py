# Homework, part D: recurrent networks

import numpy as np
from numnet.given.caches import *
from numnet.linear import *


# ======================= D1 =======================


def elman_step_forward(x_t, h_prev, W_xh, W_hh, b_h) -> tuple[np.ndarray, ElmanStepCache]:
    # shapes: x_t (N, I)   h_prev (N, H)   W_xh (H, I)   W_hh (H, H)   b_h (H,)
    from_input = np.dot(x_t, W_xh.T)  # (N, H)
    from_state = np.dot(h_prev, W_hh.T)  # (N, H)
    z = from_input + from_state + b_h
    h_t = np.tanh(z)
    cache = ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)
    return h_t, cache


def elman_step_backward(dh_t, cache) -> ElmanStepGrads:
    # derivative of tanh is 1 - tanh^2
    derivative = 1 - cache.h_t * cache.h_t  # (N, H)
    dz = dh_t * derivative  # (N, H)
    dx = np.dot(dz, cache.W_xh)  # (N, I)
    dh_prev = np.dot(dz, cache.W_hh)  # (N, H)
    # sum over the batch
    N = dz.shape[0]
    dW_xh = np.zeros(cache.W_xh.shape)
    dW_hh = np.zeros(cache.W_hh.shape)
    db_h = np.zeros(dz.shape[1])
    for n in range(N):
        dW_xh = dW_xh + np.outer(dz[n], cache.x_t[n])
        dW_hh = dW_hh + np.outer(dz[n], cache.h_prev[n])
        db_h = db_h + dz[n]
    return ElmanStepGrads(dx, dh_prev, dW_xh, dW_hh, db_h)


# ======================= D2 =======================


def elman_forward(x, h0, params) -> tuple[np.ndarray, np.ndarray, ElmanCache]:
    T = x.shape[0]
    N = x.shape[1]
    H = h0.shape[1]
    h = np.zeros((T, N, H))
    list_of_caches = []
    h_prev = h0
    for t in range(T):
        h_t, step_cache = elman_step_forward(x[t], h_prev, params.W_xh, params.W_hh, params.b_h)
        h[t] = h_t
        list_of_caches.append(step_cache)
        h_prev = h_t
    h_T = h[T - 1].copy()
    cache = ElmanCache(tuple(list_of_caches))
    return h, h_T, cache


def elman_backward(dh, cache, dh_T=None) -> ElmanGrads:
    T = len(cache.steps)
    N, I = cache.steps[0].x_t.shape
    H = cache.steps[0].W_hh.shape[0]

    # everything starts with 0
    dx = np.zeros((T, N, I))
    dW_xh = np.zeros((H, I))
    dW_hh = np.zeros((H, H))
    db_h = np.zeros(H)

    # what comes from the future
    dh_next = np.zeros((N, H))
    if dh_T is not None:
        dh_next = dh_next + dh_T

    t = T - 1
    while t >= 0:
        dh_t = dh[t] + dh_next  # a NEW array, dh is not changed
        grads = elman_step_backward(dh_t, cache.steps[t])
        dx[t] = grads.dx
        dh_next = grads.dh_prev
        dW_xh = dW_xh + grads.dW_xh
        dW_hh = dW_hh + grads.dW_hh
        db_h = db_h + grads.db_h
        t = t - 1

    dh0 = dh_next
    return ElmanGrads(dx, dh0, dW_xh, dW_hh, db_h)


def elman_outputs(h, W_hy, b_y) -> tuple[np.ndarray, LinearCache]:
    y, cache = linear_forward(h, W_hy, b_y)
    return y, cache


def elman_backward_truncated(dh, cache, k) -> ElmanGrads:
    # the same as elman_backward, but sometimes dh_next is set to 0
    T = len(cache.steps)
    N, I = cache.steps[0].x_t.shape
    H = cache.steps[0].W_hh.shape[0]
    dx = np.zeros((T, N, I))
    dW_xh = np.zeros((H, I))
    dW_hh = np.zeros((H, H))
    db_h = np.zeros(H)
    dh_next = np.zeros((N, H))
    t = T - 1
    while t >= 0:
        grads = elman_step_backward(dh[t] + dh_next, cache.steps[t])
        dx[t] = grads.dx
        dh_next = grads.dh_prev
        if t > 0 and t % k == 0:
            dh_next = np.zeros((N, H))  # cut!
        dW_xh = dW_xh + grads.dW_xh
        dW_hh = dW_hh + grads.dW_hh
        db_h = db_h + grads.db_h
        t = t - 1
    return ElmanGrads(dx, dh_next, dW_xh, dW_hh, db_h)


# ======================= D3 =======================


def reverse_padded(x, lengths) -> np.ndarray:
    x_rev = x.copy()
    N = x.shape[1]
    for n in range(N):
        length = int(lengths[n])
        for t in range(length):
            x_rev[t, n] = x[length - 1 - t, n]
    return x_rev


def bidirectional_forward(
    x, h0_f, h0_b, params_f, params_b, lengths=None
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], BidirectionalCache]:
    T, N, I = x.shape
    H = h0_f.shape[1]
    H_b = h0_b.shape[1]

    # no lengths: all of them are T
    if lengths is None:
        lengths = np.full(N, T, dtype=np.int64)
    else:
        lengths = np.array(lengths).astype(np.int64)

    # the padding can be NaN, so make it 0 first
    x_clean = zero_padding(x, lengths)

    # forward direction
    h_forward, _, cache_forward = elman_forward(x_clean, h0_f, params_f)

    # backward direction
    x_reversed = reverse_padded(x_clean, lengths)
    h_backward_reversed, _, cache_backward = elman_forward(x_reversed, h0_b, params_b)
    h_backward = reverse_padded(h_backward_reversed, lengths)

    # put them side by side
    h = np.zeros((T, N, H + H_b))
    h[:, :, :H] = h_forward
    h[:, :, H:] = h_backward
    h = zero_padding(h, lengths)

    # final states
    final_forward = h0_f.copy()
    final_backward = h0_b.copy()
    for n in range(N):
        if lengths[n] > 0:
            last = lengths[n] - 1
            final_forward[n] = h_forward[last, n]
            final_backward[n] = h_backward_reversed[last, n]

    cache = BidirectionalCache(cache_forward, cache_backward, lengths)
    return h, (final_forward, final_backward), cache


def bidirectional_backward(dh, cache) -> BidirectionalGrads:
    lengths = cache.lengths
    H = cache.fwd.steps[0].h_t.shape[1]

    dh_clean = zero_padding(dh, lengths)
    dh_forward = dh_clean[:, :, :H]
    dh_backward = dh_clean[:, :, H:]

    # forward direction
    grads_f = elman_backward(dh_forward, cache.fwd)

    # backward direction
    dh_backward_reversed = reverse_padded(dh_backward, lengths)
    grads_b = elman_backward(dh_backward_reversed, cache.bwd)
    dx_backward = reverse_padded(grads_b.dx, lengths)

    # x was used two times
    dx = grads_f.dx + dx_backward
    dx = zero_padding(dx, lengths)

    dparams_f = ElmanParams(grads_f.dW_xh, grads_f.dW_hh, grads_f.db_h)
    dparams_b = ElmanParams(grads_b.dW_xh, grads_b.dW_hh, grads_b.db_h)
    return BidirectionalGrads(dx, grads_f.dh0, grads_b.dh0, dparams_f, dparams_b)


# ======================= D4 =======================


def deep_elman_forward(x, h0, params) -> tuple[np.ndarray, tuple[np.ndarray, ...], DeepElmanCache]:
    L = len(params)
    list_of_h_T = []
    list_of_caches = []
    layer_input = x
    for l in range(L):
        layer_output, h_T, cache = elman_forward(layer_input, h0[l], params[l])
        list_of_h_T.append(h_T)
        list_of_caches.append(cache)
        layer_input = layer_output
    return layer_output, tuple(list_of_h_T), DeepElmanCache(tuple(list_of_caches))


def deep_elman_backward(dh, cache) -> DeepElmanGrads:
    L = len(cache.layers)
    list_of_dh0 = [None] * L
    list_of_dparams = [None] * L
    d = dh
    for l in range(L - 1, -1, -1):
        grads = elman_backward(d, cache.layers[l])
        list_of_dh0[l] = grads.dh0
        list_of_dparams[l] = ElmanParams(grads.dW_xh, grads.dW_hh, grads.db_h)
        d = grads.dx
    return DeepElmanGrads(d, tuple(list_of_dh0), tuple(list_of_dparams))


# ======================= D5 =======================


def deep_bidirectional_forward(x, params) -> tuple[np.ndarray, DeepBidirectionalCache]:
    L = len(params)
    N = x.shape[1]
    list_of_caches = []
    layer_input = x
    for l in range(L):
        params_f = params[l][0]
        params_b = params[l][1]
        H_f = params_f.W_hh.shape[0]
        H_b = params_b.W_hh.shape[0]
        zeros_f = np.zeros((N, H_f))
        zeros_b = np.zeros((N, H_b))
        layer_output, finals, cache = bidirectional_forward(layer_input, zeros_f, zeros_b, params_f, params_b)
        list_of_caches.append(cache)
        layer_input = layer_output
    return layer_output, DeepBidirectionalCache(tuple(list_of_caches))


def deep_bidirectional_backward(dh, cache) -> DeepBidirectionalGrads:
    L = len(cache.layers)
    list_of_dparams = [None] * L
    d = dh
    for l in range(L - 1, -1, -1):
        grads = bidirectional_backward(d, cache.layers[l])
        list_of_dparams[l] = (grads.dparams_f, grads.dparams_b)
        d = grads.dx
    return DeepBidirectionalGrads(d, tuple(list_of_dparams))


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def zero_padding(a, lengths):
    # returns a copy of a (T, N, ...) with zeros in the padding
    result = a.copy()
    T = a.shape[0]
    N = a.shape[1]
    for n in range(N):
        for t in range(T):
            if t >= lengths[n]:
                result[t, n] = 0
    return result


if __name__ == "__main__":
    one = np.ones((1, 1))
    x = np.array([[[1.0]], [[0.0]]])
    h, h_T, cache = elman_forward(x, 0 * one, ElmanParams(one, one, np.zeros(1)))
    print(h.ravel(), "should be [0.7616, 0.642]")
