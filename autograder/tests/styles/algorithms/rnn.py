"""The Elman network by divide and conquer: a sequence is two halves, and the state between them.

Backpropagation goes through the later half first, and hands what it gets to the earlier one.
"""

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
    """One product of both inputs side by side; tanh by way of exp, which cannot overflow below 0."""
    z = np.hstack([x_t, h_prev]) @ np.hstack([W_xh, W_hh]).T + b_h
    small = np.expm1(-2 * np.abs(z))
    h_t = np.sign(z) * -small / (2 + small)
    return h_t, ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)


def elman_step_backward(dh_t: np.ndarray, cache: ElmanStepCache) -> ElmanStepGrads:
    """One product for both inputs, and one for both weights."""
    inputs = cache.x_t.shape[1]
    dz = (1 - cache.h_t) * (1 + cache.h_t) * dh_t
    dboth = dz @ np.hstack([cache.W_xh, cache.W_hh])
    dW = dz.T @ np.hstack([cache.x_t, cache.h_prev])
    parts = dboth[:, :inputs], dboth[:, inputs:], dW[:, :inputs], dW[:, inputs:], dz.sum(axis=0)
    return ElmanStepGrads(*(part.copy() for part in parts))


def _run(x, state, params):
    """Return the states and the step caches of a piece of the sequence."""
    if len(x) == 1:
        h_t, step = elman_step_forward(x[0], state, *params)
        return [h_t], [step]
    middle = len(x) // 2
    early_h, early = _run(x[:middle], state, params)
    late_h, late = _run(x[middle:], early_h[-1], params)
    return early_h + late_h, early + late


def elman_forward(x: np.ndarray, h0: np.ndarray, params: ElmanParams) -> tuple[np.ndarray, np.ndarray, ElmanCache]:
    """Run both halves."""
    h, steps = _run(x, h0, params)
    return np.stack(h), h[-1].copy(), ElmanCache(tuple(steps))


def _return(dh, steps, dstate):
    """Return the dx of a piece, what goes on to the piece before, and the gradients of the weights."""
    if len(steps) == 1:
        dx, dh_prev, *dweights = elman_step_backward(dh[0] + dstate, steps[0])
        return [dx], dh_prev, dweights
    middle = len(steps) // 2
    late_dx, dstate, late = _return(dh[middle:], steps[middle:], dstate)
    early_dx, dstate, early = _return(dh[:middle], steps[:middle], dstate)
    return early_dx + late_dx, dstate, [a + b for a, b in zip(early, late, strict=True)]


def elman_backward(dh: np.ndarray, cache: ElmanCache, dh_T: np.ndarray | None = None) -> ElmanGrads:
    """Return through both halves."""
    dx, dh0, dweights = _return(dh, cache.steps, np.zeros(dh.shape[1:]) if dh_T is None else dh_T)
    return ElmanGrads(np.stack(dx), dh0, *dweights)


