"""Points: from how each check of the assignment ended to a report.

The denominator is the assignment's list of checks. A check that has no verdict, for whatever reason, is an ERROR of
ours; nothing that runs can add a check, take one away, or change what it is worth.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from autograder.assignment import Assignment, Problem
from autograder.errors import Label
from autograder.model import (
    AssignmentName,
    CheckResult,
    Figure,
    Outcome,
    ProblemResult,
    Report,
    SubmissionName,
    Versions,
)
from autograder.picture import Picture

WHOLE = {Label.SYNTAX, Label.IMPORT, Label.MISSING, Label.FORBIDDEN, Label.BAD_ARCHIVE}  # may fail a whole submission


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one check ended, before it is worth anything."""

    outcome: Outcome
    label: Label
    message: str = ""
    seconds: float = 0.0
    hint: str = ""
    picture: Picture | None = None
    figure: Figure | None = None


NO_VERDICT = Verdict(Outcome.ERROR, Label.GRADER_ERROR, "the check did not run")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a report says of the run besides the scores."""

    assignment_hash: str
    level: str
    seed_id: str
    versions: Versions


def score(
    assignment: Assignment,
    submission: SubmissionName,
    verdicts: Mapping[str, Verdict],
    *,
    titles: Mapping[str, str],
    circumstances: Circumstances,
    message: str = "",
    notes: Sequence[str] = (),
) -> Report:
    """Turn the verdicts of a submission into its report.

    verdicts: by check; titles: the sentence of each check
    """
    checks, figures = [], []
    for problem in assignment.problems:
        opening = assignment.opening(problem)
        for check in problem.checks:
            verdict = postponed(opening) if opening else verdicts.get(check.id, NO_VERDICT)
            checks.append(_result(problem, check.id, check.points, verdict, titles))
            figures += [verdict.figure] if verdict.figure and verdict.outcome is Outcome.PASSED else []
    problems = [_sum(problem, checks) for problem in assignment.problems]
    return Report(
        assignment=AssignmentName(assignment.name, circumstances.assignment_hash),
        submission=submission,
        level=circumstances.level,
        seed_id=circumstances.seed_id,
        versions=circumstances.versions,
        score=_total(p.score for p in problems if not p.extra_credit),
        max_score=_total(p.max_score for p in problems if not p.extra_credit),
        extra_credit=_total(p.score for p in problems if p.extra_credit),
        label=_label(checks),
        problems=problems,
        checks=checks,
        message=message,
        notes=list(notes),
        figures=figures,
    )


def postponed(opening: datetime) -> Verdict:
    """Say that a check runs later, whatever a submission is."""
    return Verdict(Outcome.SKIPPED, Label.POSTPONED, f"counted after {opening:%Y-%m-%d %H:%M %Z}")


def score_alike(
    assignment: Assignment,
    submission: SubmissionName,
    verdict: Verdict,
    *,
    titles: Mapping[str, str],
    circumstances: Circumstances,
) -> Report:
    """Return the report on a submission whose checks all ended alike, before they began."""
    verdicts = {check.id: verdict for problem in assignment.problems for check in problem.checks}
    return score(assignment, submission, verdicts, titles=titles, circumstances=circumstances, message=verdict.message)


def _result(problem: Problem, check: str, points: Decimal, verdict: Verdict, titles: Mapping[str, str]) -> CheckResult:
    return CheckResult(
        id=check,
        problem=problem.id,
        title=titles.get(check, check),
        outcome=verdict.outcome,
        label=verdict.label,
        points=float(points) if verdict.outcome is Outcome.PASSED else 0.0,
        max_points=float(points),
        message=verdict.message,
        hint=verdict.hint,
        seconds=round(verdict.seconds, 4),
        visibility=str(problem.visibility),
        picture=verdict.picture,
    )


def _sum(problem: Problem, checks: Sequence[CheckResult]) -> ProblemResult:
    own = [check for check in checks if check.problem == problem.id]
    most = 0.0 if all(check.label is Label.POSTPONED for check in own) else float(problem.points)
    earned = _total(check.points for check in own)
    return ProblemResult(problem.id, problem.title, earned, most, problem.extra_credit)


def _total(points: Iterable[float]) -> float:
    """Add in decimal: 0.1 three times is 0.3."""
    return float(sum((Decimal(str(p)) for p in points), Decimal(0)))


def _label(checks: Sequence[CheckResult]) -> Label:
    labels = {check.label for check in checks} - {Label.POSTPONED}
    if Label.GRADER_ERROR in labels:
        return Label.GRADER_ERROR
    return labels.pop() if len(labels) == 1 and labels <= WHOLE else Label.OK
