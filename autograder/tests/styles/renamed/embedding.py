"""A drawer of vectors."""

import numpy as np

from numnet.given.caches import EmbeddingCache
from numnet.toolbox import Real, Whole


def embedding_forward(ids: Whole, E: Real) -> tuple[Real, EmbeddingCache]:
    """Copy what lies in the drawers."""
    drawers = len(E)
    wanted = np.asarray(ids)
    outside = (wanted >= drawers) | (wanted < 0)
    if outside.any():
        raise IndexError(f"there are {drawers} drawers")
    return np.array(E[wanted]), EmbeddingCache(ids, drawers)


def embedding_backward(dx: Real, cache: EmbeddingCache) -> Real:
    """Throw every note into its drawer."""
    cabinet = np.zeros((cache.num_embeddings, dx.shape[-1]))
    np.add.at(cabinet, cache.ids, dx)
    return cabinet


def cosine_similarity(E: Real, eps: float = 1e-12) -> Real:
    """Compare directions."""
    reach = np.sqrt(np.sum(E * E, axis=1))
    reach[reach < eps] = eps
    arrows = E / reach[:, np.newaxis]
    return np.dot(arrows, arrows.T)


def nearest(E: Real, i: int, k: int) -> list[int]:
    """Look for similar directions."""
    if i < 0 or i >= len(E):
        raise IndexError(i)
    closeness = np.around(cosine_similarity(E)[i], decimals=12)
    ranking = np.lexsort((np.arange(len(E)), -closeness)).tolist()
    ranking.remove(i)
    return ranking[:k]
