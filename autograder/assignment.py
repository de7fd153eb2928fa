"""The assignment: which problems there are, what each of their checks is worth, and what a submission may use.

It is written in assignment.toml. A file that contradicts itself is refused with the line to mend, and so is one that
does not list exactly the checks that exist: nothing but this file decides what a full score is.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from autograder.errors import AssignmentError, UsageError
from autograder.folder import fingerprint, read_folder
from autograder.policy import NOTHING, PLAIN, Counts, Policy
from autograder.toml_table import Table, read_table

_PROBLEM = re.compile(r"[A-Za-z0-9]+")
_FUNCTION = re.compile(r"[a-z_][a-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*")
_CHECK = re.compile(r"test_[a-z0-9_]+")

LEAST_MEMORY_MIB = 256


class Visibility(StrEnum):
    """When students may see how a check ended."""

    HIDDEN = "hidden"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    VISIBLE = "visible"


class Runs(StrEnum):
    """When the checks of a problem run."""

    AT_ONCE = "at_once"
    AFTER_DUE_DATE = "after_due_date"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use."""

    seconds_per_check: float  # the least that a check may take ...
    times_reference: float  # ... or this many times the reference's own time, whichever is more
    seconds_per_submission: float
    memory_mib: float


@dataclass(frozen=True, slots=True)
class Check:
    """What a check is worth, and the line that says so."""

    id: str
    points: Decimal
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem: the functions that students write for it, and the checks that examine them."""

    id: str
    title: str
    points: Decimal
    extra_credit: bool
    visibility: Visibility
    functions: tuple[str, ...]  # "conv.conv2d_backward"; a class stands for its methods
    checks: tuple[Check, ...]
    line: int
    runs: Runs = Runs.AT_ONCE


@dataclass(frozen=True, slots=True)
class Assignment:
    """A homework as the instructor set it."""

    path: Path
    name: str
    title: str
    solution: Path
    handout: Path
    limits: Limits
    problems: tuple[Problem, ...]
    policy: Policy = PLAIN
    now: datetime | None = None  # when it is graded; None: when everything runs, for whoever tries the checks

    @property
    def points(self) -> Decimal:
        """The points of all problems together, extra credit included."""
        return sum((problem.points for problem in self.problems), Decimal(0))

    @property
    def core_points(self) -> Decimal:
        """The points of a full score: all but extra credit."""
        return sum((problem.points for problem in self.problems if not problem.extra_credit), Decimal(0))

    def problem_of(self, check: str) -> Problem:
        """Return the problem that a check belongs to."""
        for problem in self.problems:
            if any(one.id == check for one in problem.checks):
                return problem
        raise AssignmentError(f"{self.path.name}: no problem lists the check {check}")

    def opening(self, problem: Problem) -> datetime | None:
        """Return when the checks of a problem run, if that is not yet. The clock is the grader's, never a student's."""
        closes = self.policy.closes
        if problem.runs is Runs.AT_ONCE or self.now is None or closes is None or closes < self.now:
            return None
        return closes

    def owners(self) -> dict[str, str]:
        """Return the id of the problem that each function belongs to."""
        return {function: problem.id for problem in self.problems for function in problem.functions}


def read_assignment(path: Path) -> Assignment:
    """Read assignment.toml, or refuse it with the line to mend."""
    table = read_table(path)
    table.allow("assignment", "limits", "policy", "problem")
    head = table.within("assignment")
    head.allow("name", "title", "solution", "handout")
    solution, handout = ((path.parent / head.text(folder)).resolve() for folder in ("solution", "handout"))
    if solution == handout or {handout} & {*path.resolve().parents, *solution.parents} or solution in handout.parents:
        raise head.refusal("the handout is a folder of its own; what it holds is replaced", "handout")
    if not (solution / "numnet").is_dir():
        raise head.refusal(f"there is no numnet/ in the solution, {head.text('solution')}", "solution")
    policy = _read_policy(table.within("policy")) if "policy" in table.values else PLAIN
    return Assignment(
        path=path,
        name=head.text("name"),
        title=head.text("title"),
        solution=solution,
        handout=handout,
        limits=_read_limits(table.within("limits")),
        problems=_read_problems(table.within("problem"), policy),
        policy=policy,
    )


def choose(assignment: Assignment, problems: Collection[str]) -> Assignment:
    """Return the assignment with some of its problems."""
    return replace(assignment, problems=tuple(problem for problem in assignment.problems if problem.id in problems))


def choose_named(assignment: Assignment, names: str) -> Assignment:
    """Return the assignment with the problems that a person listed, as in A3,D2, or all of them."""
    if not names:
        return assignment
    wanted = [name.strip().upper() for name in names.split(",")]
    known = [problem.id for problem in assignment.problems]
    if unknown := [name for name in wanted if name not in known]:
        raise UsageError(f"--problems {names}: there is no problem {unknown[0]!r}; there are {', '.join(known)}")
    return choose(assignment, wanted)


def _read_limits(table: Table) -> Limits:
    names = tuple(Limits.__dataclass_fields__)
    table.allow(*names)
    limits = Limits(**{name: table.amount(name) for name in names})
    if limits.memory_mib < LEAST_MEMORY_MIB:
        message = f"memory_mib is {limits.memory_mib:g}; a guest with NumPy in it needs {LEAST_MEMORY_MIB} or more"
        raise table.refusal(message, "memory_mib")
    return limits


def _read_policy(table: Table) -> Policy:
    """Read what a course settled; what it says nothing about costs nothing."""
    table.allow(*Policy.__dataclass_fields__)
    given = table.values
    days = table.within("extensions") if "extensions" in given else None
    policy = Policy(
        due=table.moment("due") if "due" in given else None,
        late_days=table.points("late_days") if "late_days" in given else NOTHING,
        penalty_per_day=table.points("penalty_per_day") if "penalty_per_day" in given else NOTHING,
        latest_days=table.points("latest_days") if "latest_days" in given else None,
        counts=_read_counts(table) if "counts" in given else Counts.BEST,
        extra_credit_at_most=table.points("extra_credit_at_most") if "extra_credit_at_most" in given else None,
        extensions={student: days.points(student) for student in days.values} if days else {},
    )
    for key in ("late_days", "penalty_per_day", "latest_days", "extensions"):
        if key in given and policy.due is None:
            raise table.refusal(f"{key} needs a due date: due = 2026-12-01T23:59:00+01:00", key)
    if policy.penalty_per_day > 100:
        raise table.refusal(
            f"penalty_per_day is {policy.penalty_per_day}; it is percent, at most 100", "penalty_per_day"
        )
    return policy


def _read_counts(table: Table) -> Counts:
    text = table.text("counts")
    if text not in list(Counts):
        raise table.refusal(f"counts {text!r} is none of {', '.join(Counts)}", "counts")
    return Counts(text)


def _read_problems(table: Table, policy: Policy) -> tuple[Problem, ...]:
    problems = tuple(_read_problem(name, within, table) for name, within in table.each())
    if not problems:
        raise table.refusal("there is no problem; a problem is a table [problem.A1]")
    owners: dict[str, str] = {}
    for problem in problems:
        within = table.within(problem.id)
        if problem.runs is Runs.AFTER_DUE_DATE and policy.due is None:
            raise within.refusal(f"{problem.runs} needs one in [policy]: due = 2026-12-01T23:59:00+01:00", "runs")
        for function in problem.functions:
            _claim(owners, function, problem, within, "functions")
        for check in problem.checks:
            _claim(owners, check.id, problem, within.within("checks"), check.id)
    return problems


def _claim(owners: dict[str, str], name: str, problem: Problem, table: Table, key: str) -> None:
    """Give a function or a check to its one problem."""
    if name in owners:
        raise table.refusal(f"{name} is in problem {owners[name]} already", key)
    owners[name] = problem.id


def _read_problem(name: str, table: Table, parent: Table) -> Problem:
    if not _PROBLEM.fullmatch(name):
        raise parent.refusal(f"{name!r} names no problem; a name is letters and digits", name)
    table.allow("title", "points", "extra_credit", "visibility", "runs", "functions", "checks")
    problem = Problem(
        id=name,
        title=table.text("title"),
        points=table.points("points"),
        extra_credit=table.flag("extra_credit"),
        visibility=_read_visibility(table),
        functions=_read_functions(table),
        checks=_read_checks(table.within("checks")),
        line=table.line(),
        runs=_read_runs(table) if "runs" in table.values else Runs.AT_ONCE,
    )
    total = sum((check.points for check in problem.checks), Decimal(0))
    if total != problem.points:
        message = (
            f"problem {name} has checks worth {_plain(total)} points in all; its points are {_plain(problem.points)}"
        )
        raise table.refusal(message, "points")
    return problem


def _read_visibility(table: Table) -> Visibility:
    text = table.text("visibility")
    if text not in list(Visibility):
        raise table.refusal(f"visibility {text!r} is none of {', '.join(Visibility)}", "visibility")
    return Visibility(text)


def _read_runs(table: Table) -> Runs:
    text = table.text("runs")
    if text not in list(Runs):
        raise table.refusal(f"runs {text!r} is none of {', '.join(Runs)}", "runs")
    return Runs(text)


def _read_functions(table: Table) -> tuple[str, ...]:
    functions = table.texts("functions")
    for function in functions:
        if not _FUNCTION.fullmatch(function):
            raise table.refusal(f"{function!r} is no function; one is written as in 'conv.conv2d_forward'", "functions")
    if not functions:
        raise table.refusal("functions is empty; a problem has something to write", "functions")
    return functions


def _read_checks(table: Table) -> tuple[Check, ...]:
    for name in table.values:
        if not _CHECK.fullmatch(name):
            raise table.refusal(f"{name!r} is no check; a check is a function test_...", name)
    return tuple(Check(name, table.points(name), table.line(name)) for name in table.values)


def _plain(points: Decimal) -> str:
    """Write 7 for 7.00 and 6.5 for 6.50."""
    return f"{points.normalize():f}"


def require_same(assignment: Assignment, collected: Mapping[str, str]) -> None:
    """Refuse an assignment that lists other checks than there are.

    collected: the problem of every check that exists; checks of problems that were not chosen do not count
    """
    file = assignment.path.name
    wrong = [
        f"{file} line {check.line}: {problem.id} lists {check.id}, {_where(collected.get(check.id))}"
        for problem in assignment.problems
        for check in problem.checks
        if collected.get(check.id) != problem.id
    ]
    listed = {check.id for problem in assignment.problems for check in problem.checks}
    wrong += [
        f"{file} line {problem.line}: {problem.id} does not list {check}, which is one of its checks"
        for problem in assignment.problems
        for check, owner in collected.items()
        if owner == problem.id and check not in listed
    ]
    if wrong:
        raise AssignmentError("\n".join(wrong))


def _where(problem: str | None) -> str:
    return "which is no check" if problem is None else f"which is a check of {problem}"


def hash_of(assignment: Assignment) -> str:
    """Name what a report depends on: assignment.toml but its policy, the hidden checks, the mistakes, the reference.

    And what waits for the due date, and until when: after it, everybody is graded again
    """
    values = {key: value for key, value in read_table(assignment.path).values.items() if key != "policy"}
    openings = {problem.id: assignment.opening(problem) for problem in assignment.problems}
    if waiting := {name: opening for name, opening in openings.items() if opening}:
        values["waiting"] = waiting
    files = {"assignment.toml": json.dumps(values, default=str).encode()}
    home = assignment.path.parent
    for folder in (home / "checks", home / "mistakes", assignment.solution / "numnet"):
        found = read_folder(folder) if folder.is_dir() else {}
        files |= {f"{folder.name}/{path}": content for path, content in found.items()}
    return fingerprint(files)
