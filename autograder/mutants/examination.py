"""Examine mutants: each is a submission behind the wall, and is done with at the first check that fails.

What counts are the checks of the problem that a function belongs to: whoever writes it wrong shall lose points there.
Checks that train a network are left out: they are slow, and a slip in one line has a check that finds it without.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.assignment import Assignment, Problem
from autograder.errors import Label, SandboxError, StudentError
from autograder.hidden_check import CHECKS, HiddenCheck, load_checks
from autograder.reference import Reference, read_package
from autograder.sandbox.host import Sandbox
from autograder.sandbox.proof import build_wall, candidates
from autograder.scale import given, limits
from autograder.sitting import Sitting
from autograder.student import Student

SECRET = b"of the mutants"
SUBMISSION = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a mutant ended: the check that it failed, and how; without one, it survived."""

    check: str = ""
    label: Label = Label.OK
    message: str = ""


class Examiner:
    """Examines one mutant after another; belongs to one process."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox, reference: Reference) -> None:
        """Read the checks."""
        self.assignment, self.sandbox, self.reference = assignment, sandbox, reference
        self.checks = [check for check in load_checks(assignment, CHECKS) if not check.trains]

    def examine(self, function: str, files: Mapping[str, bytes]) -> Verdict:
        """Say which check finds that this function is wrong, if any does.

        function: such as "conv.conv2d_forward" or "ngram.AddK.prob"
        """
        sitting = Sitting(self.sandbox, self.reference, files, seconds=float("inf"))
        try:
            for check in self.chosen(function):
                verdict = _examine(check, sitting, self.assignment.limits.seconds_per_check)
                if verdict.label is not Label.OK:
                    return verdict
            return Verdict()
        finally:
            sitting.close()

    def chosen(self, function: str) -> list[HiddenCheck]:
        """Return the checks that may find something, those that name the function first."""
        problems = {problem.id for problem in problems_of(self.assignment, function)}
        name = ".".join(function.split(".")[1:2])
        return sorted((c for c in self.checks if c.problem in problems), key=lambda check: name not in check.source)


def problems_of(assignment: Assignment, function: str) -> list[Problem]:
    """Return the problems that list a function; one that is listed nowhere helps all problems of its module."""
    module, owner = function.split(".")[:2]
    listed = [problem for problem in assignment.problems if f"{module}.{owner}" in problem.functions]
    return listed or [p for p in assignment.problems if any(one.startswith(f"{module}.") for one in p.functions)]


def _examine(check: HiddenCheck, sitting: Sitting, seconds: float) -> Verdict:
    sitting.begin(check.problem, seconds)
    try:
        check.run(Student(sitting), sitting.reference, SECRET, SUBMISSION)
        return Verdict()
    except StudentError as error:
        return Verdict(check.name, error.label, str(error))
    except SandboxError:
        raise
    except Exception as error:
        return Verdict(check.name, Label.GRADER_ERROR, f"the check raised {type(error).__name__}: {error}")
    finally:
        sitting.end()


_examiner: Examiner | None = None  # of this worker, made by start


def start(assignment: Assignment, cores: set[int]) -> None:
    """Make this process a worker."""
    global _examiner
    os.sched_setaffinity(0, cores)
    sources = read_package(assignment.solution / "numnet")
    best = candidates()[0]
    wall = build_wall(best, given(sources), limits(assignment), best=best)
    _examiner = Examiner(assignment, wall.sandbox, Reference(sources))


def examine(function: str, files: Mapping[str, bytes]) -> Verdict:
    """Examine a mutant in this worker."""
    if _examiner is None:
        raise SandboxError("this process is no worker")
    return _examiner.examine(function, files)
