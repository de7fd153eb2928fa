"""The policy: what a score counts for. It is data, of assignment.toml, and applied last.

A Report says what was right; a Grade says what that is worth after the due date, the late days and the cap on extra
credit, and which of several submissions it is. Nobody is graded again when the policy changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil

from autograder.model import Report

DAY = timedelta(days=1)
CENT = Decimal("0.01")  # what a gradebook keeps
NOTHING = Decimal(0)


class Counts(StrEnum):
    """Which of several submissions counts."""

    BEST = "best"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a course settled; the default is that a score counts as it is."""

    due: datetime | None = None
    late_days: Decimal = NOTHING  # after the due date, that cost nothing
    penalty_per_day: Decimal = NOTHING  # percent of what was earned, for every day after those that was begun
    latest_days: Decimal | None = None  # after the due date; what comes later counts nothing
    counts: Counts = Counts.BEST
    extra_credit_at_most: Decimal | None = None
    extensions: Mapping[str, Decimal] = field(default_factory=dict)  # days, by student

    @property
    def closes(self) -> datetime | None:
        """When the last student is due: what runs after the due date runs then."""
        longest = max(self.extensions.values(), default=NOTHING)
        return self.due and self.due + float(longest) * DAY


@dataclass(frozen=True, slots=True)
class Grade:
    """What a submission counts for, and in one line why. Raw points, penalty and the final number are kept apart."""

    submission: str
    score: Decimal  # as the report says
    extra_credit: Decimal  # as the report says
    cut: Decimal  # extra credit above the cap
    penalty: Decimal
    kept: Decimal  # what a regrade took, and was promised to leave
    max_score: Decimal
    is_scored: bool  # nothing went wrong on our side
    why: str

    @property
    def raw(self) -> Decimal:
        """What was earned."""
        return self.score + self.extra_credit

    @property
    def final(self) -> Decimal:
        """What counts."""
        return self.raw + self.kept - self.cut - self.penalty

    @property
    def fraction(self) -> Fraction:
        """What counts, as a part of a full score, at most 1."""
        return min(Fraction(1), Fraction(self.final) / Fraction(self.max_score)) if self.max_score else Fraction(0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission of a student, and when it was handed in, if that is known."""

    report: Report
    handed_in: datetime | None = None
    at_least: Decimal = NOTHING  # points, extra credit included, that a regrade leaves


PLAIN = Policy()


def grade(
    report: Report,
    policy: Policy = PLAIN,
    *,
    student: str = "",
    handed_in: datetime | None = None,
    at_least: Decimal = NOTHING,
) -> Grade:
    """Say what one submission counts for.

    student: as the extensions name them, if not as the submission is called
    """
    score, extra = Decimal(str(report.score)), Decimal(str(report.extra_credit))
    kept = max(NOTHING, at_least - score - extra)
    cut = max(NOTHING, extra - policy.extra_credit_at_most) if policy.extra_credit_at_most is not None else NOTHING
    percent, lateness = _lateness(policy, student or report.submission.id, handed_in)
    counted = score + extra + kept - cut
    penalty = min(counted, (counted * percent / 100).quantize(CENT, ROUND_HALF_UP)) if percent else NOTHING
    reasons = [f"{plain(score)} of {plain(Decimal(str(report.max_score)))}"]
    if report.postponed:
        reasons.append(f"{plain(report.points_postponed)} more are {report.postponed[0].message}")
    if extra:
        capped = f", of which {plain(extra - cut)} count" if cut else ""
        reasons.append(f"{plain(extra)} extra credit{capped}")
    reasons += [f"{plain(kept)} more, as before it was graded again"] if kept else []
    reasons += [lateness] if lateness else []
    if penalty:
        reasons.append(f"{plain(percent)} % off: {plain(penalty)} points")
    if report.has_errors:
        reasons.append("not graded in full, through no fault of the student's")
    return Grade(
        report.submission.id, score, extra, cut, penalty, kept, Decimal(str(report.max_score)), not report.has_errors,
        "; ".join(reasons),
    )  # fmt: skip


def _lateness(policy: Policy, student: str, handed_in: datetime | None) -> tuple[Decimal, str]:
    """Return the percentage that is lost, and why."""
    if policy.due is None:
        return NOTHING, ""
    if handed_in is None:
        return NOTHING, "when it was handed in is not known: taken as in time"
    extension = policy.extensions.get(student, NOTHING)
    granted = f", with {plain(extension)} days of extension" if extension else ""
    late = handed_in - policy.due - float(extension) * DAY
    if late <= timedelta(0):
        return NOTHING, f"in time{granted}"
    days = ceil(late / DAY)
    if policy.latest_days is not None and late > float(policy.latest_days) * DAY:
        return Decimal(100), f"{days} days late{granted}, and nothing counts after {plain(policy.latest_days)}"
    paid = max(NOTHING, days - policy.late_days)
    free = f", {plain(min(policy.late_days, Decimal(days)))} of them free" if policy.late_days else ""
    return min(Decimal(100), paid * policy.penalty_per_day), f"{days} day{'s' * (days > 1)} late{granted}{free}"


def choose(attempts: Sequence[Attempt], policy: Policy = PLAIN, *, student: str = "") -> Grade:
    """Say what the submissions of one student count for: the best of them, or the last.

    Of two that count for the same the earlier one is taken; one whose time is not known is the earliest.
    """
    graded = [
        (one, grade(one.report, policy, student=student, handed_in=one.handed_in, at_least=one.at_least))
        for one in attempts
    ]
    graded.sort(key=lambda pair: (_moment(pair[0]), pair[0].report.submission.id))
    grades = [one for _, one in graded]
    if len(grades) == 1:
        return grades[0]
    chosen = max(grades, key=lambda one: one.final) if policy.counts is Counts.BEST else grades[-1]
    is_scored = chosen.is_scored if policy.counts is Counts.LAST else all(one.is_scored for one in grades)
    why = f"{chosen.why}; the {policy.counts} of {len(grades)} submissions: {chosen.submission}"
    return replace(chosen, why=why, is_scored=is_scored)


def _moment(attempt: Attempt) -> float:
    return attempt.handed_in.timestamp() if attempt.handed_in else float("-inf")


def plain(number: Decimal) -> str:
    """Write 7 for 7.00 and 6.25 for 6.250."""
    return f"{number.normalize():f}"
