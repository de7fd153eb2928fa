"""A picture says where an answer differs, in five levels; what was expected cannot be computed from it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks.claim import agree, one_check
from autograder.errors import StudentError
from autograder.model import SubmissionName, from_json, to_json
from autograder.picture import FAR, MOST, MOST_CHARACTERS, Picture, draw
from autograder.scoring import Verdict
from autograder.tests.sample import ALL_PASSED, WRONG, make_report

RNG = np.random.default_rng(0)
RIGHT = RNG.normal(size=(4, 5))
LEVELS = np.array([0, -1, 1, -2, 2])


def picture(got: Any, expected: Any) -> Picture | None:
    """Return what is drawn of a wrong answer."""
    with pytest.raises(StudentError) as caught:
        agree(got, expected, "f: dW")
    return caught.value.picture


def seen(got: Any, expected: Any) -> Picture:
    """Return what is drawn, if anything is."""
    drawn = picture(got, expected)
    assert drawn is not None
    return drawn


def with_off(expected: np.ndarray, off: dict[Any, float]) -> np.ndarray:
    """Return an answer that is off by so much in these places."""
    got = expected.copy()
    for place, amount in off.items():
        got[place] += amount
    return got


def test_a_picture_shows_where_and_in_which_direction():
    """Cell by cell: too small, too large, far too small, far too large; the text says it in words."""
    got = with_off(RIGHT, {(2, 0): -3.0, (2, 1): -0.5, (2, 3): 0.5, (2, 4): 3.0})

    drawn = seen(got, RIGHT)

    assert drawn.cells == (".....", ".....", "<-.+>", ".....")
    assert drawn.text == "f: dW, shape (4, 5): 4 of 20 entries differ, all in row 2"
    assert (drawn.index, drawn.entries) == ((), (1, 1))


def test_a_large_array_is_reduced_to_its_worst_entries():
    """At most 12 x 12 cells; the last ones may be of fewer entries."""
    expected = RNG.normal(size=(30, 25))

    drawn = seen(with_off(expected, {(4, 3): 0.1, (3, 3): -2.0, (29, 24): 0.1}), expected)

    assert drawn.entries == (3, 3)
    assert [len(row) for row in drawn.cells] == [9] * 10
    assert drawn.cells[1] == ".<......." and drawn.cells[9] == "........+"


def test_of_many_axes_the_worst_plane_is_shown():
    """The last two axes, at the index of the others where the largest difference is; the text is about all."""
    expected = RNG.normal(size=(2, 3, 4, 5))

    drawn = seen(with_off(expected, {(0, 0, 0, 0): 1.0, (1, 2, 3, 4): 9.0}), expected)

    assert drawn.index == (1, 2)
    assert drawn.cells == (".....", ".....", ".....", "....>")
    assert drawn.text.endswith("2 of 120 entries differ")


def test_a_vector_is_one_row():
    """Reduced as a matrix is."""
    expected = RNG.normal(size=48)

    drawn = seen(with_off(expected, {5: 1.0}), expected)

    assert drawn.cells == (".>..........",) and drawn.entries == (1, 4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_has_a_mark_of_its_own(bad):
    """The others are measured as without it."""
    got = with_off(RIGHT, {(0, 0): bad, (3, 1): 1.0})

    assert seen(got, RIGHT).cells == ("?....", ".....", ".....", ".>...")


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (RIGHT.T, RIGHT),
        (RIGHT.astype(np.float32), RIGHT),
        ([1.0], RIGHT),
        (1.5, 1.25),
        (np.array(1.5), np.array(1.25)),
        (np.array([1.5]), np.array([1.25])),
        (RIGHT + 1j, RIGHT + 2j),
        (np.zeros((0, 3)), np.ones((0, 2))),
        (with_off(RIGHT, {(0, 0): 1.0}), np.where(np.eye(4, 5, 2) > 0, -np.inf, RIGHT)),
    ],
    ids=["shape", "dtype", "type", "number", "0-d", "one entry", "complex", "empty", "infinite"],
)
def test_where_no_difference_was_measured_there_is_no_picture(got, expected):
    """Nor of a single number, nor where an infinity is expected."""
    assert picture(got, expected) is None


@pytest.mark.parametrize(
    "expected",
    [
        np.array([True, False, True]),
        np.array([3, 1, 2]),
        np.array([0.0, 1.0, 1.0]),
        np.arange(20.0),
        np.array([0.5, 0.25, 0.25, 0.5]),
    ],
    ids=["flags", "labels", "a mask", "counts", "few values"],
)
def test_what_a_direction_would_name_is_not_drawn(expected):
    """Of a flag, a label or a count, "too small" may be all that there is to know."""
    got = expected.copy()
    got[0] = not got[0] if got.dtype == bool else got[0] + 1

    assert picture(got, expected) is None


@given(hnp.arrays(np.int8, (3, 4), elements=st.sampled_from(LEVELS.tolist())), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=100)
def test_a_picture_is_the_same_for_everything_within_its_levels(levels, seed):
    """Together with the answer it leaves open what was expected: others would give the same bytes."""
    assume(levels.any())
    rng = np.random.default_rng(seed)
    got = rng.normal(size=levels.shape)
    drawn = []
    for _ in range(2):
        sizes = np.where(abs(levels) == 2, rng.uniform(1.05 * FAR, 1, (3, 4)), rng.uniform(0.01, 0.95 * FAR, (3, 4)))
        sizes.flat[abs(levels).argmax()] = 1.0  # the largest difference is the measure
        expected = got - np.sign(levels) * sizes * rng.uniform(0.1, 10)
        drawn.append(draw(got, expected, levels != 0, "f"))

    assert drawn[0] is not None and drawn[0] == drawn[1]


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=4, max_side=40)), st.data())
@settings(deadline=None, max_examples=100)
def test_whatever_a_student_answers_a_picture_is_small(got, data):
    """NaN, infinities and numbers at the edge of the range included."""
    expected = data.draw(hnp.arrays(np.float64, got.shape, elements=st.floats(-1e300, 1e300)))

    drawn = draw(got, expected, ~(got == expected), "f" * 1000)

    if drawn is not None:
        assert len(drawn.cells) <= MOST and max(map(len, drawn.cells)) <= MOST
        assert len(drawn.text) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    "wrong",
    [
        {"cells": ()},
        {"cells": ("",)},
        {"cells": ("..", ".")},
        {"cells": ("<script>",)},
        {"cells": ("." * (MOST + 1),)},
        {"cells": (".",) * (MOST + 1)},
        {"text": "x" * (MOST_CHARACTERS + 1)},
        {"entries": (0, 1)},
    ],
    ids=str,
)
def test_what_is_no_picture_is_refused(wrong):
    """In a report that somebody else wrote, too."""
    with pytest.raises(ValueError, match=r"^a picture: "):
        Picture(**({"text": "f", "cells": ("..",)} | wrong))


def test_a_picture_survives_json_and_a_report_may_have_none():
    """It is in report.json; a report from before there were pictures is read as one without."""
    drawn = seen(with_off(RIGHT, {(0, 0): 1.0}), RIGHT)
    report = make_report(ALL_PASSED | {"test_two": Verdict(WRONG.outcome, WRONG.label, "f: off", picture=drawn)})

    data = to_json(report)

    assert from_json(data) == report
    assert from_json(data).check("test_two").picture == drawn
    old = to_json(make_report()).replace(b',\n   "picture": null', b"")
    assert b"picture" not in old and from_json(old) == make_report()


def test_what_was_right_before_does_not_take_the_picture_away():
    """A message that says with which settings an answer was right is about the same array."""
    with one_check():
        agree(RIGHT, RIGHT, "f with stride=1")
        with pytest.raises(StudentError, match="right with stride=1") as caught:
            agree(with_off(RIGHT, {(0, 0): 1.0}), RIGHT, "f with stride=2")

    assert caught.value.picture is not None


def test_a_failed_check_has_its_picture_in_the_report(grader, solution):
    """All the way from a check to the report."""
    wrong = solution["linear.py"].replace(b"x @ W.T + b", b"x @ W.T - b")

    report = grader.grade(SubmissionName("wrong", "0"), solution | {"linear.py": wrong})

    drawn = [check.picture for check in report.checks if check.problem == "A1" and check.picture]
    assert drawn and all("entries differ" in one.text for one in drawn)
    assert all(check.picture is None for check in report.checks if check.points)
