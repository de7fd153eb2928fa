"""Two programs with one mistake answer the same but for rounding, and nothing else is the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import Label, StudentError
from autograder.sandbox.guest.value import Instance
from autograder.transcript import MOST_BYTES, Comparison, Diverged, Line, Transcript, is_same

RAISED = StudentError("f: raised ValueError in numnet/conv.py, line 3", label=Label.RAISED, exception="ValueError")
ANSWER = {"dx": (np.array([1.0, np.nan, -np.inf]), [3, "word", None, True, 2.5])}


@given(st.integers(0, 2**32 - 1), st.sampled_from([np.float64, np.float32]))
def test_rounding_makes_no_difference(seed, dtype):
    """However large the numbers are, and in whatever precision."""
    rng = np.random.default_rng(seed)
    answer = (10.0 ** rng.integers(-3, 9) * rng.normal(size=(3, 4))).astype(dtype)
    rounded = (answer * (1 + 2 * np.finfo(dtype).eps * rng.normal(size=(3, 4)))).astype(dtype)

    assert is_same(answer, rounded)
    assert not is_same(answer, answer + 0.01 * np.abs(answer).max())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ANSWER, {"dx": (np.array([1.0 + 1e-12, np.nan, -np.inf]), [3, "word", None, True, 2.5])}, True),
        (ANSWER, {"dx": (np.array([1.0, np.nan, np.inf]), [3, "word", None, True, 2.5])}, False),
        (ANSWER, {"dw": ANSWER["dx"]}, False),
        (np.zeros(3), np.full(3, 1e-17), True),
        (np.zeros(3), np.zeros((3, 1)), False),
        (np.zeros(3), np.zeros(3, dtype=np.float32), False),
        (np.zeros(3), np.zeros(3, dtype=int), False),
        (1, 1.0, False),
        (float("nan"), float("nan"), True),
        ([1, 2], [1, 2, 3], False),
        (RAISED, StudentError("elsewhere", label=Label.RAISED, exception="ValueError"), True),
        (RAISED, StudentError("elsewhere", label=Label.RAISED, exception="IndexError"), False),
        (RAISED, None, False),
        (Instance(3, "Model"), Instance(4, "Model"), True),
    ],
)
def test_what_is_the_same(one, other, same):
    """Kinds, shapes, keys, exceptions and values that are no numbers have to be equal."""
    assert is_same(one, other) is same


def test_a_comparison_ends_at_the_first_other_line():
    """A line more, another function and another answer are all too much; a line less is noticed at the end."""
    before = Transcript()
    before.add(Line("conv.f", [1.0]))
    before.add(Line("conv.g", RAISED))

    for wrong in (Line("conv.f", [2.0]), Line("conv.g", [1.0])):
        with pytest.raises(Diverged):
            Comparison(before).add(wrong)
    comparison = Comparison(before)
    comparison.add(Line("conv.f", [1.0]))
    assert not comparison.is_complete()
    comparison.add(Line("conv.g", RAISED))
    assert comparison.is_complete()
    with pytest.raises(Diverged):
        comparison.add(Line("conv.g", RAISED))


def test_a_transcript_of_too_many_bytes_is_empty():
    """It forgets what it had, and goes on counting."""
    transcript = Transcript()
    for size in (1, MOST_BYTES, 1):
        transcript.add(Line("conv.f", [1.0]), size)

    assert transcript.lines == [] and transcript.bytes == MOST_BYTES + 2
