"""Hidden checks of embedding.py: looking words up (B1), and which words are alike (B2).

Letters: V words, D numbers per word.
`nearest` is examined with our cosine_similarity in place, so that a slip there costs nothing here.
"""

import numpy as np

from autograder.checks.claim import BACKWARD, agree, holds, problem, refuses

SHAPES = [(5,), (4, 3), (2, 3, 2), (1, 1)]  # a sentence; time and batch; one axis more; a single word in a batch
COSINE = "embedding.cosine_similarity"


def draw_cache(reference, rng, shape, words, size):
    """Draw dx (*shape, D) and the cache of our lookup of ids of this shape, without the last word of V."""
    ids = np.asarray(rng.integers(words - 1, size=shape))
    return rng.normal(size=(*shape, size)), reference.embedding.EmbeddingCache(ids, words)


@problem("B1")
def test_lookup_returns_the_row_of_every_id(student, reference, rng):
    """Every id becomes its row, whatever the axes and the integer type of the ids; the cache is (ids, V)."""
    kinds = [np.int64, np.int32, np.uint8, np.int64]
    calls = [
        (rng.integers(7, size=shape).astype(kind), rng.normal(size=(7, 3)))
        for shape, kind in zip(SHAPES, kinds, strict=True)
    ]

    answers = student.embedding.embedding_forward.each(calls)

    for answer, call in zip(answers, calls, strict=True):
        what = f"embedding_forward for {call[0].dtype} ids of shape {call[0].shape}: (x, cache)"
        agree(answer, reference.embedding.embedding_forward(*call), what)


@problem("B1")
def test_a_single_id_is_looked_up(student, reference, rng):
    """An id alone, of shape (), becomes one row of shape (D,); a table of one word and one number works, too."""
    dx, cache = draw_cache(reference, rng, (), 6, 4)

    rows = student.embedding.embedding_forward.each(
        [(cache.ids, E := rng.normal(size=(6, 4))), (np.array([0, 0]), one := rng.normal(size=(1, 1)))]
    )
    dE = student.embedding.embedding_backward(dx, cache)

    agree(rows[0][0], E[int(cache.ids)], "embedding_forward for an id of shape (): x")
    agree(rows[1][0], np.repeat(one, 2, axis=0), "embedding_forward for a table of shape (1, 1): x")
    agree(dE, reference.embedding.embedding_backward(dx, cache), "embedding_backward for an id of shape ()", BACKWARD)


@problem("B1")
def test_lookup_refuses_an_id_outside_the_table(student, rng):
    """An id of V or more, or below 0, raises IndexError, wherever it stands."""
    E = rng.normal(size=(5, 2))

    agree(
        student.embedding.embedding_forward.output(np.array([[4, 0]]), E), E[[[4, 0]]], "embedding_forward of known ids"
    )
    for ids in ([[0, 1], [5, 2]], [[0, 4], [3, -1]]):
        with refuses(IndexError, f"embedding_forward for V = 5 and ids {ids}"):
            student.embedding.embedding_forward(np.array(ids), E)


@problem("B1")
def test_gradients_of_a_repeated_word_add_up(student, reference, rng):
    """A word that stands in several places gets the sum of what comes back from them, and loses nothing of it."""
    calls = [draw_cache(reference, rng, shape, 4, 3) for shape in ((9,), (4, 5), (2, 3, 4))]

    answers = student.embedding.embedding_backward.each(calls)

    for dE, (dx, cache) in zip(answers, calls, strict=True):
        what = f"embedding_backward for ids of shape {cache.ids.shape}, V = 4"
        agree(dE, reference.embedding.embedding_backward(dx, cache), what, BACKWARD)
        agree(dE.sum(axis=0), dx.reshape(-1, 3).sum(axis=0), f"{what}: the sum over all words", BACKWARD)


@problem("B1")
def test_gradient_of_the_table_has_a_row_for_every_word(student, reference, rng):
    """The gradient is (V, D), like the table, with rows of 0 for words that did not occur, the last one too."""
    for ids in ([0], [2, 4, 0]):
        cache = reference.embedding.EmbeddingCache(np.array(ids), 8)
        dx = rng.normal(size=(len(ids), 3))

        dE = student.embedding.embedding_backward(dx, cache)

        expected = np.zeros((8, 3))
        expected[ids] = dx
        agree(dE, expected, f"embedding_backward for V = 8 and {len(ids)} words, none of them twice", BACKWARD)


@problem("B1")
def test_a_word_that_fills_the_text_gets_every_gradient(student, rng, reference):
    """If all ids are the same, its row gets the sum of all of dx, not their mean."""
    cache = reference.embedding.EmbeddingCache(np.full((5, 3), 2), 4)
    dx = rng.normal(size=(5, 3, 2))

    dE = student.embedding.embedding_backward(dx, cache)

    expected = np.zeros((4, 2))
    expected[2] = dx.sum(axis=(0, 1))
    agree(dE, expected, "embedding_backward for a text of one word, repeated", BACKWARD)


@problem("B1")
def test_lookup_leaves_the_table_alone(student, reference, rng):
    """Neither direction changes an argument, and what was looked up is no view of the table, for a single id either."""
    E = rng.normal(size=(6, 4))

    for shape in ((3, 2), ()):
        dx, cache = draw_cache(reference, rng, shape, 6, 4)

        x, _ = student.embedding.embedding_forward.purely(cache.ids, E)
        dE = student.embedding.embedding_backward.purely(dx, cache)

        agree(x, E[cache.ids], f"embedding_forward for ids of shape {shape}: x")
        agree(dE, reference.embedding.embedding_backward(dx, cache), f"embedding_backward for ids {shape}", BACKWARD)


