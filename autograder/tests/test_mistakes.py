"""Every known mistake is caught by the check that it names, explained by its own hint, and costs nothing elsewhere."""

import os

import numpy as np
import pytest

from autograder.bank import Naming, draw_pairs, examine, examine_pairs
from autograder.mistake import read_mistakes
from autograder.sandbox.proof import candidates
from autograder.scale import Setting
from autograder.tests.conftest import ROOT, SECRET

MISTAKES = read_mistakes(ROOT / "autograder" / "mistakes")


@pytest.fixture(scope="module")
def setting(assignment):
    """The whole assignment."""
    return Setting(assignment, "h", SECRET, candidates()[0])


@pytest.fixture(scope="module")
def finding_of(request, setting):
    """Return what came of a mistake; those that this run asks for are graded file by file, on every core at once."""
    chosen = [item.callspec.params["mistake"] for item in request.session.items if _is_of_a_mistake(item)]
    findings = examine(setting, chosen, jobs=os.cpu_count() or 1, watch=lambda: None)
    return {finding.id: finding for finding in findings}


def _is_of_a_mistake(item):
    return getattr(item, "originalname", "") == "test_mistake_is_caught_and_explained"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.id}-{mistake.name}")
def test_mistake_is_caught_and_explained(finding_of, mistake):
    """The named check fails because of the student and shows the mistake's own hint; checks of other problems pass."""
    finding = finding_of[mistake.id]

    assert finding.is_caught
    assert finding.costs == []
    assert finding.naming is Naming.OWN


def test_two_mistakes_of_different_problems_are_both_named(setting):
    """As if each had been made alone; `python -m autograder.mistakes --pairs 200` tries more of them."""
    pairs = draw_pairs(MISTAKES, 8, np.random.default_rng(0))

    found = examine_pairs(setting, pairs, jobs=os.cpu_count() or 1, watch=lambda: None)

    assert [one.id for pair in found for one in pair if one.naming is not Naming.OWN] == []


def test_every_mistake_of_the_specification_is_there():
    """All 217 that the specification names, by their ids; a few of ours may come on top."""
    counts = {"A1": 10, "A2": 7, "A3": 9, "A4": 8, "A5": 8, "A6": 5, "B1": 7, "B2": 6, "C1": 5, "C2": 8, "C3": 5}
    counts |= {"D1": 8, "D2": 11, "D3": 8, "D4": 6, "D5": 4, "E1": 5, "E2": 6, "F1": 8, "F2": 7, "F3": 4, "F4": 5}
    counts |= {"G1": 4, "G2": 5, "G3": 6, "G4": 6, "G5": 5, "G6": 4}
    counts |= {"H1": 5, "H2": 4, "H3": 5, "H4": 6, "I1": 6, "I2": 4, "J1": 7}
    expected = {f"{problem}{letter}" for problem, count in counts.items() for letter in "abcdefghijk"[:count]}

    assert len(expected) == 217
    assert expected <= {mistake.id for mistake in MISTAKES}


def test_every_mistake_explains_itself_in_words():
    """A hint is a sentence for the student, and does not give the line of the solution away."""
    for mistake in MISTAKES:
        assert mistake.hint.endswith((".", "?")) and len(mistake.hint.split()) >= 4, mistake.name
        assert "".join(mistake.find.split()) not in "".join(mistake.hint.split()), mistake.name
