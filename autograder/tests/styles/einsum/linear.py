"""A linear layer, ReLU and softmax cross-entropy."""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache
from numnet.shapes import einsum


def linear_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """z = x W^T + b."""
    return einsum("...i,oi->...o", x, W) + b, LinearCache(x, W)


def linear_backward(dz, cache):
    """Send dz back."""
    lead = tuple(range(dz.ndim - 1))
    return LinearGrads(
        dx=einsum("...o,oi->...i", dz, cache.W),
        dW=np.tensordot(dz, cache.x, axes=(lead, lead)),
        db=np.array(dz.sum(axis=lead)),
    )


def relu_forward(x: np.ndarray) -> tuple[np.ndarray, ReLUCache]:
    """y = max(x, 0)."""
    return np.asarray(np.maximum(x, 0.0)), ReLUCache(x)


def relu_backward(dy: np.ndarray, cache: ReLUCache) -> np.ndarray:
    """dx = dy where x > 0."""
    return np.where(cache.x > 0, dy, 0.0)


def softmax_cross_entropy(logits, targets, mask=None) -> tuple[float, np.ndarray]:
    """Mean of -log p_target over the mask, and its gradient."""
    counted = np.ones(np.shape(targets), dtype=bool) if mask is None else np.asarray(mask, dtype=bool)
    dlogits = np.zeros(logits.shape)
    if not (count := int(np.count_nonzero(counted))):
        return 0.0, dlogits
    z = logits[counted]
    z = z - z.max(axis=-1, keepdims=True)
    right = np.asarray(targets)[counted][:, None]
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    p = np.exp(log_p)
    at_right = np.take_along_axis(log_p, right, axis=-1)
    np.put_along_axis(p, right, np.take_along_axis(p, right, axis=-1) - 1.0, axis=-1)
    dlogits[counted] = p / count
    return float(-at_right.mean()), dlogits
