"""Examine mutants: each is a submission behind the wall, and is done with at the first check that fails.

What counts are the checks of the problem that a function belongs to: whoever writes it wrong shall lose points there.
Checks that train a network are left out: they are slow, and a slip in one line has a check that finds it without.
"""

import importlib.util
import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, Problem
from autograder.errors import AssignmentError, Label, SandboxError, StudentError
from autograder.grading import CHECKS
from autograder.reference import Reference, read_package
from autograder.sandbox.host import Sandbox
from autograder.sandbox.proof import build_wall, candidates
from autograder.scale import given, limits
from autograder.secret import generator
from autograder.sitting import Sitting
from autograder.student import Student

SECRET = b"of the mutants"
SUBMISSION = "0123456789abcdef"

Function = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a mutant ended: the check that it failed, and how; without one, it survived."""

    check: str = ""
    label: Label = Label.OK
    message: str = ""


@dataclass(frozen=True)
class Check:
    """A hidden check, ready to be called."""

    function: Function
    problem: str
    source: str

    @property
    def name(self) -> str:
        """Return its name."""
        return self.function.__name__


class Examiner:
    """Examines one mutant after another; belongs to one process."""

    def __init__(self, assignment: Assignment, sandbox: Sandbox, reference: Reference) -> None:
        """Read the checks."""
        self.assignment, self.sandbox, self.reference = assignment, sandbox, reference
        self.checks = read_checks(assignment, CHECKS)

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

    def chosen(self, function: str) -> list[Check]:
        """Return the checks that may find something, those that name the function first."""
        problems = {problem.id for problem in problems_of(self.assignment, function)}
        name = ".".join(function.split(".")[1:2])
        return sorted((c for c in self.checks if c.problem in problems), key=lambda check: name not in check.source)


def problems_of(assignment: Assignment, function: str) -> list[Problem]:
    """Return the problems that list a function; one that is listed nowhere helps all problems of its module."""
    module, owner = function.split(".")[:2]
    listed = [problem for problem in assignment.problems if f"{module}.{owner}" in problem.functions]
    return listed or [p for p in assignment.problems if any(one.startswith(f"{module}.") for one in p.functions)]


def _examine(check: Check, sitting: Sitting, seconds: float) -> Verdict:
    sitting.begin(check.problem, seconds)
    rng = generator(SECRET, SUBMISSION, check.name)
    fixtures = {"student": Student(sitting), "reference": sitting.reference, "rng": rng}
    try:
        check.function(**{name: fixtures[name] for name in inspect.signature(check.function).parameters})
        return Verdict()
    except StudentError as error:
        return Verdict(check.name, error.label, str(error))
    except SandboxError:
        raise
    except Exception as error:
        return Verdict(check.name, Label.GRADER_ERROR, f"the check raised {type(error).__name__}: {error}")
    finally:
        sitting.end()


def read_checks(assignment: Assignment, folder: Path) -> list[Check]:
    """Return the checks that an assignment lists and that train nothing, in its order."""
    found: dict[str, Check] = {}
    for path in sorted(folder.glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise AssignmentError(f"{path.name} is no module")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= {name: _check(value) for name, value in vars(module).items() if name.startswith("test_")}
    listed = [found[check.id] for problem in assignment.problems for check in problem.checks]
    return [check for check in listed if not check.function.pytestmark[0].kwargs["training"]]  # type: ignore[attr-defined]


def _check(function: Function) -> Check:
    mark = function.pytestmark[0]  # type: ignore[attr-defined]
    return Check(function, mark.args[0], inspect.getsource(function))


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
