"""Ten checks of the same size: inputs, one call of the submission, one of the reference, a comparison."""

from typing import Any

import numpy as np

from autograder.checks.claim import agree, problem


@problem("T1")
def test_moving_average_slides_by_one(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """There is a mean for every window, also where windows overlap."""
    x = rng.normal(size=150)

    y = student.loop.moving_average(x, 7)

    agree(y, reference.loop.moving_average(x, 7), "moving_average")


@problem("T1")
def test_smoothing_forgets_slowly(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """Each average is made of the one before and the new entry."""
    x = rng.normal(size=1500)

    y = student.loop.smooth(x, 0.1)

    agree(y, reference.loop.smooth(x, 0.1), "smooth")


@problem("T1")
def test_correlation_does_not_flip_its_kernel(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """The kernel is laid on x as it is."""
    x, kernel = rng.normal(size=700), rng.normal(size=5)

    y = student.loop.correlate(x, kernel)

    agree(y, reference.loop.correlate(x, kernel), "correlate")


@problem("T1")
def test_product_pairs_rows_with_columns(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """Every row of the first matrix meets every column of the second."""
    a, b = rng.normal(size=(30, 7)), rng.normal(size=(7, 25))

    y = student.loop.multiply(a, b)

    agree(y, reference.loop.multiply(a, b), "multiply")


@problem("T1")
def test_distances_are_euclidean(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """A distance is the root of the sum of the squares."""
    x = rng.normal(size=(12, 5))

    y = student.loop.distances(x)

    agree(y, reference.loop.distances(x), "distances")


@problem("T1")
def test_lower_triangle_is_solved_from_the_top(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """Each unknown is found from those above it."""
    a, b = np.tril(rng.normal(size=(60, 60))) + 20 * np.eye(60), rng.normal(size=60)

    y = student.loop.solve_lower(a, b)

    agree(y, reference.loop.solve_lower(a, b), "solve_lower")


@problem("T1")
def test_pooling_keeps_the_largest(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """Of every tile only the largest pixel is kept."""
    image = rng.normal(size=(34, 30))

    y = student.loop.max_pool(image, 2)

    agree(y, reference.loop.max_pool(image, 2), "max_pool")


@problem("T1")
def test_softmax_is_normalised_by_row(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """Every row adds up to one."""
    x = rng.normal(size=(80, 11))

    y = student.loop.softmax(x)

    agree(y, reference.loop.softmax(x), "softmax")


@problem("T1")
def test_state_is_carried_from_step_to_step(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """A state is made of the input and the state before."""
    x, W, U = rng.normal(size=(150, 3)), rng.normal(size=(5, 3)), 0.1 * rng.normal(size=(5, 5))

    states = student.loop.elman(x, W, U)

    agree(states, reference.loop.elman(x, W, U), "elman")


@problem("T1")
def test_neighbours_are_counted_around_the_edge(student: Any, reference: Any, rng: np.random.Generator) -> None:
    """The cells on the left edge are neighbours of those on the right."""
    board = rng.integers(2, size=(17, 13))

    count = student.loop.count_neighbours(board)

    agree(count, reference.loop.count_neighbours(board), "count_neighbours")
