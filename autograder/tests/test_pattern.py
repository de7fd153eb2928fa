"""What is said about a wrong answer was measured: each pattern is found where it is, and nowhere else."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks.claim import agree, one_check
from autograder.checks.pattern import contrast, pattern
from autograder.errors import StudentError

SHAPE = (3, 4, 3)
SEEDS = st.integers(0, 2**32 - 1)
SPOILT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "every entry is 0": np.zeros_like,
    "every entry is of the opposite sign": np.negative,
    "every entry is 32 times too large": lambda right: 32 * right,
    "every entry is 7 times too small and of the opposite sign": lambda right: right / -7,
    "every entry is off by the same amount": lambda right: right + 1.5,
    "axes 0 and 2 are exchanged": lambda right: right.swapaxes(0, 2),
    "axis 1 is in reverse order": lambda right: right[:, ::-1],
    "along axis 1, every entry comes one step late": lambda right: np.roll(right, 1, axis=1),
    "along axis 0, every entry comes one step early": lambda right: np.concatenate([right[1:], 0 * right[:1]]),
    "only the last entry along axis 1 is right": lambda right: right + np.array([[1], [2], [3], [0]]) * right**2,
    "only the first entry along axis 0 is wrong": lambda right: right + np.array([[[1]], [[0]], [[0]]]) * right**2,
    "with its axes in the order (0, 2, 1) it would be right": lambda right: right.swapaxes(1, 2),
    "the entries are right, but in other places": lambda right: np.roll(right.ravel(), 5).reshape(right.shape),
}  # fmt: skip


@pytest.mark.parametrize("words", SPOILT)
@given(seed=SEEDS)
def test_a_pattern_is_found_where_it_is(words, seed):
    """Whatever the numbers, and whatever rounding adds."""
    right = np.random.default_rng(seed).normal(size=SHAPE)

    assert pattern(SPOILT[words](right) * (1 + 1e-13), right) == words


@given(seed=SEEDS)
def test_no_pattern_is_found_in_noise(seed):
    """Two arrays that have nothing to do with each other share nothing that could be told."""
    rng = np.random.default_rng(seed)

    assert pattern(rng.normal(size=SHAPE), rng.normal(size=SHAPE)) == ""


@pytest.mark.parametrize("got", [np.full(3, np.nan), np.full((2, 2), np.inf), np.zeros(0), np.array(0.3)])
def test_what_cannot_be_compared_has_no_pattern(got):
    """Neither NaN, nor infinity, nor nothing, nor a number of no simple ratio."""
    with np.errstate(all="raise"):
        assert pattern(got, np.ones(got.shape)) == ""


def test_a_message_tells_the_pattern_and_no_expected_value():
    """The factor stands in the message of the claim; the numbers do not."""
    expected = np.array([0.12345678, -9.8765432, 3.1415926])

    with pytest.raises(StudentError) as caught:
        agree(4 * expected, expected, "f: y")

    assert str(caught.value).endswith("; every entry is 4 times too large")
    assert not [
        digits for digits in re.findall(r"\d+", str(expected)) if len(digits) > 3 and digits in str(caught.value)
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("f with stride=2, padding=0: y", ["f with stride=1, padding=0: y", "f with stride=1"], "right with stride=1"),
        ("f with (T, N) = (3, 1)", ["f with (T, N) = (3, 2)", "f with (T, N) = (2, 2)"], "right with N=2"),
        ("f with stride=2", ["f with stride=2: y"], ""),
        ("f with stride=2", ["g with stride=1"], ""),
        ("f with stride=2, padding=1", ["f with stride=1, padding=0"], ""),
        ("f with stride=3", ["f with stride=1", "f with stride=2"], ""),
        ("f with stride=2", [], ""),
    ],
)  # fmt: skip
def test_a_setting_is_named_if_it_alone_makes_the_difference(wrong, right, words):
    """What was always the same while answers were right, and is another now; of several such nothing is said."""
    assert contrast(wrong, right) == words


def test_claims_are_held_against_those_of_the_same_check():
    """What agreed before is remembered within one check, and not beyond."""
    with one_check():
        agree(1.0, 1.0, "f with n=1")
        with pytest.raises(StudentError, match=r"; right with n=1$"):
            agree(0.3, 1.0, "f with n=2")
    with one_check(), pytest.raises(StudentError, match=r"off by 0.7 of what is right$"):
        agree(0.3, 1.0, "f with n=2")


ANY = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=4))
def test_no_answer_breaks_the_search(pairs):
    """The largest and the smallest numbers, too: whatever an answer is, it is the student's failure, and not ours."""
    got, expected = np.array(pairs).T

    assert isinstance(pattern(got, expected), str)
