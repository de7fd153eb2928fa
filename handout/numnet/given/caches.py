"""The records that functions return: caches, parameters and gradients.

A forward pass returns its result and a cache; the backward pass gets that cache. Every cache is defined here, so that a
backward pass can be run on a cache that somebody else's forward pass made. A cache holds the arguments themselves, not
copies. A record of gradients has `d` + the name of each argument, in the order of the arguments.

Letters: N images or sequences, C channels, H x W pixels, F filters; T time, I input, H hidden, O output.
"""

from typing import NamedTuple

import numpy as np


class LinearCache(NamedTuple):
    """What linear_backward needs: x (..., I) and W (O, I)."""

    x: np.ndarray
    W: np.ndarray


class LinearGrads(NamedTuple):
    """Gradients of a linear layer: dx (..., I), dW (O, I), db (O,)."""

    dx: np.ndarray
    dW: np.ndarray
    db: np.ndarray


class ReLUCache(NamedTuple):
    """What relu_backward needs: x of any shape."""

    x: np.ndarray


class Conv2dCache(NamedTuple):
    """What conv2d_backward needs: x (N, C, H, W), not padded; weight (F, C, kh, kw); stride and padding."""

    x: np.ndarray
    weight: np.ndarray
    stride: int
    padding: int


class Conv2dGrads(NamedTuple):
    """Gradients of a convolution: dx (N, C, H, W), dweight (F, C, kh, kw), dbias (F,)."""

    dx: np.ndarray
    dweight: np.ndarray
    dbias: np.ndarray


class MaxPool2dCache(NamedTuple):
    """What max_pool2d_backward needs: the shape of x, and where each maximum stood.

    x_shape: (N, C, H, W)
    argmax: (N, C, H_out, W_out) int64, the position h * W + w of the maximum in its H x W plane (torch: return_indices)
    """

    x_shape: tuple[int, int, int, int]
    argmax: np.ndarray


class ElmanParams(NamedTuple):
    """Weights of an Elman layer: W_xh (H, I), W_hh (H, H), b_h (H,)."""

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray


class ElmanStepCache(NamedTuple):
    """What elman_step_backward needs: x_t (N, I), h_prev (N, H), h_t (N, H), W_xh (H, I), W_hh (H, H)."""

    x_t: np.ndarray
    h_prev: np.ndarray
    h_t: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray


class ElmanStepGrads(NamedTuple):
    """Gradients of one Elman step: dx (N, I), dh_prev (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,)."""

    dx: np.ndarray
    dh_prev: np.ndarray
    dW_xh: np.ndarray
    dW_hh: np.ndarray
    db_h: np.ndarray


class ElmanCache(NamedTuple):
    """What elman_backward needs: the caches of the T steps, first step first."""

    steps: tuple[ElmanStepCache, ...]


class ElmanGrads(NamedTuple):
    """Gradients of an Elman layer over time: dx (T, N, I), dh0 (N, H), dW_xh (H, I), dW_hh (H, H), db_h (H,)."""

    dx: np.ndarray
    dh0: np.ndarray
    dW_xh: np.ndarray
    dW_hh: np.ndarray
    db_h: np.ndarray


class NgramCounts(NamedTuple):
    """Counts of n-grams: counts[u][w] = c(u w) > 0 for every context u of 0 to n - 1 words.

    n: the order, 1 or more
    vocabulary: sorted; the words of the training text with count >= cutoff, "</s>" and "<unk>"
    counts: context (a tuple of words, "<s>" only as the first) to word to how often the word followed the context
    """

    n: int
    vocabulary: tuple[str, ...]
    counts: dict[tuple[str, ...], dict[str, int]]


class SmallCNNCache(NamedTuple):
    """The caches of the layers of the small CNN, first layer first."""

    conv: Conv2dCache
    relu: ReLUCache
    pool: MaxPool2dCache
    fc: LinearCache


class ResidualParams(NamedTuple):
    """Weights of a residual block: weight1, weight2 (C, C, 3, 3), bias1, bias2 (C,)."""

    weight1: np.ndarray
    bias1: np.ndarray
    weight2: np.ndarray
    bias2: np.ndarray


class ResidualGrads(NamedTuple):
    """Gradients of a residual block: dx (N, C, H, W), then those of ResidualParams in order."""

    dx: np.ndarray
    dweight1: np.ndarray
    dbias1: np.ndarray
    dweight2: np.ndarray
    dbias2: np.ndarray


class ResidualCache(NamedTuple):
    """The caches of the layers of a residual block; relu2.x is the sum with the skip path."""

    conv1: Conv2dCache
    relu1: ReLUCache
    conv2: Conv2dCache
    relu2: ReLUCache


