"""Linear layer, ReLU and softmax cross-entropy; the normaliser is a running log-add-exp."""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


def linear_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """One product: the bias is the weight of an input that is always 1."""
    ones = np.ones((*x.shape[:-1], 1))
    return np.concatenate([x, ones], axis=-1) @ np.column_stack([W, b]).T, LinearCache(x, W)


def linear_backward(dz: np.ndarray, cache: LinearCache) -> LinearGrads:
    """One product for W and b, with the same trick."""
    rows = dz.reshape(-1, dz.shape[-1])
    inputs = np.column_stack([cache.x.reshape(len(rows), -1), np.ones(len(rows))])
    dWb = rows.T @ inputs
    return LinearGrads((rows @ cache.W).reshape(cache.x.shape), dWb[:, :-1].copy(), dWb[:, -1].copy())


def relu_forward(x: np.ndarray) -> tuple[np.ndarray, ReLUCache]:
    """(x + |x|) / 2."""
    return (x + np.abs(x)) / 2, ReLUCache(x)


def relu_backward(dy: np.ndarray, cache: ReLUCache) -> np.ndarray:
    """dy times the Heaviside step."""
    return dy * np.heaviside(cache.x, 0.0)


def softmax_cross_entropy(
    logits: np.ndarray, targets: np.ndarray, mask: np.ndarray | None = None
) -> tuple[float, np.ndarray]:
    """Work on the list of positions that count, and scatter what comes out."""
    K = logits.shape[-1]
    rows = logits.reshape(-1, K)
    chosen = np.arange(len(rows)) if mask is None else np.flatnonzero(mask)
    dlogits = np.zeros(rows.shape)
    if len(chosen) == 0:
        return 0.0, dlogits.reshape(logits.shape)
    right = np.asarray(targets).reshape(-1)[chosen].astype(np.int64)
    log_p = rows[chosen] - np.logaddexp.reduce(rows[chosen], axis=1)[:, None]
    line = np.arange(len(chosen))
    p = np.exp(log_p)
    p[line, right] -= 1
    dlogits[chosen] = p / len(chosen)
    return float(-np.mean(log_p[line, right])), dlogits.reshape(logits.shape)
