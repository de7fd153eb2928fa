"""The Elman network: a recurrence is `accumulate`, and so is the way back."""

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from operator import add
from types import SimpleNamespace

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


def scan(function, inputs, initial):
    """Return the results of function(result before, input), without the initial one."""
    return list(accumulate(inputs, function, initial=initial))[1:]


def elman_step_forward(
    x_t: np.ndarray, h_prev: np.ndarray, W_xh: np.ndarray, W_hh: np.ndarray, b_h: np.ndarray
) -> tuple[np.ndarray, ElmanStepCache]:
    """h_t = tanh(W_xh x_t + W_hh h_prev + b_h)."""
    h_t = np.tanh(np.inner(x_t, W_xh) + np.inner(h_prev, W_hh) + b_h)
    return h_t, ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)


def elman_step_backward(dh_t: np.ndarray, cache: ElmanStepCache) -> ElmanStepGrads:
    """dz = dh_t (1 - h_t^2), and everything else from it."""
    dz = dh_t * (1 - np.square(cache.h_t))
    return ElmanStepGrads(dz @ cache.W_xh, dz @ cache.W_hh, dz.T @ cache.x_t, dz.T @ cache.h_prev, dz.sum(axis=0))


def elman_forward(x: np.ndarray, h0: np.ndarray, params: ElmanParams) -> tuple[np.ndarray, np.ndarray, ElmanCache]:
    """Scan over time."""
    steps = scan(lambda before, x_t: elman_step_forward(x_t, before[0], *params), x, (h0, None))
    states, caches = zip(*steps, strict=True)
    return np.stack(states), np.array(states[-1]), ElmanCache(caches)


def elman_backward(dh: np.ndarray, cache: ElmanCache, dh_T: np.ndarray | None = None) -> ElmanGrads:
    """Scan against time; dh_prev is what is handed on."""
    last = SimpleNamespace(dh_prev=0.0 if dh_T is None else dh_T)

    def back(after, now):
        return elman_step_backward(now[0] + after.dh_prev, now[1])

    grads = scan(back, zip(dh[::-1], cache.steps[::-1], strict=True), last)
    weights = (reduce(add, parts, 0.0) for parts in zip(*(g[2:] for g in grads), strict=True))
    return ElmanGrads(np.stack([g.dx for g in reversed(grads)]), np.array(grads[-1].dh_prev), *weights)


def elman_outputs(h: np.ndarray, W_hy: np.ndarray, b_y: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """y[t] = W_hy h[t] + b_y."""
    return linear_forward(h, W_hy, b_y)


def elman_backward_truncated(dh: np.ndarray, cache: ElmanCache, k: int) -> ElmanGrads:
    """Add up the gradients of chunks."""
    starts = range(0, len(dh), k)
    chunks = [elman_backward(dh[t : t + k], ElmanCache(cache.steps[t : t + k])) for t in starts]
    weights = (reduce(add, parts) for parts in zip(*(chunk[2:] for chunk in chunks), strict=True))
    return ElmanGrads(np.concatenate([chunk.dx for chunk in chunks]), chunks[0].dh0, *weights)


def reverse_padded(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Take from lengths - 1 - t, or from t in the padding."""
    t = np.arange(len(x))[:, np.newaxis]
    return x[np.where(t < lengths, np.subtract(lengths, 1) - t, t), np.arange(x.shape[1])]


def _words(T, lengths):
    return (np.arange(T)[:, np.newaxis] < lengths)[..., np.newaxis]


def bidirectional_forward(
    x: np.ndarray,
    h0_f: np.ndarray,
    h0_b: np.ndarray,
    params_f: ElmanParams,
    params_b: ElmanParams,
    lengths: np.ndarray | None = None,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], BidirectionalCache]:
    """Two readings of what is left of x when its padding is blank."""
    T, N = x.shape[:2]
    ends = np.array([T] * N if lengths is None else lengths, dtype=np.int64)
    words = _words(T, ends)
    blank = np.where(words, x, 0.0)
    forth, _, fwd = elman_forward(blank, h0_f, params_f)
    back, _, bwd = elman_forward(reverse_padded(blank, ends), h0_b, params_b)

    def last(h0, h):
        return np.concatenate([h0[np.newaxis], h])[ends, np.arange(N)]

    h = np.where(words, np.concatenate([forth, reverse_padded(back, ends)], axis=-1), 0.0)
    return h, (last(h0_f, forth), last(h0_b, back)), BidirectionalCache(fwd, bwd, ends)


def bidirectional_backward(dh: np.ndarray, cache: BidirectionalCache) -> BidirectionalGrads:
    """Each direction gets its half of dh."""
    words = _words(len(dh), cache.lengths)
    dh_f, dh_b = np.split(np.where(words, dh, 0.0), 2, axis=-1)
    f = elman_backward(dh_f, cache.fwd)
    b = elman_backward(reverse_padded(dh_b, cache.lengths), cache.bwd)
    dx = np.where(words, f.dx + reverse_padded(b.dx, cache.lengths), 0.0)
    return BidirectionalGrads(dx, f.dh0, b.dh0, ElmanParams(*f[2:]), ElmanParams(*b[2:]))


def deep_elman_forward(
    x: np.ndarray, h0: Sequence[np.ndarray], params: Sequence[ElmanParams]
) -> tuple[np.ndarray, tuple[np.ndarray, ...], DeepElmanCache]:
    """Scan over layers."""
    layers = scan(lambda below, layer: elman_forward(below[0], *layer), zip(h0, params, strict=True), (x,))
    outputs, finals, caches = zip(*layers, strict=True)
    return outputs[-1], finals, DeepElmanCache(caches)


def deep_elman_backward(dh: np.ndarray, cache: DeepElmanCache) -> DeepElmanGrads:
    """Scan over layers, from the top."""
    top = SimpleNamespace(dx=dh)
    layers = scan(lambda above, layer: elman_backward(above.dx, layer), reversed(cache.layers), top)[::-1]
    return DeepElmanGrads(layers[0].dx, tuple(g.dh0 for g in layers), tuple(ElmanParams(*g[2:]) for g in layers))


def deep_bidirectional_forward(
    x: np.ndarray, params: Sequence[tuple[ElmanParams, ElmanParams]]
) -> tuple[np.ndarray, DeepBidirectionalCache]:
    """Scan over layers that read both ways."""

    def climb(below, pair):
        zeros = (np.zeros((x.shape[1], len(weights.b_h))) for weights in pair)
        return bidirectional_forward(below[0], *zeros, *pair)

    outputs, _, caches = zip(*scan(climb, params, (x,)), strict=True)
    return outputs[-1], DeepBidirectionalCache(caches)


def deep_bidirectional_backward(dh: np.ndarray, cache: DeepBidirectionalCache) -> DeepBidirectionalGrads:
    """Scan over layers, from the top."""
    top = SimpleNamespace(dx=dh)
    layers = scan(lambda above, layer: bidirectional_backward(above.dx, layer), reversed(cache.layers), top)[::-1]
    return DeepBidirectionalGrads(layers[0].dx, tuple((g.dparams_f, g.dparams_b) for g in layers))