class EmbeddingCache(NamedTuple):
    """What embedding_backward needs: ids (...), integers, and how many rows the table has."""

    ids: np.ndarray
    num_embeddings: int


class Span(NamedTuple):
    """An entity: its type and its place, start inclusive, end exclusive."""

    type: str
    start: int
    end: int


class TypeScore(NamedTuple):
    """Precision, recall and F1 of one type of span, and the counts they come from."""

    precision: float
    recall: float
    f1: float
    tp: int
    n_gold: int
    n_pred: int


class F1Report(NamedTuple):
    """Precision, recall and F1 over all spans, the counts they come from, and the same for each type."""

    precision: float
    recall: float
    f1: float
    tp: int
    n_gold: int
    n_pred: int
    per_type: dict[str, TypeScore]


class BidirectionalCache(NamedTuple):
    """The caches of both directions, bwd over the reversed input; lengths (N,) int64, never None."""

    fwd: ElmanCache
    bwd: ElmanCache
    lengths: np.ndarray


class BidirectionalGrads(NamedTuple):
    """Gradients of a bidirectional layer: dx (T, N, I); dh0 (N, H) and dparams of both directions."""

    dx: np.ndarray
    dh0_f: np.ndarray
    dh0_b: np.ndarray
    dparams_f: ElmanParams
    dparams_b: ElmanParams


class DeepElmanCache(NamedTuple):
    """The caches of the layers, lowest first."""

    layers: tuple[ElmanCache, ...]


class DeepElmanGrads(NamedTuple):
    """Gradients of a stack of Elman layers: dx (T, N, I); dh0 and dparams, one per layer, lowest first."""

    dx: np.ndarray
    dh0: tuple[np.ndarray, ...]
    dparams: tuple[ElmanParams, ...]


class DeepBidirectionalCache(NamedTuple):
    """The caches of the layers, lowest first."""

    layers: tuple[BidirectionalCache, ...]


class DeepBidirectionalGrads(NamedTuple):
    """Gradients of a stack of bidirectional layers: dx (T, N, I); dparams, a pair (forward, backward) per layer."""

    dx: np.ndarray
    dparams: tuple[tuple[ElmanParams, ElmanParams], ...]


class LSTMParams(NamedTuple):
    """Weights of an LSTM: W_xh (4H, I), W_hh (4H, H), b_h (4H,), row blocks i, f, g, o; w_peep (3, H), rows i, f, o."""

    W_xh: np.ndarray
    W_hh: np.ndarray
    b_h: np.ndarray
    w_peep: np.ndarray


class LSTMStepCache(NamedTuple):
    """What lstm_step_backward needs: x_t (N, I); h_prev, c_prev, i, f, g, o and c_t, each (N, H); the weights."""

    x_t: np.ndarray
    h_prev: np.ndarray
    c_prev: np.ndarray
    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray
    c_t: np.ndarray
    W_xh: np.ndarray
    W_hh: np.ndarray
    w_peep: np.ndarray


class LSTMStepGrads(NamedTuple):
    """Gradients of one LSTM step: dx (N, I), dh_prev, dc_prev (N, H), and those of LSTMParams."""

    dx: np.ndarray
    dh_prev: np.ndarray
    dc_prev: np.ndarray
    dW_xh: np.ndarray
    dW_hh: np.ndarray
    db_h: np.ndarray
    dw_peep: np.ndarray


class LSTMCache(NamedTuple):
    """What lstm_backward needs: the caches of the T steps, first step first."""

    steps: tuple[LSTMStepCache, ...]


class LSTMGrads(NamedTuple):
    """Gradients of an LSTM over time: dx (T, N, I), dh0, dc0 (N, H), and those of LSTMParams."""

    dx: np.ndarray
    dh0: np.ndarray
    dc0: np.ndarray
    dW_xh: np.ndarray
    dW_hh: np.ndarray
    db_h: np.ndarray
    dw_peep: np.ndarray


class DeepBidirectionalLSTMCache(NamedTuple):
    """The caches of the layers, lowest first, each a pair (forward, backward)."""

    layers: tuple[tuple[LSTMCache, LSTMCache], ...]


class DeepBidirectionalLSTMGrads(NamedTuple):
    """Gradients of a stack of bidirectional LSTMs: dx (T, N, I); the others are pairs (forward, backward) per layer."""

    dx: np.ndarray
    dh0: tuple[tuple[np.ndarray, np.ndarray], ...]
    dc0: tuple[tuple[np.ndarray, np.ndarray], ...]
    dparams: tuple[tuple[LSTMParams, LSTMParams], ...]


class History(NamedTuple):
    """What fit returns: the trained params, and the mean loss of every epoch."""

    params: dict[str, np.ndarray]
    losses: list[float]