def elman_outputs(h: np.ndarray, W_hy: np.ndarray, b_y: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """One linear layer for all times."""
    return linear_forward(h, W_hy, b_y)


def elman_backward_truncated(dh: np.ndarray, cache: ElmanCache, k: int) -> ElmanGrads:
    """Cut the last chunk off, and treat the rest likewise."""
    T = len(cache.steps)
    if k >= T:
        return elman_backward(dh, cache)
    cut = (T - 1) // k * k
    rest = elman_backward_truncated(dh[:cut], ElmanCache(cache.steps[:cut]), k)
    last = elman_backward(dh[cut:], ElmanCache(cache.steps[cut:]))
    weights = (a + b for a, b in zip(rest[2:], last[2:], strict=True))
    return ElmanGrads(np.concatenate([rest.dx, last.dx]), rest.dh0, *weights)


def reverse_padded(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Sort the times of every sequence: words by falling time, then the padding as it is."""
    t = np.broadcast_to(np.arange(len(x))[:, None], x.shape[:2])
    order = np.argsort(np.where(t < np.asarray(lengths), -t, t + 1), axis=0, kind="stable")
    return x[order, np.arange(x.shape[1])]


def _is_padding(T, lengths):
    return np.arange(T)[:, None] >= lengths


def bidirectional_forward(
    x: np.ndarray,
    h0_f: np.ndarray,
    h0_b: np.ndarray,
    params_f: ElmanParams,
    params_b: ElmanParams,
    lengths: np.ndarray | None = None,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], BidirectionalCache]:
    """Run over x and over the reversed x."""
    T, N, _ = x.shape
    lengths = np.full(N, T, dtype=np.int64) if lengths is None else np.array(lengths, dtype=np.int64)
    padding = _is_padding(T, lengths)
    x = x.copy()
    x[padding] = 0
    sides, finals, caches = [], [], []
    for sequence, h0, params in ((x, h0_f, params_f), (reverse_padded(x, lengths), h0_b, params_b)):
        h, _, cache = elman_forward(sequence, h0, params)
        sides.append(h)
        finals.append(np.array([h[end - 1, n] if end else h0[n] for n, end in enumerate(lengths)]))
        caches.append(cache)
    h = np.dstack([sides[0], reverse_padded(sides[1], lengths)])
    h[padding] = 0
    return h, tuple(finals), BidirectionalCache(*caches, lengths)


def bidirectional_backward(dh: np.ndarray, cache: BidirectionalCache) -> BidirectionalGrads:
    """Return through both."""
    lengths, padding = cache.lengths, _is_padding(len(dh), cache.lengths)
    dh = dh.copy()
    dh[padding] = 0
    half = dh.shape[2] // 2
    f = elman_backward(dh[:, :, :half], cache.fwd)
    b = elman_backward(reverse_padded(dh[:, :, half:], lengths), cache.bwd)
    dx = f.dx + reverse_padded(b.dx, lengths)
    dx[padding] = 0
    return BidirectionalGrads(dx, f.dh0, b.dh0, ElmanParams(*f[2:]), ElmanParams(*b[2:]))


def deep_elman_forward(
    x: np.ndarray, h0: Sequence[np.ndarray], params: Sequence[ElmanParams]
) -> tuple[np.ndarray, tuple[np.ndarray, ...], DeepElmanCache]:
    """The lowest layer, and then a stack that is one lower."""
    h, h_T, cache = elman_forward(x, h0[0], params[0])
    if len(params) == 1:
        return h, (h_T,), DeepElmanCache((cache,))
    top, finals, above = deep_elman_forward(h, h0[1:], params[1:])
    return top, (h_T, *finals), DeepElmanCache((cache, *above.layers))


def deep_elman_backward(dh: np.ndarray, cache: DeepElmanCache) -> DeepElmanGrads:
    """The stack above, and then the lowest layer."""
    lowest, *above = cache.layers
    stack = deep_elman_backward(dh, DeepElmanCache(tuple(above))) if above else DeepElmanGrads(dh, (), ())
    dx, dh0, *dweights = elman_backward(stack.dx, lowest)
    return DeepElmanGrads(dx, (dh0, *stack.dh0), (ElmanParams(*dweights), *stack.dparams))


def deep_bidirectional_forward(
    x: np.ndarray, params: Sequence[tuple[ElmanParams, ElmanParams]]
) -> tuple[np.ndarray, DeepBidirectionalCache]:
    """The lowest layer, and then a stack that is one lower."""
    forth, back = params[0]
    zeros = [np.zeros((x.shape[1], len(one.W_hh))) for one in (forth, back)]
    h, _, cache = bidirectional_forward(x, *zeros, forth, back)
    if len(params) == 1:
        return h, DeepBidirectionalCache((cache,))
    top, above = deep_bidirectional_forward(h, params[1:])
    return top, DeepBidirectionalCache((cache, *above.layers))


def deep_bidirectional_backward(dh: np.ndarray, cache: DeepBidirectionalCache) -> DeepBidirectionalGrads:
    """The stack above, and then the lowest layer."""
    lowest, *above = cache.layers
    dparams = ()
    if above:
        dh, dparams = deep_bidirectional_backward(dh, DeepBidirectionalCache(tuple(above)))
    grads = bidirectional_backward(dh, lowest)
    return DeepBidirectionalGrads(grads.dx, ((grads.dparams_f, grads.dparams_b), *dparams))
