"""The solution of an assignment as a submission that is graded again and again: from its bytes to its report file."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from autograder import grading, results
from autograder.assignment import hash_of, read_assignment
from autograder.benchmarks.direct import DirectChecks
from autograder.benchmarks.stopwatch import Stopwatch
from autograder.desk import Desk
from autograder.errors import AssignmentError
from autograder.grading import Grader
from autograder.hidden_check import HiddenCheck, load_checks
from autograder.model import Outcome, SubmissionName
from autograder.reference import read_package
from autograder.sandbox.host import Guest, Sandbox
from autograder.sandbox.level import Level
from autograder.sandbox.proof import build_wall
from autograder.scale import Setting, given, limits
from autograder.student import StudentFunction
from autograder.submission import Entry, Submission, read_submission

SECRET = b"of the benchmarks"
CALLS, VALUES, PYTEST = (
    "calls, with the student's work",
    "packing and reading values",
    "pytest and the grader around it",
)
PARTS: tuple[tuple[Any, str, str], ...] = (
    (Sandbox, "open", "opening guests"),
    (Guest, "call", CALLS),
    (Desk, "call", "calls back into our functions"),
    (StudentFunction, "__call__", VALUES),
    (StudentFunction, "output", VALUES),
    (StudentFunction, "each", VALUES),
    (StudentFunction, "purely", VALUES),
    (Guest, "close", "closing guests"),
    (HiddenCheck, "run", "the checks' own work"),
    (Grader, "grade", PYTEST),
    (grading, "score", "scoring"),
    (results, "to_json", "encoding the report"),
    (results, "write_whole", "writing the report, with fsync"),
)


@dataclass(frozen=True)
class Trial:
    """A submission, the grader that grades it, and its checks with nothing around them."""

    submission: Submission
    grader: Grader
    direct: DirectChecks
    out: Path

    def grade(self) -> float:
        """Grade the submission and write its report; return the seconds."""
        started = time.perf_counter()
        report = self.grader.grade(SubmissionName(self.submission.id, self.submission.hash), self.submission.files)
        results.write_report(self.out, report)
        seconds = time.perf_counter() - started
        if wrong := [check for check in report.checks if check.outcome in (Outcome.FAILED, Outcome.ERROR)]:
            raise AssignmentError(f"the solution fails {wrong[0].id}, so its time says nothing: {wrong[0].message}")
        return seconds

    def run_direct(self, watch: Stopwatch) -> float:
        """Run the checks with nothing around them; return the seconds."""
        started = time.perf_counter()
        self.direct.run(self.submission.hash, watch)
        return time.perf_counter() - started

    def take_apart(self) -> Stopwatch:
        """Grade the submission once more, and return what each part of it took."""
        watch = Stopwatch()
        with ExitStack() as stack:
            for owner, name, part in PARTS:
                stack.enter_context(mock.patch.object(owner, name, watch.timed(part, getattr(owner, name))))
            self.grade()
        return watch


def setting_for(home: Path, level: Level) -> Setting:
    """Return what a grader is made from; home: the folder of an assignment.toml and its checks/."""
    assignment = read_assignment(home / "assignment.toml")
    return Setting(assignment, hash_of(assignment), SECRET, level, checks=home / "checks")


@contextmanager
def open_trial(setting: Setting, out: Path) -> Iterator[Trial]:
    """Start a grader, and end it after the block."""
    assignment = setting.assignment
    submission = read_submission(Entry("solution", assignment.solution))
    grader = setting.grader()
    try:
        direct = DirectChecks(load_checks(assignment, setting.checks), grader.reference, setting.secret)
        yield Trial(submission, grader, direct, out)
    finally:
        grader.close()
        grader.sandbox.close()


def highest_level(home: Path) -> Level:
    """Return the highest level of the wall that holds here."""
    assignment = read_assignment(home / "assignment.toml")
    wall = build_wall(Level.L5, given(read_package(assignment.solution / "numnet")), limits(assignment))
    wall.sandbox.close()
    return wall.level
