"""Linear layer, ReLU, softmax cross-entropy: expressions only, no assignment to a part of an array."""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


def linear_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """z = x W^T + b."""
    return np.inner(x, W) + b, LinearCache(x, W)


def linear_backward(dz: np.ndarray, cache: LinearCache) -> LinearGrads:
    """Contract all leading axes, however many there are."""
    leading = tuple(range(dz.ndim - 1))
    return LinearGrads(
        dx=dz @ cache.W,
        dW=np.tensordot(dz, cache.x, axes=(leading, leading)),
        db=np.sum(dz, axis=leading),
    )


def relu_forward(x: np.ndarray) -> tuple[np.ndarray, ReLUCache]:
    """y = max(x, 0)."""
    return np.maximum(x, 0.0), ReLUCache(x)


def relu_backward(dy: np.ndarray, cache: ReLUCache) -> np.ndarray:
    """Pass dy where x > 0."""
    return np.where(cache.x > 0, dy, 0.0)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return log p along the last axis; exp of it never overflows."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


def softmax_cross_entropy(
    logits: np.ndarray, targets: np.ndarray, mask: np.ndarray | None = None
) -> tuple[float, np.ndarray]:
    """Mean of -log p_target over what counts, and its gradient."""
    counts = np.ones(logits.shape[:-1], bool) if mask is None else np.asarray(mask)
    number = max(int(np.count_nonzero(counts)), 1)
    classes = np.where(counts, targets, 0).astype(np.int64)
    is_target = classes[..., np.newaxis] == np.arange(logits.shape[-1])
    log_p = log_softmax(logits)
    loss = -np.sum(np.where(is_target & counts[..., np.newaxis], log_p, 0.0)) / number
    return float(loss), np.where(counts[..., np.newaxis], (np.exp(log_p) - is_target) / number, 0.0)
