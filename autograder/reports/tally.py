"""What a class did, gathered report by report, so that no report has to stay in memory.

A report with an error of ours is listed, and not counted: it says nothing about its student.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from autograder.errors import Label
from autograder.model import CheckResult, Outcome, ProblemResult, Report
from autograder.reports.row import parts, remark
from autograder.reports.text import plain

ABSENT = {  # there was no answer
    Label.NOT_WRITTEN, Label.SYNTAX, Label.IMPORT, Label.MISSING, Label.BAD_ARCHIVE, Label.POSTPONED,
}  # fmt: skip

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in the table of the class."""

    id: str
    score: float
    extra_credit: float
    parts: Sequence[float]
    failed: int  # checks
    seconds: float
    remark: str
    needs_a_person: bool


@dataclass
class Tally:
    """The sums of a class; `add` a report at a time."""

    rows: list[Row] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    problems: list[ProblemResult] = field(default_factory=list)
    checks: list[CheckResult] = field(default_factory=list)
    first: Report | None = None
    levels: set[str] = field(default_factory=set)
    labels: Counter[Label] = field(default_factory=Counter)  # checks that ended with each
    bearers: Counter[Label] = field(default_factory=Counter)  # submissions that have such a check
    hints: Counter[tuple[str, str]] = field(default_factory=Counter)  # submissions, by problem and hint
    _scores: list[Numbers] = field(default_factory=list)
    _passed: list[Flags] = field(default_factory=list)
    _tried: list[Flags] = field(default_factory=list)

    def watch(self, reports: Iterable[Report]) -> Iterator[Report]:
        """Count every report that passes on its way to another reader."""
        for report in reports:
            self.add(report)
            yield report

    def add(self, report: Report) -> None:
        """Count one report."""
        if self.first is None:
            self.first, self.problems, self.checks = report, report.problems, report.checks
            self.parts = [f"{name}/{plain(most)}" for name, _, most in parts(report)]
        self.rows.append(_row(report))
        self.levels.add(report.level)
        if report.has_errors:
            return
        failed = [check for check in report.checks if check.outcome is Outcome.FAILED]
        self.labels.update(check.label for check in failed)
        self.bearers.update({check.label for check in failed})
        self.hints.update({(check.problem, check.hint) for check in failed if check.hint})
        self._scores.append(np.array([problem.score for problem in report.problems]))
        self._passed.append(np.array([check.outcome is Outcome.PASSED for check in report.checks]))
        self._tried.append(np.array([check.label not in ABSENT for check in report.checks]))

    @property
    def counted(self) -> int:
        """How many submissions the numbers are of."""
        return len(self._scores)

    @property
    def scores(self) -> Numbers:
        """Points by submission and problem."""
        return np.array(self._scores).reshape(self.counted, len(self.problems))

    @property
    def passed(self) -> Flags:
        """Whether each check passed, by submission and check."""
        return np.array(self._passed, dtype=bool).reshape(self.counted, len(self.checks))

    @property
    def tried(self) -> Flags:
        """Whether there was an answer at all, by submission and check."""
        return np.array(self._tried, dtype=bool).reshape(self.counted, len(self.checks))


def _row(report: Report) -> Row:
    failed = [check for check in report.counted if check.outcome is not Outcome.PASSED]
    return Row(
        id=report.submission.id,
        score=report.score,
        extra_credit=report.extra_credit,
        parts=[score for _, score, _ in parts(report)],
        failed=len(failed),
        seconds=sum(check.seconds for check in report.checks),
        remark=remark(report),
        needs_a_person=report.needs_a_person,
    )
