"""Time is fair: a machine with other work to do, or a slow one, fails nobody who is right."""

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from autograder import grading
from autograder.assignment import choose
from autograder.model import SubmissionName
from autograder.sandbox.proof import candidates
from autograder.scale import Setting
from autograder.sitting import Sitting
from autograder.soak.course import verdicts
from autograder.tests.conftest import SECRET

BUSY = "while True: sum(range(10_000))"


@contextmanager
def a_busy_machine():
    """Keep every core busy, twice."""
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for process in others:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def small_grader(assignment):
    """A grader of three problems; the second has a training."""
    setting = Setting(choose(assignment, ["A1", "D3", "E2"]), "of the tests", SECRET, candidates()[0])
    made = setting.grader()
    yield made
    made.close()
    made.sandbox.close()


@pytest.mark.parametrize(("edit", "score"), [((b"", b""), 15.0), ((b"= math.sqrt(", b"= 1 + math.sqrt("), 12.5)])
def test_a_busy_machine_changes_no_score(small_grader, solution, edit, score):
    """A right and a wrong submission, a training included, get the same verdicts with a third of the time."""
    files = solution | {"clip.py": solution["clip.py"].replace(*edit, 1)}
    name = SubmissionName("one", "0123456789abcdef")
    quiet = small_grader.grade(name, files)

    with a_busy_machine():
        busy = small_grader.grade(name, files)

    assert verdicts(busy) == verdicts(quiet)
    assert busy.score == score, [check for check in busy.checks if check.points < check.max_points]


def test_all_of_a_submission_gets_a_multiple_of_the_references_time(small_grader, monkeypatch):
    """Where the reference needs a minute, half an hour is the limit, and not the minute of a quick machine."""
    given = []

    def watch(*arguments):
        given.append(arguments[3])
        return Sitting(*arguments)

    monkeypatch.setattr(grading, "Sitting", watch)
    limits = small_grader.examination.assignment.limits

    for reference in (0.001, 60.0):
        small_grader.grade(SubmissionName("nobody", "0"), {}, seconds={"all of it": reference})

    assert given == [limits.seconds_per_submission, 60 * limits.times_reference]
