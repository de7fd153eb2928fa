"""Word embeddings."""

import numpy as np

from numnet.given.caches import EmbeddingCache


def embedding_forward(ids: np.ndarray, E: np.ndarray) -> tuple[np.ndarray, EmbeddingCache]:
    """Take the rows; `take` refuses an id that is too large, and we one that is below 0."""
    if np.any(np.less(ids, 0)):
        raise IndexError("an id below 0")
    return np.take(E, ids, axis=0), EmbeddingCache(ids, len(E))


def embedding_backward(dx: np.ndarray, cache: EmbeddingCache) -> np.ndarray:
    """dE = one_hot(ids)^T dx."""
    one_hot = np.equal.outer(np.arange(cache.num_embeddings), np.ravel(cache.ids))
    return one_hot.astype(np.float64) @ dx.reshape(-1, dx.shape[-1])


def cosine_similarity(E: np.ndarray, eps: float = 1e-12) -> np.ndarray:
    """Products of rows of length 1."""
    units = E / np.maximum(np.linalg.norm(E, axis=1, keepdims=True), eps)
    return units @ units.T


def nearest(E: np.ndarray, i: int, k: int) -> list[int]:
    """Sort all others by falling similarity, then by id."""
    if i not in range(len(E)):
        raise IndexError(f"there is no word {i}")
    similarity = np.round(cosine_similarity(E)[i], 12)
    return sorted((v for v in range(len(E)) if v != i), key=lambda v: (-similarity[v], v))[:k]
