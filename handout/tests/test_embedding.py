"""Public checks of numnet/embedding.py: looking words up (B1) and finding those that are alike (B2).

Letters: V words, D numbers per word.
"""

import numpy as np
import pytest

from numnet.embedding import cosine_similarity, embedding_backward, embedding_forward, nearest
from numnet.given.caches import EmbeddingCache
from numnet.given.claim import agree, equal, purely
from numnet.given.gradcheck import numeric_gradient

NUMERIC = 1e-5  # central differences are good to 1e-9; a wrong formula is off by far more


@pytest.mark.problem("B1")
def test_a_sentence_becomes_the_rows_of_its_words():
    """The words 1, 0, 1 of a table with two rows become row 1, row 0 and row 1 again."""
    ids, E = np.array([1, 0, 1]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

    x, cache = purely(embedding_forward, ids, E)

    agree(x, [[4.0, 5.0, 6.0], [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "embedding_forward: x")
    equal(cache, EmbeddingCache(ids, 2), "embedding_forward: cache")


@pytest.mark.problem("B1")
def test_a_lookup_is_a_product_with_one_hot_rows():
    """A batch of sentences times the table: each word is a row of zeros with a one at its id."""
    rng = np.random.default_rng(1)
    ids, E = rng.integers(5, size=(4, 3)), rng.normal(size=(5, 2))

    x, _ = embedding_forward(ids, E)

    agree(x, np.eye(5)[ids] @ E, "embedding_forward: x")


@pytest.mark.problem("B1")
def test_a_word_that_is_not_in_the_table_is_refused():
    """A table of three words has no word 3, and no word -1 either: IndexError."""
    for ids in ([0, 3], [-1, 2]):
        with pytest.raises(IndexError):
            embedding_forward(np.array(ids), np.ones((3, 2)))


@pytest.mark.problem("B1")
def test_a_repeated_word_gets_both_gradients():
    """Word 1 occurs twice, so its row gets 1 + 4; word 0 gets 2, and word 2, which does not occur, gets nothing."""
    cache = EmbeddingCache(ids=np.array([1, 0, 1]), num_embeddings=3)

    dE = embedding_backward(np.array([[1.0], [2.0], [4.0]]), cache)

    agree(dE, [[2.0], [5.0], [0.0]], "embedding_backward: dE")


@pytest.mark.problem("B1")
def test_the_gradient_of_the_table_agrees_with_a_numeric_one():
    """Moving a number of the table a little moves the rows of all places where its word stands."""
    rng = np.random.default_rng(2)
    ids, E = np.array([[3, 0], [3, 3], [1, 0]]), rng.normal(size=(5, 2))
    dx = rng.normal(size=(3, 2, 2))

    dE = purely(embedding_backward, dx, embedding_forward(ids, E)[1])

    numeric = numeric_gradient(lambda moved: embedding_forward(ids, moved)[0], E, dx)
    agree(dE, numeric, "embedding_backward: dE", NUMERIC)


@pytest.mark.problem("B2")
def test_the_cosine_of_two_rows_can_be_computed_by_hand():
    """(3, 4) and (4, 3) have length 5 each, so their cosine is 24/25; (-4, 3) is at right angles to (3, 4)."""
    similarity = cosine_similarity(np.array([[3.0, 4.0], [4.0, 3.0], [-4.0, 3.0]]))

    agree(similarity, [[1.0, 0.96, 0.0], [0.96, 1.0, -0.28], [0.0, -0.28, 1.0]], "cosine_similarity")


@pytest.mark.problem("B2")
def test_every_word_is_wholly_like_itself():
    """There are ones on the diagonal, and v is to w as w is to v."""
    E = np.random.default_rng(3).normal(size=(6, 4))

    similarity = purely(cosine_similarity, E)

    agree(similarity.diagonal().copy(), np.ones(6), "cosine_similarity: the diagonal")
    agree(similarity, similarity.T, "cosine_similarity: w to v as v to w")


@pytest.mark.problem("B2")
def test_the_nearest_words_point_the_same_way():
    """Seen from (1, 0) a long (9, 1) is nearest, then (1, 1), then (-1, 0); the word itself is not in the list."""
    E = np.array([[-1.0, 0.0], [1.0, 1.0], [1.0, 0.0], [9.0, 1.0]])

    equal(nearest(E, 2, 1), [3], "nearest: with k = 1")
    equal(nearest(E, 2, 3), [3, 1, 0], "nearest: with k = 3")


@pytest.mark.problem("B2")
def test_words_that_are_equally_near_come_in_the_order_of_their_ids():
    """(3, 4) and (3, -4) are as near to (1, 0) as each other."""
    E = np.array([[3.0, 4.0], [1.0, 0.0], [3.0, -4.0]])

    equal(nearest(E, 1, 2), [0, 2], "nearest: two that are equally near")
