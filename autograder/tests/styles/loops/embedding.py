"""Word embeddings: every word has a row of numbers, and words that are used alike come to have rows that look alike.

    ids     [2 0 2]             E   0 │ 0.3  0.1 │          x   E[2]
                                    1 │ 0.8 -0.5 │   ──▶        E[0]      one row for every id
                                    2 │-0.2  0.9 │              E[2]

Letters: V words, D numbers per word; the table E is (V, D), as in torch. An id is the number of a word, 0 to V - 1;
`...` is any number of axes of ids, none too: (), (T,), (T, N).
Given: the record EmbeddingCache. To write: looking rows up and the gradient of it (B1), which words are alike (B2).
"""

import math

import numpy as np

from numnet.given.caches import EmbeddingCache


def embedding_forward(ids: np.ndarray, E: np.ndarray) -> tuple[np.ndarray, EmbeddingCache]:
    """Look up the row of every id: x[...] = E[ids[...]].

    The same as one_hot(ids) E, the linear layer of a word that is written as a row of V - 1 zeros and a one.

    ids: (...), of any integer type; one below 0 or above V - 1 raises IndexError; E: (V, D)
    returns: x (..., D), an array of its own and never a view of E, and the cache EmbeddingCache(ids, V)

    >>> E = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    >>> embedding_forward(np.array([2, 2, 0]), E)[0]
    array([[5., 6.],
           [5., 6.],
           [1., 2.]])

    The usual slip: an id of -1, which Python takes for the last row. A good answer has 3 lines.
    """
    V, D = E.shape
    x = np.zeros((*ids.shape, D))
    for place in np.ndindex(ids.shape):
        word = int(ids[place])
        if word < 0 or word >= V:
            raise IndexError(f"there is no word {word} in a table of {V}")
        x[place] = E[word]
    return np.asfortranarray(x), EmbeddingCache(ids, V)


def embedding_backward(dx: np.ndarray, cache: EmbeddingCache) -> np.ndarray:
    """Send dx back to the rows that were looked up: each row gets the sum of dx over all places where its id stood.

    dE[v] = Σ over the places with ids[...] = v of dx[...]          0 for a word that did not occur

    dx: (..., D)
    returns: dE (V, D), also when the last words of the table did not occur

    >>> dx = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    >>> embedding_backward(dx, EmbeddingCache(ids=np.array([2, 0, 2]), num_embeddings=4))
    array([[ 2., 20.],
           [ 0.,  0.],
           [ 5., 50.],
           [ 0.,  0.]])

    The usual slip: `dE[ids] += dx`, which adds only once to a row that occurs twice. Look for `at` among the methods of
    np.add. A good answer has 3 lines.
    """
    dE = np.zeros((cache.num_embeddings, dx.shape[-1]))
    for place in np.ndindex(cache.ids.shape):
        dE[int(cache.ids[place])] += dx[place]
    return np.asfortranarray(dE)


def cosine_similarity(E: np.ndarray, eps: float = 1e-12) -> np.ndarray:
    """Say of every two words how far their rows point the same way: 1 the same, 0 at right angles, -1 opposite.

    u_v    = E_v / max(|E_v|, eps)          |·| the Euclidean length; a row of zeros stays zeros
    S_vw   = u_v · u_w

    E: (V, D); eps: the least length by which a row is divided
    returns: S (V, V)

    >>> cosine_similarity(np.array([[3.0, 0.0], [3.0, 4.0], [0.0, 0.0]])).round(6)
    array([[1. , 0.6, 0. ],
           [0.6, 1. , 0. ],
           [0. , 0. , 0. ]])

    The usual slip: to divide by the length of one of the two rows, or by that of the columns.
    A good answer has 2 lines.
    """
    V = E.shape[0]
    # make all rows one long, if they are not zero
    directions = []
    for row in E:
        length = math.sqrt(sum(number * number for number in row.tolist()))
        directions.append(row / max(length, eps))
    S = np.zeros((V, V))
    for v in range(V):
        for w in range(V):
            S[v, w] = np.dot(directions[v], directions[w])
    return np.asfortranarray(S)


def nearest(E: np.ndarray, i: int, k: int) -> list[int]:
    """Return the k words that are most like word i, the most similar first.

    Similarities are those of cosine_similarity, rounded to 12 decimals so that noise decides nothing; words that are
    equally similar come in the order of their ids. Word i itself is left out.

    E: (V, D); i: 0 to V - 1, else IndexError; k: how many; more than V - 1 gives all V - 1
    returns: a list of Python ints

    >>> nearest(np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 0.1], [-1.0, 0.0]]), 0, 2)
    [2, 1]

    The usual slip: a sort that turns around, and with it the order of equals. `kind="stable"` keeps equals in order.
    A good answer has 4 lines.
    """
    V = E.shape[0]
    if i < 0 or i >= V:
        raise IndexError(f"there is no word {i} in a table of {V}")
    alike = np.round(cosine_similarity(E)[i], 12).tolist()
    others = [word for word in range(V) if word != i]
    others.sort(key=lambda word: (-alike[word], word))  # the most similar first, then by id
    return others[:k]
