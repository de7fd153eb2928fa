"""What a check says about an answer: the first thing that is wrong, in the student's words, and never what is right."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.checks.claim import BACKWARD, FORWARD, Tolerance, agree, holds, measure, one_check, refuses
from autograder.errors import Label, StudentError
from autograder.model import Figure

NAN, INF = np.nan, np.inf


class Grads(NamedTuple):
    """A record of two gradients."""

    dx: np.ndarray
    db: np.ndarray


def complaint(got: Any, expected: Any, within: Tolerance = FORWARD) -> str:
    """Return what is said about a wrong answer."""
    with pytest.raises(StudentError) as caught:
        agree(got, expected, "f", within)
    assert caught.value.label is Label.WRONG
    return str(caught.value)


def test_the_first_thing_that_is_wrong_is_told() -> None:
    """Type before shape before dtype before finiteness before value; each mended, the next one shows."""
    expected = np.ones((2, 3))
    wrong_value = np.full((2, 3), 2.0)
    infinite = np.where(np.eye(2, 3) > 0, INF, wrong_value)

    complaints = [
        complaint(got, expected)
        for got in ([[2.0]], infinite.T.astype(np.float32), infinite.astype(np.float32), infinite, wrong_value)
    ]

    assert complaints == [
        "f: expected an array of shape (2, 3), got list",
        "f: expected shape (2, 3), got (3, 2)",
        "f: expected dtype float64, got float32; compute in double precision throughout",
        "f: 2 of 6 entries are NaN or infinite, the first at index (0, 0)",
        "f: 6 of 6 entries are off, by up to 1 of the largest magnitude, the most at index (0, 0); "
        "every entry is 2 times too large",
    ]


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        (np.array([1 + 0j]), np.array([1.0]), "expected dtype float64, got complex128"),
        (np.array([True]), np.array([1.0]), "expected dtype float64, got bool"),
        (np.array([1]), np.array([1.0]), "expected dtype float64, got int64"),
        (np.array([1.0]), np.array([1]), "expected dtype int64, got float64"),
        (np.array([1], np.int32), np.array([1]), "expected dtype int64, got int32"),
        (np.ones((3, 1)), np.ones(3), "expected shape (3,), got (3, 1)"),
        (np.array(1.0), np.ones(3), "expected shape (3,), got ()"),
        (np.ones(3), np.array(1.0), "expected shape (), got (3,)"),
        (np.ones((0, 3)), np.ones((3, 0)), "expected shape (3, 0), got (0, 3)"),
        (np.ones(0), np.ones(1), "expected shape (1,), got (0,)"),
        (np.array(1.0), 1.0, "expected a float, got an array of shape ()"),
        (1 + 0j, 1.0, "expected a float, got complex"),
        (True, 1.0, "expected a float, got bool"),
        (1, 1.0, "expected a float, got int"),
        (None, 1.0, "expected a float, got NoneType"),
        (1.0, np.array(1.0), "expected an array of shape (), got float"),
        (True, 1, "expected int, got bool"),
        (1, True, "expected bool, got int"),
        (1.0, 1, "expected int, got float"),
        ("1", 1, "expected int, got str"),
        ([1], (1,), "expected tuple, got list"),
        ((np.ones(1), np.ones(1)), Grads(np.ones(1), np.ones(1)), "expected Grads, got tuple"),
        ([("a", 1)], {"a": 1}, "expected a dict, got list"),
        (np.ones(2), [1.0, 1.0], "expected list, got an array of shape (2,)"),
    ],
    ids=repr,
)
def test_what_numpy_takes_for_equal_is_told_apart(got: Any, expected: Any, said: str) -> None:
    """No broadcast, no cast and no conversion makes an answer right."""
    assert complaint(got, expected) == f"f: {said}"


@pytest.mark.parametrize(
    "thing",
    [
        np.zeros((0, 3)),
        np.array(2.0),
        np.array([INF, -INF, 1.0]),
        np.array([1 + 2j, INF]),
        np.array([1, 2]),
        np.array([True, False]),
        np.zeros((2, 2)),
        INF,
        -INF,
        0.0,
        3,
        "word",
        None,
        [],
        {},
        (1, [2.0, {"a": np.ones(1)}]),
        Grads(np.ones(2), np.zeros(0)),
    ],
    ids=repr,
)
def test_an_answer_agrees_with_itself(thing: Any) -> None:
    """Empty, infinite or a single number: what is right is right."""
    agree(thing, thing, "f")


@pytest.mark.parametrize("expected", [NAN, INF, -INF, 0.0, 1.0, 5e-324, 1e308])
def test_nan_never_passes(expected: float) -> None:
    """Not even where NaN is expected."""
    complaint(NAN, expected)
    complaint(np.array(NAN), np.array(expected))
    complaint(np.array([1.0, NAN]), np.array([1.0, expected]))
    complaint(np.array([complex(1, NAN)]), np.array([complex(1, expected)]))


@pytest.mark.parametrize("got", [NAN, -INF, 0.0, 1.0, 1.7e308])
def test_where_infinity_is_expected_nothing_else_is_near(got: float) -> None:
    """A tolerance relative to infinity allows nothing."""
    complaint(got, INF)
    complaint(np.array([got, 1.0]), np.array([INF, 1.0]))
    complaint(-got, -INF)


def test_the_largest_numbers_can_be_compared() -> None:
    """An error that overflows is an error, and raises nothing else."""
    complaint(-1.7e308, 1.7e308)
    complaint(np.array([-1.7e308, 0.0]), np.array([1.7e308, 0.0]))
    complaint(np.array([1.0]), np.array([5e-324]))


ARRAYS = hnp.arrays(
    np.float64,
    hnp.array_shapes(max_dims=3, max_side=4),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda number: round(number, 6)),
)


@given(ARRAYS, st.sampled_from([FORWARD, BACKWARD]), st.data())
@settings(deadline=None, max_examples=100)
def test_an_entry_may_be_off_by_the_tolerance_and_no_more(
    expected: np.ndarray, within: Tolerance, data: st.DataObject
) -> None:
    """Measured by the largest magnitude, so that a small entry among large ones may be off by their rounding."""
    allowed = within.relative * np.abs(expected).max() + within.absolute
    index = data.draw(st.tuples(*[st.integers(0, size - 1) for size in expected.shape]))
    sign = data.draw(st.sampled_from([-1, 1]))
    noise = 2 * np.spacing(np.abs(expected).max())
    near, far = expected.copy(), expected.copy()
    near[index] += sign * max(0.99 * allowed - noise, 0.0)
    far[index] += sign * (1.01 * allowed + noise)

    agree(near, expected, "f", within)
    assert complaint(far, expected, within).startswith("f: ")


@given(st.floats(-1e9, 1e9).map(lambda number: round(number, 6)), st.sampled_from([-1, 1]))
@settings(deadline=None, max_examples=50)
def test_a_number_may_be_off_by_the_tolerance_and_no_more(expected: float, sign: int) -> None:
    """Measured by its own magnitude."""
    allowed = FORWARD.relative * abs(expected) + FORWARD.absolute

    agree(expected + sign * 0.99 * allowed, expected, "f")
    complaint(expected + sign * 1.01 * allowed, expected)


def test_rounding_is_told_from_a_wrong_formula() -> None:
    """Who computed in single precision and cast the result back learns that the formula is right."""
    expected = np.linspace(1, 2, 7)

    said = complaint(expected.astype(np.float32).astype(np.float64), expected)

    assert "right up to rounding; compute in float64" in said


@pytest.mark.parametrize(
    ("got", "expected", "path"),
    [
        ([1, [2, 4]], [1, [2, 3]], "f[1][1]: 4 is not right"),
        ({"a": {"b": 2.0}}, {"a": {"b": 1.0}}, "f['a']['b']: off by 1 of what is right"),
        (Grads(np.ones(1), np.ones(2)), Grads(np.ones(1), np.ones(1)), "f.db: expected shape (1,), got (2,)"),
        ((0, [Grads(np.ones(1), np.zeros(1))]), (0, [Grads(np.ones(1), np.ones(1))]), "f[1][0].db: 1 of 1 entries"),
        ({("a", "b"): "x"}, {("a", "b"): "y"}, "f[('a', 'b')]: 'x' is not right"),
        ([1, 2], [1], "f: expected 1 entries, got 2"),
        ({"a": 1, "c": 1, "d": 1}, {"a": 1, "b": 1}, "f: 1 keys are missing and 2 do not belong there"),
    ],
)
def test_a_complaint_names_the_path(got: Any, expected: Any, path: str) -> None:
    """Through lists, dicts and records, as one would write it in Python."""
    assert complaint(got, expected).startswith(path)


SECRET = 1729.0


@pytest.mark.parametrize(
    "wrap",
    [
        lambda number: number,
        lambda number: int(number),
        lambda number: str(number),
        lambda number: np.array(number),
        lambda number: np.array([1.0, number]),
        lambda number: np.array([int(number)]),
        lambda number: np.array([number + 0j]),
        lambda number: [number],
        lambda number: {"a": int(number)},
        lambda number: Grads(np.ones(1), np.array([number])),
    ],
)
@pytest.mark.parametrize("wrong", [-3.0, 0.0, 1730.0, 1e300])
def test_no_complaint_gives_the_answer_away(wrap: Callable[[float], Any], wrong: float) -> None:
    """The number that was expected does not occur in it."""
    said = complaint(wrap(wrong), wrap(SECRET))

    assert "1729" not in said
    assert "1.729" not in said


def test_a_complaint_is_short() -> None:
    """However long the student's answer is."""
    assert len(complaint("x" * 10_000, "y")) < 100
    assert len(complaint(10**1200, 1)) < 100


