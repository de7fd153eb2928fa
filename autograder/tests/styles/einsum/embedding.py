"""Word embeddings."""

import numpy as np

from numnet.given.caches import EmbeddingCache
from numnet.shapes import einsum


def embedding_forward(ids: np.ndarray, E: np.ndarray) -> tuple[np.ndarray, EmbeddingCache]:
    """x[...] = E[ids[...]]."""
    V = len(E)
    if np.any(ids < 0) or np.any(ids >= V):
        raise IndexError(f"an id is not in 0 to {V - 1}")
    return np.take(E, ids, axis=0), EmbeddingCache(ids, V)


def embedding_backward(dx, cache):
    """Sum dx over all places of each id."""
    dE = np.zeros((cache.num_embeddings, dx.shape[-1]))
    np.add.at(dE, cache.ids, dx)
    return dE


def cosine_similarity(E: np.ndarray, eps: float = 1e-12) -> np.ndarray:
    """Cosines of the angles between all rows."""
    u = E / np.maximum(np.sqrt(einsum("vd,vd->v", E, E)), eps)[:, None]
    return einsum("vd,wd->vw", u, u)


def nearest(E: np.ndarray, i: int, k: int) -> list[int]:
    """The k words most like word i."""
    if not 0 <= i < len(E):
        raise IndexError(i)
    order = np.argsort(-cosine_similarity(E)[i].round(12), kind="stable")
    return order[order != i][:k].tolist()
