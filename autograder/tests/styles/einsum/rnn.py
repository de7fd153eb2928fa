"""The Elman network."""

from collections.abc import Sequence
from itertools import pairwise

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
from numnet.shapes import add_into, einsum, halves, time_mask, zeros_like_all


def elman_step_forward(x_t, h_prev, W_xh, W_hh, b_h) -> tuple[np.ndarray, ElmanStepCache]:
    """h_t = tanh(W_xh x_t + W_hh h_prev + b_h)."""
    h_t = np.tanh(einsum("ni,hi->nh", x_t, W_xh) + einsum("nk,hk->nh", h_prev, W_hh) + b_h)
    return h_t, ElmanStepCache(x_t, h_prev, h_t, W_xh, W_hh)


def elman_step_backward(dh_t: np.ndarray, cache: ElmanStepCache) -> ElmanStepGrads:
    """Send dh_t back through one step."""
    dz = dh_t * (1 - cache.h_t**2)
    return ElmanStepGrads(
        einsum("nh,hi->ni", dz, cache.W_xh),
        einsum("nh,hk->nk", dz, cache.W_hh),
        einsum("nh,ni->hi", dz, cache.x_t),
        einsum("nh,nk->hk", dz, cache.h_prev),
        einsum("nh->h", dz),
    )


def elman_forward(x: np.ndarray, h0: np.ndarray, params: ElmanParams) -> tuple[np.ndarray, np.ndarray, ElmanCache]:
    """Run the step over a whole sequence."""
    h, steps = np.empty((len(x), *h0.shape)), [None] * len(x)
    for t, x_t in enumerate(x):
        h[t], steps[t] = elman_step_forward(x_t, h[t - 1] if t else h0, *params)
    return h, (h[-1] if len(x) else h0).copy(), ElmanCache(tuple(steps))


def elman_backward(dh: np.ndarray, cache: ElmanCache, dh_T: np.ndarray | None = None) -> ElmanGrads:
    """Backpropagate through time."""
    first = cache.steps[0]
    dx = np.empty((len(dh), *first.x_t.shape))
    totals = zeros_like_all(first.W_xh, first.W_hh, first.h_t[0])
    carried = np.zeros(dh.shape[1:]) if dh_T is None else dh_T
    for t in reversed(range(len(dh))):
        dx[t], carried, *parts = elman_step_backward(dh[t] + carried, cache.steps[t])
        add_into(totals, parts)
    return ElmanGrads(dx, carried, *totals)


def elman_outputs(h: np.ndarray, W_hy: np.ndarray, b_y: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """y[t] = W_hy h[t] + b_y."""
    return linear_forward(h, W_hy, b_y)


def elman_backward_truncated(dh: np.ndarray, cache: ElmanCache, k: int) -> ElmanGrads:
    """Backpropagate through time in chunks of k steps."""
    cuts = pairwise([*range(0, len(dh), k), len(dh)])
    chunks = [elman_backward(dh[a:b], ElmanCache(cache.steps[a:b])) for a, b in cuts]
    dx, dh0, *weights = zip(*chunks, strict=True)
    return ElmanGrads(np.concatenate(dx), dh0[0], *(np.sum(parts, axis=0) for parts in weights))


def reverse_padded(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Turn every sequence round and leave its padding where it is."""
    t = np.arange(len(x))[:, None]
    source = np.where(time_mask(lengths, len(x)), np.asarray(lengths) - 1 - t, t)
    return x[source, np.arange(x.shape[1])]


def _last(h, h0, lengths):
    """Return the state after the last true step of each sequence."""
    states = np.concatenate([h0[None], h])
    return np.take_along_axis(states, lengths[None, :, None], axis=0)[0]


def bidirectional_forward(
    x: np.ndarray,
    h0_f: np.ndarray,
    h0_b: np.ndarray,
    params_f: ElmanParams,
    params_b: ElmanParams,
    lengths: np.ndarray | None = None,
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], BidirectionalCache]:
    """Read every sequence from both ends."""
    T, N, _ = x.shape
    lengths = np.array(np.full(N, T) if lengths is None else lengths, dtype=np.int64)
    words = time_mask(lengths, T)[:, :, None]
    x = np.where(words, x, 0.0)
    h_f, _, fwd = elman_forward(x, h0_f, params_f)
    h_r, _, bwd = elman_forward(reverse_padded(x, lengths), h0_b, params_b)
    h = np.where(words, np.concatenate([h_f, reverse_padded(h_r, lengths)], axis=2), 0.0)
    return h, (_last(h_f, h0_f, lengths), _last(h_r, h0_b, lengths)), BidirectionalCache(fwd, bwd, lengths)


def bidirectional_backward(dh: np.ndarray, cache: BidirectionalCache) -> BidirectionalGrads:
    """Send each half of dh back through its direction."""
    fwd, bwd, lengths = cache
    words = time_mask(lengths, len(dh))[:, :, None]
    dh_f, dh_b = halves(np.where(words, dh, 0.0))
    f, b = elman_backward(dh_f, fwd), elman_backward(reverse_padded(dh_b, lengths), bwd)
    dx = np.where(words, f.dx + reverse_padded(b.dx, lengths), 0.0)
    return BidirectionalGrads(dx, f.dh0, b.dh0, ElmanParams(*f[2:]), ElmanParams(*b[2:]))


def deep_elman_forward(
    x: np.ndarray, h0: Sequence[np.ndarray], params: Sequence[ElmanParams]
) -> tuple[np.ndarray, tuple[np.ndarray, ...], DeepElmanCache]:
    """Stack Elman layers."""
    last, layers = [], []
    for first, weights in zip(h0, params, strict=True):
        x, h_T, cache = elman_forward(x, first, weights)
        last.append(h_T)
        layers.append(cache)
    return x, tuple(last), DeepElmanCache(tuple(layers))


def deep_elman_backward(dh: np.ndarray, cache: DeepElmanCache) -> DeepElmanGrads:
    """Send dh back through the layers."""

    def downwards(d):
        for layer in reversed(cache.layers):
            grads = elman_backward(d, layer)
            d = grads.dx
            yield grads

    layers = tuple(downwards(dh))[::-1]
    return DeepElmanGrads(layers[0].dx, tuple(g.dh0 for g in layers), tuple(ElmanParams(*g[2:]) for g in layers))


def deep_bidirectional_forward(x, params) -> tuple[np.ndarray, DeepBidirectionalCache]:
    """Stack bidirectional layers."""
    layers = [None] * len(params)
    for level, pair in enumerate(params):
        x, _, layers[level] = bidirectional_forward(x, *(np.zeros((x.shape[1], len(p.b_h))) for p in pair), *pair)
    return x, DeepBidirectionalCache(tuple(layers))


def deep_bidirectional_backward(dh: np.ndarray, cache: DeepBidirectionalCache) -> DeepBidirectionalGrads:
    """Send dh back through the layers."""
    dparams = [None] * len(cache.layers)
    for level in reversed(range(len(dparams))):
        dh, _, _, *pair = bidirectional_backward(dh, cache.layers[level])
        dparams[level] = tuple(pair)
    return DeepBidirectionalGrads(dh, tuple(dparams))