def test_a_refusal_is_an_exception_of_that_name() -> None:
    """Another exception, or a return, is told with the call."""
    raised = StudentError("f: raised ValueError", label=Label.RAISED, exception="ValueError")

    with refuses(ValueError, "f(0)"):
        raise raised
    with pytest.raises(StudentError, match=r"^f\(0\): expected TypeError, got ValueError$"), refuses(TypeError, "f(0)"):
        raise raised
    with (
        pytest.raises(StudentError, match=r"^f\(0\): expected ValueError, but it returned$"),
        refuses(ValueError, "f(0)"),
    ):
        pass


@pytest.mark.parametrize("label", set(Label) - {Label.OK, Label.RAISED}, ids=str)
def test_a_death_is_no_refusal(label: Label) -> None:
    """Whoever crashes, times out or has written nothing has not refused."""
    death = StudentError("gone", label=label, exception="ValueError")

    with pytest.raises(StudentError) as caught, refuses(ValueError, "f(0)"):
        raise death

    assert caught.value is death


def test_a_fault_of_ours_is_no_refusal() -> None:
    """A ValueError that a check raises by itself is not the student's."""
    with pytest.raises(ValueError, match="ours"), refuses(ValueError, "f(0)"):
        raise ValueError("ours")


def test_a_claim_holds_or_its_message_is_told() -> None:
    """The message is the check's own."""
    holds(True, "never said")

    with pytest.raises(StudentError, match=r"^sums to 2$"):
        holds(False, "sums to 2")


def test_a_figure_is_kept_for_the_check_under_way():
    """With four digits; nothing that is no number, and nothing outside a check."""
    measure("Accuracy", 0.5)
    with one_check() as figures:
        measure("Accuracy", 91.23456, unit="%")
        measure("Perplexity", INF, is_better_low=True)

    assert figures == [Figure("Accuracy", 91.23, "%")]
