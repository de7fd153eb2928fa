"""report.html: what a student gets back, as one page.

It holds no script, and nothing of a problem that students may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from autograder.assignment import Visibility
from autograder.errors import Label
from autograder.model import CheckResult, Outcome, ProblemResult, Report
from autograder.picture import Picture
from autograder.reports.page import render
from autograder.sandbox.level import Level

WORDS = {
    Label.OK: "passed",
    Label.WRONG: "wrong answer",
    Label.NOT_WRITTEN: "not written yet",
    Label.RAISED: "raised an exception",
    Label.SYNTAX: "does not compile",
    Label.IMPORT: "imports what is not there",
    Label.MISSING: "a file or a function is missing",
    Label.FORBIDDEN: "imports a library that does the homework",
    Label.UNSUPPORTED: "answered with something that cannot be read",
    Label.TIMEOUT: "no answer in time",
    Label.CPU: "took too much processor time",
    Label.MEMORY: "took too much memory",
    Label.DISK: "wrote too much to files",
    Label.CRASH: "the process crashed",
    Label.EXITED: "the process ended itself",
    Label.PROTOCOL: "sent something that is no answer",
    Label.BAD_ARCHIVE: "the archive cannot be read safely",
    Label.POSTPONED: "runs after the due date",
    Label.NOT_CHOSEN: "left out this time",
    Label.GRADER_ERROR: "our fault, not yours: it will be graded again",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Checks of one problem that ended alike: what they claim, what was measured, and what to do."""

    words: str
    label: Label
    message: str
    hint: str
    picture: Picture | None
    checks: Sequence[CheckResult]


@dataclass(frozen=True, slots=True)
class Section:
    """One problem: what it earned, what was found, and the claims that hold."""

    problem: ProblemResult
    findings: Sequence[Finding]
    passed: Sequence[CheckResult]


def student_page(report: Report) -> bytes:
    """Return the page of one report: the same report, the same bytes."""
    sections = [_section(problem, report) for problem in report.problems if not _is_hidden(problem, report)]
    core = [section.problem for section in sections if not section.problem.extra_credit]
    return render(
        "student.html",
        report=report,
        sections=sections,
        hidden=len(report.problems) - len(sections),
        score=_total([problem.score for problem in core]),
        most=_total([problem.max_score for problem in core]),
        extra=_total([section.problem.score for section in sections if section.problem.extra_credit]),
        whole=WORDS[report.label] if report.label is not Label.OK else "",
        promise=_promise(report.level),
    )


def _is_hidden(problem: ProblemResult, report: Report) -> bool:
    return any(check.visibility == Visibility.HIDDEN for check in report.checks if check.problem == problem.id)


def _section(problem: ProblemResult, report: Report) -> Section:
    groups: dict[tuple[Label, str, str, Picture | None], list[CheckResult]] = {}
    checks = [check for check in report.checks if check.problem == problem.id]
    for check in checks:
        if check.outcome is not Outcome.PASSED:
            groups.setdefault((check.label, check.message, check.hint, check.picture), []).append(check)
    findings = [Finding(WORDS[key[0]], *key, group) for key, group in groups.items()]
    return Section(problem, findings, [check for check in checks if check.outcome is Outcome.PASSED])


def _total(points: Sequence[float]) -> float:
    """Add in decimal, as the scores were."""
    return float(sum(map(Decimal, map(str, points)), Decimal(0)))


def _promise(level: str) -> str:
    """Return what the level of the wall promises, if this version knows it."""
    return Level(level).guarantee.holds if level in {known.value for known in Level} else ""
