"""Tests of one hidden check: what it says of itself, and what it is given."""

import dataclasses

import pytest

from autograder.checks.claim import problem
from autograder.hidden_check import CHECKS, HiddenCheck, load_checks


@pytest.fixture(name="examine")
def _examine(request):
    """Return the function of a check."""
    request.config.addinivalue_line("markers", "problem: as the grader's own session declares it")

    @problem("A1", training=True)
    def examine(student, rng):
        """Whatever is asked is answered.

        The rest is for whoever reads the file.
        """
        student.append(rng.integers(2**63))

    return examine


def test_a_check_says_what_it_examines(examine):
    """Its name, the first sentence, the problem, and whether it trains."""
    check = HiddenCheck(examine)

    said = check.name, check.title, check.problem, check.trains

    assert said == ("examine", "Whatever is asked is answered.", "A1", True)


def test_a_function_without_a_problem_says_so():
    """It is told by name when the checks are collected."""
    check = HiddenCheck(lambda student: None)

    assert (check.problem, check.trains, check.title) == ("", False, "<lambda>")


def test_a_check_gets_what_it_asks_for_and_draws_the_same_for_the_same_submission(examine, reference):
    """Nothing else is passed; another submission or another secret draws something else."""
    drawn = []

    for secret, submission in ((b"s", "0"), (b"s", "0"), (b"s", "1"), (b"t", "0")):
        HiddenCheck(examine).run(drawn, reference, secret, submission)
    HiddenCheck(lambda reference: drawn.append(reference)).run(None, reference, b"s", "0")

    first, again, *others, ours = drawn
    assert first == again
    assert len({first, *others}) == 3
    assert ours is reference


def test_checks_come_in_the_order_of_the_assignment(assignment):
    """As it lists them, whatever the files are called."""
    turned = dataclasses.replace(assignment, problems=assignment.problems[::-1])

    names = [check.name for check in load_checks(turned, CHECKS)]

    assert names == [check.id for problem in turned.problems for check in problem.checks]
