"""A small assignment and reports on it, for tests that need one."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, Check, Limits, Problem, Visibility
from autograder.errors import Label
from autograder.model import Outcome, Report, SubmissionName, Versions
from autograder.scoring import Circumstances, Verdict, score

PASSED = Verdict(Outcome.PASSED, Label.OK, seconds=0.25)
WRONG = Verdict(Outcome.FAILED, Label.WRONG, "f: off")
OURS = Verdict(Outcome.ERROR, Label.GRADER_ERROR, "the zygote is gone")

VERSIONS = Versions("3.11.2", "2.4.6", "0.1.0")
CIRCUMSTANCES = Circumstances("assignment-hash", "L2", "seed-id", VERSIONS)
TITLES = {"test_one": "One is one.", "test_two": "Two is two."}


def make_problem(identifier: str, points: str, checks: Mapping[str, str], *, extra_credit: bool = False) -> Problem:
    """Return a problem with checks of these points."""
    listed = tuple(Check(name, Decimal(worth), 1) for name, worth in checks.items())
    functions = (f"conv.{identifier.lower()}",)
    return Problem(
        identifier, f"Problem {identifier}", Decimal(points), extra_credit, Visibility.VISIBLE, functions, listed, 1
    )


ASSIGNMENT = Assignment(
    path=Path("assignment.toml"),
    name="hw",
    title="Homework",
    solution=Path("solution"),
    handout=Path("handout"),
    limits=Limits(5, 10, 60, 1024),
    problems=(
        make_problem("A1", "0.3", {"test_one": "0.1", "test_two": "0.1", "test_three": "0.1"}),
        make_problem("A2", "2.5", {"test_four": "2.5"}),
        make_problem("X1", "1", {"test_five": "1"}, extra_credit=True),
    ),
)
CHECKS = tuple(check.id for problem in ASSIGNMENT.problems for check in problem.checks)
ALL_PASSED = dict.fromkeys(CHECKS, PASSED)


def make_report(
    verdicts: Mapping[str, Verdict] = ALL_PASSED, *, name: str = "ada", assignment: Assignment = ASSIGNMENT, **rest: Any
) -> Report:
    """Return the report on a submission whose checks ended like this."""
    given: dict[str, Any] = {"titles": TITLES, "circumstances": CIRCUMSTANCES} | rest
    return score(assignment, SubmissionName(name, "submission-hash"), verdicts, **given)
