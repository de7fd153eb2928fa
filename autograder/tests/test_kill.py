"""Whoever is killed, whenever: after the next run every submission has its one right report, and nothing is left."""

import random

import pytest

from autograder.sandbox.proof import candidates
from autograder.soak.course import Course, verdicts
from autograder.soak.crowd import write_small
from autograder.soak.disaster import Strike, endure, grade_quietly
from autograder.soak.family import Role

STUDENTS = 60  # `make soak` takes 200, twenty times


@pytest.fixture(scope="module")
def course(assignment, tmp_path_factory):
    """A class with a known answer for each way to answer A1, and its reports from a quiet run."""
    folder = tmp_path_factory.mktemp("kill")
    write_small(assignment, folder / "class", problem="A1", size=STUDENTS)
    return Course(folder / "class", folder / "quiet", folder / "temporary", problems="A1", jobs=2)


@pytest.fixture(scope="module")
def right(course):
    """What the reports must be."""
    assert grade_quietly(course) == []
    reports = course.reports()
    assert {report.score for report in reports.values()} >= {0.0, 6.0}
    return {name: verdicts(report) for name, report in reports.items()}


@pytest.mark.parametrize(
    "strikes",
    [
        pytest.param([Strike(Role.GUEST, 2), Strike(Role.ZYGOTE, 8), Strike(Role.WORKER, 14)], id="helpers"),
        pytest.param([Strike(Role.GRADER, 9)], id="grader"),
    ],
)
def test_nothing_is_lost(course, right, strikes, tmp_path):
    """Guest, zygote and worker of one run are killed, and the grader of another."""
    course = Course(course.submissions, tmp_path / "results", tmp_path / "temporary", problems="A1", jobs=2)

    aftermath = endure(course, strikes, right, candidates()[0], random.Random(0))

    assert aftermath.struck == len(strikes)
    assert aftermath.complaints == []
