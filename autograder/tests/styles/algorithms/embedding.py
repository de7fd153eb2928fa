"""Word embeddings: sort the ids, add up the runs; similarities from one Gram matrix."""

import heapq

import numpy as np

from numnet.given.caches import EmbeddingCache


def embedding_forward(ids: np.ndarray, E: np.ndarray) -> tuple[np.ndarray, EmbeddingCache]:
    """Look up row by row of the flat list of ids."""
    V, D = E.shape
    flat = np.ravel(ids)
    if flat.size and not (0 <= int(flat.min()) and int(flat.max()) < V):
        raise IndexError(f"ids have to be 0 to {V - 1}")
    return E[flat].reshape(*np.shape(ids), D), EmbeddingCache(ids, V)


def embedding_backward(dx: np.ndarray, cache: EmbeddingCache) -> np.ndarray:
    """Add up runs of equal ids."""
    flat, D = np.ravel(cache.ids).astype(np.int64), dx.shape[-1]
    dE = np.zeros((cache.num_embeddings, D))
    if flat.size:
        order = np.argsort(flat, kind="stable")
        words, starts = np.unique(flat[order], return_index=True)
        dE[words] = np.add.reduceat(dx.reshape(-1, D)[order], starts, axis=0)
    return dE


def cosine_similarity(E: np.ndarray, eps: float = 1e-12) -> np.ndarray:
    """Divide products by lengths."""
    gram = E @ E.T
    length = np.maximum(np.sqrt(np.einsum("vd,vd->v", E, E)), eps)
    return gram / length[:, None] / length


def nearest(E: np.ndarray, i: int, k: int) -> list[int]:
    """Take the k smallest of a heap of (minus the similarity, id)."""
    if not 0 <= i < len(E):
        raise IndexError(f"word {i} of {len(E)}")
    row = cosine_similarity(E)[i].round(12)
    heap = [(-float(similarity), v) for v, similarity in enumerate(row) if v != i]
    return [v for _, v in heapq.nsmallest(k, heap)]
