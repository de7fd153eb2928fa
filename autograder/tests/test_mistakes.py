"""Every known mistake is caught by the check that it names, and costs no other problem a point."""

import os
from dataclasses import replace

import pytest

from autograder.mistake import apply, read_mistakes
from autograder.model import Outcome, SubmissionName
from autograder.sandbox.proof import candidates
from autograder.scale import Setting, grade_all, local_pool
from autograder.tests.conftest import ROOT, SECRET
from autograder.tests.reach import reach

MISTAKES = read_mistakes(ROOT / "autograder" / "mistakes")


@pytest.fixture(scope="module")
def report_of(request, grader, assignment, solution):
    """Return the report of a mistake; those that this run asks for are graded file by file, on every core at once.

    Problems whose checks never import the file are left out. So are the checks that train a network: every mistake has
    a check that finds it without.
    """
    chosen = [item.callspec.params["mistake"] for item in request.session.items if _is_of_a_mistake(item)]
    reached = reach(grader, solution)
    reports = {}
    for file in sorted({mistake.file for mistake in chosen}):
        problems = tuple(problem for problem in assignment.problems if problem.id in reached[file])
        setting = Setting(replace(assignment, problems=problems), "h", SECRET, candidates()[0], training=False)
        works = [
            (SubmissionName(mistake.name, mistake.name), apply([mistake], solution))
            for mistake in chosen
            if mistake.file == file
        ]
        with local_pool(setting, os.cpu_count() or 1) as pool:
            reports |= {report.submission.id: report for report in grade_all(pool, works, {})}
    return lambda mistake: reports[mistake.name]


def _is_of_a_mistake(item):
    return getattr(item, "originalname", "") == "test_mistake_is_caught_by_the_check_it_names"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.id}-{mistake.name}")
def test_mistake_is_caught_by_the_check_it_names(report_of, mistake):
    """The named check fails because of the student, and checks of other problems pass."""
    report = report_of(mistake)

    named = report.check(mistake.caught_by)
    others = {
        check.id
        for check in report.checks
        if check.outcome not in (Outcome.PASSED, Outcome.SKIPPED) and check.problem != mistake.problem
    }
    assert named.outcome is Outcome.FAILED, named.message
    assert named.problem == mistake.problem
    assert others == set()


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
