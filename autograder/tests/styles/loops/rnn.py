"""The Elman network: one hidden layer that sees the input of now and its own state of before.

                 h_1        h_2              h_T
    h0 ──step──▶─┴───step──▶─┴── ... ──step──▶┴─▶ h_T      every step has the same weights W_xh, W_hh, b_h
          ▲            ▲                 ▲
         x[0]         x[1]             x[T-1]

Letters: T time, N sequences, I input, H hidden (the lecture's J), O outputs (the lecture's K). Time comes first: x[t]
is the lecture's x_{t+1}, since Python counts from 0. A row of h is the lecture's column h_t: its W h is our h @ W.T.

    lecture   x_t   h_{t-1}   h_t   y_t   W_xh, W_hh, b_h       W_hy, b_y
    here      x_t   h_prev    h_t   y     the same, (H, ...)    the same, (O, ...)

Given: the records that are returned, in numnet.given.caches. To write: a step and its gradient (D1), the loop over time
and backpropagation through time (D2), a layer in both directions (D3), and stacks of layers of either kind (D4, D5).
"""

import math
from collections.abc import Sequence

import numpy as np

from numnet.given.caches import (
    BidirectionalCache,
    BidirectionalGrads,
    DeepBidirectionalCache,
    DeepBidirectionalGrads,
    DeepElmanCache,
    DeepElmanGrads,
    ElmanCache,
    ElmanGrads,
    ElmanParams,
    ElmanStepCache,
    ElmanStepGrads,
    LinearCache,
)
from numnet.linear import linear_forward


def elman_step_forward(
    x_t: np.ndarray, h_prev: np.ndarray, W_xh: np.ndarray, W_hh: np.ndarray, b_h: np.ndarray
) -> tuple[np.ndarray, ElmanStepCache]:
    """Advance the hidden state by one time step.

    z   = W_xh x_t + W_hh h_prev + b_h      for every row of the batch
    h_t = tanh(z)

    x_t: (N, I); h_prev: (N, H); W_xh: (H, I); W_hh: (H, H); b_h: (H,)
    returns: h_t (N, H) and ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)

    >>> one = np.ones((1, 1))
    >>> h_t, cache = elman_step_forward(one, 0.5 * one, one, -2 * one, np.array([0.25]))
    >>> float(h_t[0, 0])  # tanh(1 * 1 - 2 * 0.5 + 0.25)
    0.24491866240370913

    The usual slip: W_hh is square, so that a forgotten transpose raises no error. A good answer has 2 lines.
    """
    N, H = h_prev.shape
    h_t = np.zeros((H, N))  # units as rows, turned at the end
    for n in range(N):
        for j in range(H):
            # row j of both matrices belongs to unit j
            z = np.dot(W_xh[j], x_t[n]) + np.dot(W_hh[j], h_prev[n]) + b_h[j]
            h_t[j, n] = math.tanh(z)
    h_t = h_t.T.copy(order="F")
    return h_t, ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)


def elman_step_backward(dh_t: np.ndarray, cache: ElmanStepCache) -> ElmanStepGrads:
    """Send the gradient of h_t back through one step.

    dz      = dh_t (1 - h_t²)               entry by entry; tanh' = 1 - tanh²
    dx      = W_xhᵀ dz                      for every row of the batch
    dh_prev = W_hhᵀ dz                      for every row of the batch
    dW_xh   = Σ_n dz_n x_nᵀ                 outer products, summed over the batch
    dW_hh   = Σ_n dz_n h_prev_nᵀ
    db_h    = Σ_n dz_n

    dh_t: (N, H)
    returns: ElmanStepGrads(dx (N, I), dh_prev (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,))

    >>> one = np.ones((1, 1))
    >>> cache = ElmanStepCache(x_t=3 * one, h_prev=2 * one, h_t=0.5 * one, W_xh=one, W_hh=4 * one)
    >>> grads = elman_step_backward(one, cache)  # dz = 1 - 0.25
    >>> [float(grad.item()) for grad in grads]
    [0.75, 3.0, 2.25, 1.5, 0.75]

    The usual slip: the derivative is written with h_t, which the cache holds, not with h_prev and not with z. Nothing
    is divided by N: the loss has done that. A good answer has 2 to 8 lines.
    """
    x_t, h_prev, h_t, W_xh, W_hh = cache
    N, H = h_t.shape
    dx = np.zeros(x_t.shape)
    dh_prev = np.zeros(h_prev.shape)
    dW_xh = np.zeros(W_xh.shape)
    dW_hh = np.zeros(W_hh.shape)
    db_h = np.zeros(H)
    for n in range(N):
        for j in range(H):
            dz = dh_t[n, j] * (1 - h_t[n, j] ** 2)
            dx[n] += dz * W_xh[j]
            dh_prev[n] += dz * W_hh[j]
            dW_xh[j] += dz * x_t[n]
            dW_hh[j] += dz * h_prev[n]
            db_h[j] += dz
    return ElmanStepGrads(dx, dh_prev, np.asfortranarray(dW_xh), np.asfortranarray(dW_hh), db_h)


