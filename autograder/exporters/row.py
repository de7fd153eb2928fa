"""A row: one check as a platform shows it to students, already redacted and inert.

    visible            claim, label and message
    after_published,   claim and label: what a hidden check asked for, but not what came of its inputs
    after_due_date
    hidden             that there is a check, and its points

Text is inert everywhere: no control characters, nothing that begins a tag, a formula or a command, and not much of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from autograder.assignment import Visibility
from autograder.errors import Label, NotScored
from autograder.model import CheckResult, Outcome, Report
from autograder.policy import Grade

LONGEST = 500  # characters of a text, so that no result is too large for a platform
_BRACKETS = str.maketrans({"<": "‹", ">": "›"})  # no platform says everywhere whether it shows text or HTML

NOT_GRADED = "not graded, through no fault of yours; it will be graded again"


@dataclass(frozen=True, slots=True)
class Row:
    """What students see of one check."""

    number: str  # within the problem: A3.2
    problem: str
    name: str
    points: Decimal
    max_points: Decimal
    extra_credit: bool
    outcome: Outcome
    output: str
    seconds: float
    visibility: Visibility
    is_postponed: bool = False

    @property
    def is_scored(self) -> bool:
        """Say whether the check ended, one way or the other. What did not is no zero."""
        return self.outcome in (Outcome.PASSED, Outcome.FAILED)

    @property
    def is_missing(self) -> bool:
        """Say whether the check should have ended by now."""
        return not self.is_scored and not self.is_postponed

    @property
    def points_now(self) -> Decimal:
        """What can be earned today: what is postponed is not lost."""
        return Decimal(0) if self.is_postponed else self.max_points


def rows(report: Report) -> Iterator[Row]:
    """Yield every check of the assignment, in its order."""
    extra = {problem.id: problem.extra_credit for problem in report.problems}
    counts = dict.fromkeys(extra, 0)
    for check in report.checks:
        counts[check.problem] += 1
        number = f"{check.problem}.{counts[check.problem]}"
        yield Row(
            number=number,
            problem=check.problem,
            name=f"{number} {_claim(check)}",
            points=Decimal(str(check.points)),
            max_points=Decimal(str(check.max_points)),
            extra_credit=extra[check.problem],
            outcome=check.outcome,
            output=_output(check),
            seconds=check.seconds,
            visibility=Visibility(check.visibility),
            is_postponed=check.label is Label.POSTPONED,
        )


def withhold(report: Report) -> Report:
    """Return a report as it is shown before the due date where a platform does not look at the date itself."""
    later = Visibility.AFTER_DUE_DATE
    checks = [
        msgspec.structs.replace(check, visibility=str(Visibility.HIDDEN)) if check.visibility == later else check
        for check in report.checks
    ]
    return msgspec.structs.replace(report, checks=checks)


def require_scored(report: Report) -> None:
    """Refuse a report of which something was not graded, for receivers that would take it for a zero."""
    unscored = [row for row in rows(report) if row.is_missing]
    if unscored:
        raise NotScored(
            f"{report.submission.id}: {len(unscored)} of {len(report.checks)} checks were not graded, "
            f"{unscored[0].number} the first of them, through no fault of the student's; grade it again"
        )


def _claim(check: CheckResult) -> str:
    return "a hidden check" if check.visibility == Visibility.HIDDEN else inert(check.title)


def _output(check: CheckResult) -> str:
    if check.label is Label.POSTPONED:
        return inert(check.message)
    if check.outcome not in (Outcome.PASSED, Outcome.FAILED):
        return NOT_GRADED  # what went wrong on our side is not for students
    if check.visibility == Visibility.HIDDEN or check.label is Label.OK:
        return ""
    told = [str(check.label)]
    if check.visibility == Visibility.VISIBLE:
        told += [text for text in (check.message, check.hint) if text]
    return inert("\n".join(told))


def summary(report: Report, grade: Grade) -> str:
    """Say in a few words what a submission counts for, and why it failed as a whole, if it did."""
    missing = sum(row.is_missing for row in rows(report))
    lines = [f"PROVISIONAL: {missing} of {len(report.checks)} checks were {NOT_GRADED}."] if missing else []
    if report.label not in (Label.OK, Label.GRADER_ERROR):
        lines.append(f"{report.label}: {report.message}" if report.message else str(report.label))
    return "\n".join([*map(inert, lines), inert(grade.why)])


def inert(text: str) -> str:
    """Return a text that is the same to a browser, a terminal, a spreadsheet and a reader."""
    shown = "".join(one if one.isprintable() or one == "\n" else "?" for one in text).translate(_BRACKETS)
    shown = f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def one_line(text: str) -> str:
    """Return an inert text without line breaks and colons, and with nothing that a workflow's log takes for a command.

    Autolab's reader takes `word:` for a key; GitHub's takes `::` and `##[`, wherever they stand, for more than text.
    """
    return inert(" ".join(text.split())).replace(":", " -").replace("  -", " -").replace("##[", "## [")
