"""Fixtures that cost something and never change: the assignment, a wall, a grader."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from autograder.assignment import Assignment, read_assignment
from autograder.grading import Grader
from autograder.model import Report, SubmissionName
from autograder.reference import Reference, read_package
from autograder.sandbox.host import Limits, Sandbox
from autograder.sandbox.level import Level
from autograder.sandbox.proof import candidates, prove
from autograder.scale import Setting, given
from autograder.sitting import Sitting
from autograder.student import Student

ROOT = Path(__file__).parents[2]
SECRET = b"of the tests"

settings.register_profile("same", derandomize=True, deadline=None, max_examples=200)
settings.register_profile("thorough", deadline=None, max_examples=20_000)
settings.load_profile("same")  # an option, --hypothesis-profile, takes precedence


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """The project's own assignment."""
    return read_assignment(ROOT / "autograder" / "assignment.toml")


@pytest.fixture(scope="session")
def solution(assignment) -> dict[str, bytes]:
    """The solution's own modules, path inside numnet to source."""
    return _own(assignment.solution)


@pytest.fixture(scope="session")
def handout(assignment) -> dict[str, bytes]:
    """The handout's own modules."""
    return _own(assignment.handout)


def _own(tree: Path) -> dict[str, bytes]:
    return {path: source for path, source in read_package(tree / "numnet").items() if "/" not in path}


@pytest.fixture(scope="session")
def given_files(assignment) -> dict[str, bytes]:
    """The files of numnet that are ours in every submission."""
    return given(read_package(assignment.solution / "numnet"))


@pytest.fixture(scope="session")
def grader(assignment) -> Iterator[Grader]:
    """A grader behind the highest wall that can be built here."""
    setting = Setting(assignment, "of the tests", SECRET, candidates()[0])
    made = setting.grader()
    yield made
    made.close()
    made.sandbox.close()


@pytest.fixture(scope="session")
def grade(grader):
    """Grade files under a name: grade(files) -> Report."""

    def graded(files: dict[str, bytes], name: str = "student") -> Report:
        return grader.grade(SubmissionName(name, "0123456789abcdef"), files)

    return graded


@pytest.fixture(scope="session")
def solution_report(grade, solution) -> Report:
    """The report of the solution."""
    return grade(solution, "solution")


@pytest.fixture(scope="session")
def handout_report(grade, handout) -> Report:
    """The report of the handout."""
    return grade(handout, "handout")


@pytest.fixture(params=[level.value for level in candidates()])
def level(request) -> Level:
    """Every level of the wall that this user could reach."""
    return Level(request.param)


@pytest.fixture(scope="session")
def reference(assignment) -> Reference:
    """The reference."""
    return Reference(read_package(assignment.solution / "numnet"))


@pytest.fixture(scope="module")
def sandbox(given_files) -> Iterator[Sandbox]:
    """A sandbox at the highest level, whose guests have two seconds of processor time."""
    with prove(candidates()[0], given_files, Limits(cpu_seconds=2)) as made:
        yield made


def begin(sitting: Sitting, problem: str, seconds: float = 5.0) -> Student:
    """Start a check, and return the package as it sees it."""
    sitting.begin(problem, seconds)
    return Student(sitting)