def elman_forward(x: np.ndarray, h0: np.ndarray, params: ElmanParams) -> tuple[np.ndarray, np.ndarray, ElmanCache]:
    """Run the step over a whole sequence: the state that comes out of one step goes into the next.

    h[t] = step(x[t], h[t-1]),  h[-1] = h0

    x: (T, N, I); h0: (N, H); params: ElmanParams(W_xh (H, I), W_hh (H, H), b_h (H,)), the same at every step
    returns: h (T, N, H); h_T (N, H), the last state, not a view of h;
        ElmanCache(steps), a tuple of the T step caches in order

    >>> one = np.ones((1, 1))
    >>> x = np.array([[[1.0]], [[0.0]]])  # T = 2, N = I = 1
    >>> h, h_T, cache = elman_forward(x, 0 * one, ElmanParams(one, one, np.zeros(1)))
    >>> [round(float(number), 4) for number in h.ravel()]  # tanh(1), tanh(tanh(1))
    [0.7616, 0.642]

    The usual slip: h0 is not always zero. Call elman_step_forward by its name: a check may put another step in its
    place. A good answer has 7 lines.
    """
    T, N = x.shape[0], x.shape[1]
    h = np.zeros((T, N, h0.shape[1]))
    steps = []
    state = h0
    W_xh, W_hh, b_h = params
    for t in range(T):
        # the whole batch at once here, a row for each sequence; the step itself stands in the loop
        before = state
        state = np.tanh(x[t] @ W_xh.T + before @ W_hh.T + b_h)
        h[t] = state
        steps.append(ElmanStepCache(x[t], before, state, W_xh, W_hh))
    h_T = np.array(state, order="F")  # a copy, also of h0 if there is no step
    return np.asfortranarray(h), h_T, ElmanCache(tuple(steps))


def elman_backward(dh: np.ndarray, cache: ElmanCache, dh_T: np.ndarray | None = None) -> ElmanGrads:
    """Backpropagate through time: run the steps of elman_forward in reverse.

    Every state has two gradients: dh[t], from the outputs of its own time, and what step t + 1 sends back to it; the
    last state gets dh_T for the latter. The weights served at every step, so their gradients add up over time.

    dh: (T, N, H); cache: of elman_forward; dh_T: (N, H), the gradient of the result h_T, zero if None
    returns: ElmanGrads(dx (T, N, I), dh0 (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,))

    Take H = I = N = 1, W_xh = 1, W_hh = 2, and three steps at h_t = 0 (where tanh' is 1). With dh = 1, 1, 1 the
    gradients of z are 7, 3, 1 for t = 0, 1, 2 (1 at the end, then 1 + 2 * 1, then 1 + 2 * 3): db_h = 11 and dh0 = 14.

    The usual slip: to add in place to dh, which is the caller's array. Call elman_step_backward by its name: a check
    may put another step in its place. A good answer has 11 lines.
    """
    T = len(cache.steps)
    coming_back = np.zeros(dh.shape[1:]) if dh_T is None else np.array(dh_T)
    dx = [None] * T
    summed = [0.0, 0.0, 0.0]  # dW_xh, dW_hh, db_h
    for t in reversed(range(T)):
        step = cache.steps[t]
        dz = (dh[t] + coming_back) * (1 - step.h_t**2)
        dx[t] = dz @ step.W_xh
        coming_back = dz @ step.W_hh
        of_weights = [dz.T @ step.x_t, dz.T @ step.h_prev, dz.sum(axis=0)]
        summed = [old + new for old, new in zip(summed, of_weights, strict=True)]
    return ElmanGrads(np.array(dx, order="F"), np.array(coming_back), *[np.array(total) for total in summed])


