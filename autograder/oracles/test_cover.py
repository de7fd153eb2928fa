"""The proof of what is covered, and that every function is covered or has a reason."""

import re

import numpy as np
import pytest

from autograder.oracles.conftest import NOT_COVERED
from autograder.oracles.cover import claims, prove, public_names, wrong
from numnet import linear
from numnet.given.caches import LinearCache, Span

CACHE = LinearCache(np.ones((2, 3)), np.ones((4, 3)))


def _prove(oracle) -> None:
    prove("linear.linear_backward", oracle)


def test_an_oracle_that_compares_everything_is_believed():
    """All three gradients are known here."""

    def oracle() -> None:
        dx, dW, db = linear.linear_backward(np.ones((2, 4)), CACHE)
        assert (dx == 4).all() and (dW == 2).all() and (db == 2).all()

    _prove(oracle)
    oracle()  # nothing of ours is left behind


def test_a_part_that_is_not_compared_is_named():
    """An oracle that forgets db does not cover the function."""

    def oracle() -> None:
        dx, dW, _ = linear.linear_backward(np.ones((2, 4)), CACHE)
        assert (dx == 4).all() and (dW == 2).all()

    message = "covers linear.linear_backward: the oracle passes when the answer.db is wrong"
    with pytest.raises(AssertionError, match=f"^{re.escape(message)}$"):
        _prove(oracle)


def test_a_function_that_is_not_called_is_not_covered():
    """A claim without a call is found out."""
    with pytest.raises(AssertionError, match=r"^covers linear.linear_backward: the oracle never calls it$"):
        _prove(lambda: None)


@pytest.mark.parametrize(
    "value",
    [np.ones(2), np.zeros(2, dtype=np.int64), np.array([True]), np.array(-np.inf), 0.0, np.inf, np.nan, 3, "a",
     ["a"], (1, 2), {"a": 0.5}, [Span("X", 0, 1)]],
)  # fmt: skip
def test_a_spoilt_answer_differs_and_is_of_the_same_kind(value):
    """Whatever a function returns can be made wrong."""
    spoilt = wrong(value)

    assert type(spoilt) is type(value)
    with pytest.raises(AssertionError):
        np.testing.assert_equal(spoilt, value)


def test_every_public_function_has_an_oracle_or_a_reason(request, assignment):
    """None is forgotten, the assignment's own among them; no reason is left over, and no claim is of nothing."""
    names, claimed = set(public_names()), {name for item in request.session.items for name, _ in claims(item)}
    files = {item.path.name for item in request.session.items}
    if files != {path.name for path in request.path.parent.glob("test_*.py")}:
        pytest.skip("some oracles are left out of this run")

    assert {name for problem in assignment.problems for name in problem.functions} <= names
    assert names - claimed == set(NOT_COVERED)
    assert claimed <= names