@problem("B1")
def test_gradients_start_from_zero_at_every_call(student, reference, rng):
    """The gradient of one batch is the same after another one: nothing is gathered from call to call."""
    one, other = draw_cache(reference, rng, (5,), 4, 3), draw_cache(reference, rng, (2, 3), 4, 3)

    answers = student.embedding.embedding_backward.each([one, other, one])

    for dE, given in zip(answers, (one, other, one), strict=True):
        expected = reference.embedding.embedding_backward(*given)
        agree(dE, expected, "embedding_backward, called three times", BACKWARD)


@problem("B2")
def test_similarity_is_the_cosine_of_two_rows(student, reference, rng):
    """The similarity of two words is the cosine of the angle between their rows, below 0 for opposite ones."""
    calls = [(rng.normal(size=shape),) for shape in ((5, 3), (3, 4), (4, 4), (1, 1), (3, 1))]

    answers = student.embedding.cosine_similarity.each(calls)

    for similarity, (E,) in zip(answers, calls, strict=True):
        what = f"cosine_similarity for a table of shape {E.shape}"
        agree(similarity, reference.embedding.cosine_similarity(E), what)


@problem("B2")
def test_similarity_does_not_depend_on_the_length_of_a_row(student, reference, rng):
    """Rows that are made longer or shorter keep their similarities, and every word is wholly like itself."""
    E = rng.normal(size=(5, 3))
    lengths = np.array([[0.01], [1.0], [30.0], [1e6], [7.0]])

    similarity = student.embedding.cosine_similarity(lengths * E)

    agree(similarity, reference.embedding.cosine_similarity(E), "cosine_similarity of rows made longer or shorter")
    agree(np.diag(similarity).copy(), np.ones(5), "cosine_similarity: the diagonal")


@problem("B2")
def test_a_row_of_zeros_is_like_no_other(student, reference, rng):
    """A row of zeros has the similarity 0 to every row, and no row is divided by less than eps."""
    E = rng.normal(size=(4, 3))
    E[2] = 0.0

    similarity = student.embedding.cosine_similarity(E)
    coarse = student.embedding.cosine_similarity(E, 1.5)

    agree(similarity, reference.embedding.cosine_similarity(E), "cosine_similarity with a row of zeros")
    agree(coarse, reference.embedding.cosine_similarity(E, 1.5), "cosine_similarity with eps = 1.5")


@problem("B2")
def test_the_nearest_word_comes_first(student, reference, rng):
    """The list begins with the most similar word, by angle and not by distance, and has k words."""
    E = rng.normal(size=(7, 3)) * rng.uniform(0.1, 10, size=(7, 1))
    calls = [(E, 0, 1), (E, 3, 4), (E, 6, 6), (E, 2, 0)]

    answers = student.with_ours(COSINE).embedding.nearest.each(calls)

    for words, (_, i, k) in zip(answers, calls, strict=True):
        agree(words, reference.embedding.nearest(E, i, k), f"nearest with V = 7, i = {i}, k = {k}")


@problem("B2")
def test_a_word_is_not_its_own_neighbour(student, reference, rng):
    """Word i is not in the list, also if others have its row; a k above V - 1 gives all others, and i must exist."""
    E = rng.normal(size=(5, 3))
    E[[1, 3]] = E[2]

    calls = [(E, 2, 2), (E, 1, 9), (E, 4, 5)]

    answers = student.with_ours(COSINE).embedding.nearest.each(calls)

    for words, (_, i, k) in zip(answers, calls, strict=True):
        holds(i not in words, f"nearest with i = {i}: word {i} is in the list")
        agree(words, reference.embedding.nearest(E, i, k), f"nearest with V = 5, i = {i}, k = {k}")
    for i in (5, -1):
        with refuses(IndexError, f"nearest with V = 5, i = {i}"):
            student.with_ours(COSINE).embedding.nearest(E, i, 2)


@problem("B2")
def test_equally_near_words_come_in_the_order_of_their_ids(student):
    """Of words that are equally similar, when rounded to 12 decimals, the lowest id comes first."""
    E = np.array([[4.0, 3.0], [-1.0, 0.0], [0.4, -0.3], [5.0, 0.0], [28.0, 21.0], [0.0, -2.0], [0.0, 0.0]])

    words = student.with_ours(COSINE).embedding.nearest(E, 3, 6)
    first = student.with_ours(COSINE).embedding.nearest(E, 3, 2)

    agree(words, [0, 2, 4, 5, 6, 1], "nearest with three words equally near")
    agree(first, [0, 2], "nearest with three words equally near, k = 2")

    cosines = np.array([1.0, 0.6, 0.6 + 3e-13, 0.6 + 4e-12])
    almost = np.stack([cosines, np.sqrt(1 - cosines**2)], axis=1)
    near = student.with_ours(COSINE).embedding.nearest(almost, 0, 3)
    agree(near, [3, 1, 2], "nearest with words that are almost equally near")


@problem("B2")
def test_similarity_leaves_the_table_alone(student, reference, rng):
    """Neither function changes the table: rows are not made shorter in place."""
    E = rng.normal(size=(5, 4))

    similarity = student.embedding.cosine_similarity.purely(E)
    words = student.with_ours(COSINE).embedding.nearest.purely(E, 1, 3)

    agree(similarity, reference.embedding.cosine_similarity(E), "cosine_similarity")
    agree(words, reference.embedding.nearest(E, 1, 3), "nearest with V = 5, i = 1, k = 3")
