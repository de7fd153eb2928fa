"""The bank of mistakes under examination: is each caught by the check it names, explained by its own hint, and no more?

Every mistake is made alone, and graded; or two at a time, of different problems. The checks that train a network are
left out: every mistake has a check that finds it without.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

import msgspec
import numpy as np

from autograder.assignment import Assignment
from autograder.errors import SandboxError
from autograder.mistake import Mistake, apply
from autograder.model import CheckResult, Outcome, Report, SubmissionName
from autograder.reach import reach
from autograder.reference import read_package
from autograder.scale import Loss, Setting, Work, grade_all, local_pool

Watch = Callable[[], None]  # is told after each submission


class Naming(StrEnum):
    """What the hints of a report say of a mistake that was made."""

    OWN = "own"  # the named check shows its hint
    NONE = "none"  # the named check shows no hint
    WRONG = "wrong"  # a check shows the hint of another mistake


class Finding(msgspec.Struct, frozen=True):
    """What came of one mistake.

    label: how the check that it names ended; checks: all of its problem that it fails; costs: those of other problems
    """

    id: str
    name: str
    problem: str
    caught_by: str
    is_caught: bool
    label: str
    naming: Naming
    checks: list[str]
    costs: list[str]


def examine(setting: Setting, mistakes: Sequence[Mistake], *, jobs: int, watch: Watch) -> list[Finding]:
    """Make each mistake alone; problems whose checks never import its file are left out."""
    solution = own_modules(setting.assignment)
    grader = replace(setting, training=False).grader()
    try:
        reached = reach(grader, solution)
    finally:
        grader.close()
        grader.sandbox.close()
    findings: dict[str, Finding] = {}
    for file in sorted({mistake.file for mistake in mistakes}):
        chosen = {mistake.name: mistake for mistake in mistakes if mistake.file == file}
        works = [(SubmissionName(name, name), apply([mistake], solution)) for name, mistake in chosen.items()]
        problems = tuple(problem for problem in setting.assignment.problems if problem.id in reached[file])
        reduced = replace(setting, assignment=replace(setting.assignment, problems=problems), training=False)
        for report in _grade(reduced, works, jobs=jobs, watch=watch):
            findings[report.submission.id] = judge(chosen[report.submission.id], report)
    return [findings[mistake.name] for mistake in mistakes]


def examine_pairs(
    setting: Setting, pairs: Sequence[tuple[Mistake, Mistake]], *, jobs: int, watch: Watch
) -> list[tuple[Finding, Finding]]:
    """Make two mistakes at a time."""
    solution = own_modules(setting.assignment)
    works = [(SubmissionName(f"{number}", f"{number}"), apply(pair, solution)) for number, pair in enumerate(pairs)]
    found = {}
    for report in _grade(replace(setting, training=False), works, jobs=jobs, watch=watch):
        one, other = pairs[int(report.submission.id)]
        found[report.submission.id] = (judge(one, report, other), judge(other, report, one))
    return [found[name.id] for name, _ in works]


def draw_pairs(mistakes: Sequence[Mistake], count: int, rng: np.random.Generator) -> list[tuple[Mistake, Mistake]]:
    """Draw pairs of mistakes of different problems, whose edits do not meet."""
    pairs: list[tuple[Mistake, Mistake]] = []
    while len(pairs) < count:
        one, other = (mistakes[int(i)] for i in rng.choice(len(mistakes), size=2, replace=False))
        if one.problem != other.problem and not (one.file == other.file and _meet(one, other)):
            pairs.append((one, other))
    return pairs


def _meet(one: Mistake, other: Mistake) -> bool:
    return one.find in other.find or other.find in one.find


def judge(mistake: Mistake, report: Report, *others: Mistake) -> Finding:
    """Say what a report makes of a mistake that was made, perhaps among others."""
    named = report.check(mistake.caught_by)
    elsewhere = {other.problem for other in others}
    failed = [check for check in report.checks if check.outcome not in (Outcome.PASSED, Outcome.SKIPPED)]
    own = [check for check in failed if check.problem == mistake.problem]
    return Finding(
        id=mistake.id,
        name=mistake.name,
        problem=mistake.problem,
        caught_by=mistake.caught_by,
        is_caught=named.outcome is Outcome.FAILED,
        label=named.label,
        naming=_naming(mistake, named, own),
        checks=[check.id for check in own],
        costs=[check.id for check in failed if check.problem not in {mistake.problem, *elsewhere}],
    )


def _naming(mistake: Mistake, named: CheckResult, failed: Iterable[CheckResult]) -> Naming:
    if any(check.hint not in ("", mistake.hint) for check in failed):
        return Naming.WRONG
    return Naming.OWN if named.hint == mistake.hint else Naming.NONE


def caught_by_check(assignment: Assignment, findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Return for each check the ids of the mistakes that it catches."""
    catches: dict[str, list[str]] = {check.id: [] for problem in assignment.problems for check in problem.checks}
    for finding in findings:
        for check in (*finding.checks, *finding.costs):
            catches[check].append(finding.id)
    return catches


def own_modules(assignment: Assignment) -> Mapping[str, bytes]:
    """Return the modules of the solution that students write."""
    files = read_package(assignment.solution / "numnet")
    return {path: source for path, source in files.items() if "/" not in path}


def _grade(setting: Setting, works: Sequence[Work], *, jobs: int, watch: Watch) -> Iterator[Report]:
    with local_pool(setting, jobs) as pool:
        for result in grade_all(pool, works, {}):
            if isinstance(result, Loss):
                raise SandboxError(result.reason)
            watch()
            yield result
