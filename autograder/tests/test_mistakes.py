"""Every known mistake is caught by the check that it names, and costs no other problem a point."""

import pytest

from autograder.mistake import apply, read_mistakes
from autograder.model import Outcome
from autograder.tests.conftest import ROOT

MISTAKES = read_mistakes(ROOT / "autograder" / "mistakes")


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.id}-{mistake.name}")
def test_mistake_is_caught_by_the_check_it_names(grade, solution, mistake):
    """The named check fails because of the student, and checks of other problems pass."""
    report = grade(apply([mistake], solution), mistake.name)

    named = report.check(mistake.caught_by)
    others = {
        check.id for check in report.checks if check.outcome is not Outcome.PASSED and check.problem != mistake.problem
    }
    assert named.outcome is Outcome.FAILED, named.message
    assert named.problem == mistake.problem
    assert others == set()


def test_every_mistake_of_the_specification_is_there():
    """The problems of this stage have all the mistakes that the specification names for them."""
    counts = {"A1": 10, "A2": 7, "A3": 9, "A4": 8, "B1": 7, "B2": 6, "C1": 5, "C2": 8, "C3": 5, "D1": 8, "D2": 11}
    counts |= {"D3": 8, "D4": 6, "D5": 4, "E1": 5, "E2": 6, "F1": 8, "F2": 7, "F3": 4, "F4": 5}
    counts |= {"G1": 4, "G2": 5, "G5": 5, "G6": 4, "J1": 7}
    expected = {f"{problem}{letter}" for problem, count in counts.items() for letter in "abcdefghijk"[:count]}

    assert expected <= {mistake.id for mistake in MISTAKES}


def test_every_mistake_explains_itself_in_words():
    """A hint is a sentence for the student, and does not give the line of the solution away."""
    for mistake in MISTAKES:
        assert mistake.hint.endswith((".", "?")) and len(mistake.hint.split()) >= 4, mistake.name
        assert "".join(mistake.find.split()) not in "".join(mistake.hint.split()), mistake.name