def elman_outputs(h: np.ndarray, W_hy: np.ndarray, b_y: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """Read an output from every hidden state: y[t] = W_hy h[t] + b_y, the same weights at every time.

    h: (T, N, H); W_hy: (O, H); b_y: (O,)
    returns: y (T, N, O) and LinearCache(h, W_hy)

    >>> y, cache = elman_outputs(np.full((2, 1, 1), 0.5), np.array([[4.0]]), np.array([1.0]))
    >>> y.ravel()
    array([3., 3.])

    No loop is needed: the layer of A1 takes any number of leading axes. A good answer has 1 line.
    """
    T, N = h.shape[0], h.shape[1]
    outputs = W_hy.shape[0]
    y = np.zeros((outputs, N, T))  # axes the other way round, turned at the end
    for t in range(T):
        for n in range(N):
            for o in range(outputs):
                y[o, n, t] = np.dot(W_hy[o], h[t, n]) + b_y[o]
    return y.T.copy(order="F"), LinearCache(h, W_hy)


def elman_backward_truncated(dh: np.ndarray, cache: ElmanCache, k: int) -> ElmanGrads:
    """Backpropagate through time in chunks of k steps (a bonus without points).

    The sequence is cut before the steps k, 2k, 3k, ...; nothing is carried back over a cut, as if h had been detached
    there. The gradients of the weights add up over the chunks, and dh0 is that of the first one.

    dh: (T, N, H); cache: of elman_forward; k: 1 or more; k >= T is the full gradient
    returns: ElmanGrads(dx (T, N, I), dh0 (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,))

    In the example of elman_backward, k = 2 gives the gradients 3, 1, 1 of z: db_h = 5 and dh0 = 6.

    The usual slip: to count the chunks from the end. A good answer has 7 lines.
    """
    # the step is written out here once more; nothing crosses a cut
    T = len(cache.steps)
    first = cache.steps[0]
    dx = np.zeros((T, *first.x_t.shape))
    dW_xh = np.zeros(first.W_xh.shape)
    dW_hh = np.zeros(first.W_hh.shape)
    db_h = np.zeros(first.W_hh.shape[0])
    coming_back = np.zeros(dh.shape[1:])
    for t in reversed(range(T)):
        step = cache.steps[t]
        if (t + 1) % k == 0:  # there is a cut between t and t + 1
            coming_back = np.zeros(dh.shape[1:])
        dz = (dh[t] + coming_back) * (1 - step.h_t**2)
        coming_back = np.zeros(dh.shape[1:])
        for n in range(dz.shape[0]):
            for j in range(dz.shape[1]):
                d = dz[n, j]
                dx[t, n] += d * step.W_xh[j]
                coming_back[n] += d * step.W_hh[j]
                dW_xh[j] += d * step.x_t[n]
                dW_hh[j] += d * step.h_prev[n]
                db_h[j] += d
    return ElmanGrads(np.asfortranarray(dx), coming_back, dW_xh, dW_hh, db_h)


def reverse_padded(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Turn every sequence round and leave its padding where it is: x_rev[t, n] = x[lengths[n] - 1 - t, n].

    x: (T, N, anything), with padding after the first lengths[n] steps of sequence n; lengths: (N,) integers, 0 to T
    returns: an array like x, a copy

    >>> reverse_padded(np.array([[1, 4], [2, 5], [3, 0]]), np.array([3, 2])).T  # two sequences, as rows
    array([[3, 2, 1],
           [5, 4, 0]])

    The usual slip: x[::-1], which brings the padding to the front. A good answer has 4 lines.
    """
    turned = np.array(x)  # a copy, with the padding where it was
    for n in range(x.shape[1]):
        words = int(lengths[n])
        for t in range(words):
            turned[t, n] = x[words - 1 - t, n]
    return np.asfortranarray(turned)


def _blanked(a, lengths):
    """Return a copy with zeros in the padding, whatever was there before."""
    blanked = np.zeros(a.shape)
    for n in range(a.shape[1]):
        for t in range(int(lengths[n])):
            blanked[t, n] = a[t, n]
    return blanked


def _ends(states, first_state, lengths):
    """Return the state after the last true step of every sequence, and its first state if it has no step."""
    ends = np.array(first_state, dtype=np.float64, order="F")
    for n in range(states.shape[1]):
        if lengths[n] > 0:
            ends[n] = states[int(lengths[n]) - 1, n]
    return ends


def bidirectional_forward(
    x: np.ndarray,
    h0_f: np.ndarray,
    h0_b: np.ndarray,
    params_f: ElmanParams,
    params_b: ElmanParams,
    lengths: np.ndarray | None = None,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], BidirectionalCache]:
    """Read every sequence from both ends: h[t] = the forward state after x[0..t], and the backward one after x[T-1..t].

    The backward states are those of elman_forward over reverse_padded(x), put back in the order of time. At padded
    steps h is 0, whatever x holds there, NaN included. The final states are those after each sequence's true last step
    (forward) and after its first (backward); those of an empty sequence are h0.

    x: (T, N, I); h0_f, h0_b: (N, H); lengths: (N,) integers, None for T everywhere
    returns: h (T, N, 2H), the pair of final states (N, H), and BidirectionalCache of both ElmanCache, the second one
        over the reversed input, and of the lengths (int64, never None)

    With one unit, W_xh = b_h = 1 and W_hh = 0, a sequence x = -1, 0 has h = tanh(0), tanh(1), the same in both halves.

    The usual slip: h[0] holds the last backward state, and h[-1] its first. Call elman_forward and reverse_padded by
    their names: a check may put others in their place. A good answer has 9 to 14 lines.
    """
    T, N = x.shape[0], x.shape[1]
    lengths = np.full(N, T, dtype=np.int64) if lengths is None else np.array(lengths, dtype=np.int64)
    clean = _blanked(x, lengths)  # no NaN of the padding gets into a state
    h_f, _, cache_f = elman_forward(clean, h0_f, params_f)
    h_b, _, cache_b = elman_forward(reverse_padded(clean, lengths), h0_b, params_b)
    ahead = _blanked(h_f, lengths)
    back = _blanked(reverse_padded(h_b, lengths), lengths)
    H_f, H_b = h_f.shape[2], h_b.shape[2]
    h = np.zeros((T, N, H_f + H_b))
    for t in range(T):
        h[t, :, :H_f] = ahead[t]
        h[t, :, H_f:] = back[t]
    # both ran for their own time, so the last true step is at lengths - 1 in both
    finals = _ends(h_f, h0_f, lengths), _ends(h_b, h0_b, lengths)
    return np.asfortranarray(h), finals, BidirectionalCache(cache_f, cache_b, lengths)


def bidirectional_backward(dh: np.ndarray, cache: BidirectionalCache) -> BidirectionalGrads:
    """Send each half of dh back through its direction; x was read by both, so dx is the sum of what they say.

    dh: (T, N, 2H), ignored at padded steps; the final states get no gradient; cache: of bidirectional_forward
    returns: BidirectionalGrads(dx (T, N, I), 0 at padded steps; dh0_f, dh0_b (N, H); dparams_f, dparams_b), where the
        last two are ElmanParams that hold gradients

    Where W_hh = 0 every state saw one input only, so that dx[t] has one term from each half of dh[t].

    The usual slip: a dh or a dx that stays in the reversed order. Call elman_backward by its name. A good answer has
    6 to 8 lines.
    """
    lengths = cache.lengths
    H = dh.shape[2] // 2
    told = _blanked(dh, lengths)
    grads_f = elman_backward(told[:, :, :H].copy(), cache.fwd)
    grads_b = elman_backward(reverse_padded(told[:, :, H:], lengths), cache.bwd)
    dx = _blanked(grads_f.dx, lengths) + _blanked(reverse_padded(grads_b.dx, lengths), lengths)
    return BidirectionalGrads(
        np.asfortranarray(dx), grads_f.dh0, grads_b.dh0, ElmanParams(*grads_f[2:]), ElmanParams(*grads_b[2:])
    )


def deep_elman_forward(
    x: np.ndarray, h0: Sequence[np.ndarray], params: Sequence[ElmanParams]
) -> tuple[np.ndarray, tuple[np.ndarray, ...], DeepElmanCache]:
    """Stack Elman layers: each one reads the states of the layer below, the lowest one reads x.

    x: (T, N, I); h0[l]: (N, H_l) and params[l] for layer l, lowest first, with W_xh (H_l, H_{l-1})
    returns: h (T, N, H_L) of the top layer only, the last states of all layers (N, H_l), lowest first, and the cache

    With one unit per layer, all weights 1 and no bias, T = 1 and h0 = 0, 0: x = 1 gives h = tanh(tanh(1)) = 0.642.

    The usual slip: every layer has a first state and weights of its own. Call elman_forward by its name. A good answer
    has 6 lines.
    """
    h = x
    last_states, caches = [], []
    for layer in range(len(params)):
        h, h_T, layer_cache = elman_forward(h, h0[layer], params[layer])
        last_states.append(h_T)
        caches.append(layer_cache)
    return h, tuple(last_states), DeepElmanCache(tuple(caches))


def deep_elman_backward(dh: np.ndarray, cache: DeepElmanCache) -> DeepElmanGrads:
    """Send dh back through the layers, top first: the dx of a layer is the dh of the layer below.

    dh: (T, N, H_L); cache: of deep_elman_forward
    returns: DeepElmanGrads(dx (T, N, I), dh0, dparams), the last two a tuple with one entry per layer, lowest first

    For one layer these are the gradients of elman_backward; dparams[0] holds its dW_xh, dW_hh and db_h as ElmanParams.

    The usual slip: gradients that come out top layer first. Call elman_backward by its name. A good answer has 5 lines.
    """
    L = len(cache.layers)
    dh0, dparams = [None] * L, [None] * L
    for layer in reversed(range(L)):
        grads = elman_backward(dh, cache.layers[layer])
        dh0[layer] = grads.dh0
        dparams[layer] = ElmanParams(grads.dW_xh, grads.dW_hh, grads.db_h)
        dh = grads.dx  # only the name: the caller's array stays
    return DeepElmanGrads(dh, tuple(dh0), tuple(dparams))


def deep_bidirectional_forward(
    x: np.ndarray, params: Sequence[tuple[ElmanParams, ElmanParams]]
) -> tuple[np.ndarray, DeepBidirectionalCache]:
    """Stack bidirectional layers: both directions of a layer read both halves of the layer below.

    x: (T, N, I); params[l]: a pair (forward, backward), lowest first; above the lowest W_xh is (H_l, 2 H_{l-1})
    returns: h (T, N, 2 H_L) of the top layer, and the cache; all first states are zero, and no sequence is padded

    For I = 3, H_1 = 4 and H_2 = 5 the W_xh of the two layers are (4, 3) and (5, 8).

    The usual slip: a stack for each direction, that meet at the top only. Call bidirectional_forward by its name: a
    check may put another one in its place. A good answer has 6 lines.
    """
    h = x
    caches = []
    for params_f, params_b in params:
        zero_f = np.zeros((x.shape[1], params_f.W_hh.shape[0]))
        zero_b = np.zeros((x.shape[1], params_b.W_hh.shape[0]))
        h, _, layer_cache = bidirectional_forward(h, zero_f, zero_b, params_f, params_b)
        caches.append(layer_cache)
    return h, DeepBidirectionalCache(tuple(caches))


def deep_bidirectional_backward(dh: np.ndarray, cache: DeepBidirectionalCache) -> DeepBidirectionalGrads:
    """Send dh back through the layers, top first; what both directions send back is the dh of both halves below.

    dh: (T, N, 2 H_L); cache: of deep_bidirectional_forward
    returns: DeepBidirectionalGrads(dx (T, N, I), dparams), the last a tuple of pairs of ElmanParams, lowest layer first

    For one layer these are dx and (dparams_f, dparams_b) of bidirectional_backward.

    The usual slip: to send back what the forward direction says, and only that. Call bidirectional_backward by its
    name. A good answer has 6 lines.
    """
    pairs = []
    for layer_cache in cache.layers[::-1]:
        grads = bidirectional_backward(dh, layer_cache)
        pairs.insert(0, (grads.dparams_f, grads.dparams_b))  # lowest first in the end
        dh = grads.dx
    return DeepBidirectionalGrads(dh, tuple(pairs))
