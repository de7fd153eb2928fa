# Homework, part B

import numpy as np
from numnet.given.caches import *


def embedding_forward(ids, E) -> tuple[np.ndarray, EmbeddingCache]:
    V = E.shape[0]
    D = E.shape[1]

    # check the ids first
    all_ids = ids.flatten()
    for id in all_ids:
        if id < 0:
            raise IndexError("id is negative: " + str(id))
        if id >= V:
            raise IndexError("id is too big: " + str(id))

    # look up every row
    rows = np.zeros((len(all_ids), D))
    for m in range(len(all_ids)):
        rows[m] = E[all_ids[m]]

    # back to the shape of ids
    new_shape = ids.shape + (D,)
    x = rows.reshape(new_shape)
    cache = EmbeddingCache(ids, V)
    return x, cache


def embedding_backward(dx, cache) -> np.ndarray:
    V = cache.num_embeddings
    D = dx.shape[-1]
    all_ids = cache.ids.flatten()
    all_dx = dx.reshape(len(all_ids), D)
    dE = np.zeros((V, D))
    for m in range(len(all_ids)):
        word = all_ids[m]
        dE[word] = dE[word] + all_dx[m]
    return dE


def cosine_similarity(E, eps=1e-12) -> np.ndarray:
    V = E.shape[0]
    # make every row have length 1
    unit_rows = np.zeros(E.shape)
    for v in range(V):
        length = np.sqrt(np.sum(E[v] ** 2))
        if length < eps:
            length = eps
        unit_rows[v] = E[v] / length
    # all the products
    S = np.zeros((V, V))
    for v in range(V):
        for w in range(V):
            S[v, w] = np.sum(unit_rows[v] * unit_rows[w])
    return S


def nearest(E, i, k) -> list[int]:
    V = E.shape[0]
    if i < 0 or i >= V:
        raise IndexError("there is no word number " + str(i))
    S = np.round(cosine_similarity(E), 12)

    # find the best one, then the second best one, ...
    result = []
    while len(result) < k and len(result) < V - 1:
        best = None
        for v in range(V):
            if v == i:
                continue  # not the word itself
            if v in result:
                continue  # already there
            if best is None or S[i, v] > S[i, best]:
                best = v
        result.append(best)
    return result


if __name__ == "__main__":
    E = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 0.1], [-1.0, 0.0]])
    print(nearest(E, 0, 2), "should be [2, 1]")
