"""A class on a terminal: a table of scores, and one closing line that says what needs a person."""

from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from autograder.errors import Label
from autograder.model import Outcome, Report
from autograder.sandbox.level import Level

MOST_COLUMNS = 12  # what a terminal of 80 columns has room for


def class_table(reports: Iterable[Report], *, title: str) -> Table:
    """Return a row per submission and a column per problem, or per part of many; colour only helps."""
    table = Table(title=_inert(title), title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for report in reports:
        if not table.columns:
            _add_columns(table, f"of {report.max_score:g}", _columns(report))
        cells = [_score(earned, most) for _, earned, most in _columns(report)]
        table.add_row(_inert(report.submission.id), _total(report), *cells, _inert(remark(report)))
    if not table.columns:
        _add_columns(table, "score", [])
    return table


def _add_columns(table: Table, total: str, problems: Sequence[tuple[str, float, float]]) -> None:
    table.add_column("submission", no_wrap=True)
    table.add_column(total, justify="right", no_wrap=True)
    for name, _, most in problems:
        table.add_column(f"{name}/{most:g}", justify="right", no_wrap=True)
    table.add_column("to look at", overflow="fold")


def _columns(report: Report) -> list[tuple[str, float, float]]:
    """Return name, score and points of each problem; of each part, A for A1 to A6, where there are many problems."""
    if len(report.problems) <= MOST_COLUMNS:
        return [(problem.id, problem.score, problem.max_score) for problem in report.problems]
    parts: dict[str, tuple[float, float]] = {}
    for problem in report.problems:
        earned, most = parts.get(name := problem.id.rstrip("0123456789"), (0.0, 0.0))
        parts[name] = earned + problem.score, most + problem.max_score
    return [(name, *scores) for name, scores in parts.items()]


def remark(report: Report) -> str:
    """Say in a few words what a person should know about a submission, beyond its score."""
    if report.label is not Label.OK:
        return f"{report.label}: {report.message}" if report.message else str(report.label)
    counts = {label: sum(check.label is label for check in report.checks if check.max_points) for label in Label}
    quiet = (Label.OK, Label.WRONG)
    return ", ".join(f"{label} {count}" for label, count in counts.items() if count and label not in quiet)


def closing_line(total: int, errors: Sequence[str], *, seconds: float, kept: int, replaced: int = 0) -> str:
    """Return the one line that stays behind after a run.

    errors: the submissions that have no score, through our fault; replaced: workers that ended, and were replaced
    """
    again = f", {kept} of them unchanged since the last run" if kept else ""
    line = f"graded {total - len(errors)} of {total}{again}, in {seconds:.1f} s"
    if replaced:
        line += (
            f"; {replaced} worker process{'es' * (replaced > 1)} ended and {'were' if replaced > 1 else 'was'} replaced"
        )
    return f"{line}; to be graded again: {', '.join(errors)}" if errors else line


def failed_checks(report: Report) -> Table:
    """Return a row per check that cost a submission points."""
    table = Table(header_style="bold", show_lines=False)
    for column in ("problem", "claim", "label", "points", "message"):
        table.add_column(column, overflow="fold")
    for check in report.checks:
        if check.outcome is not Outcome.PASSED and check.max_points:
            points = f"0 of {check.max_points:g}"
            message = f"{check.message}\nHint: {check.hint}" if check.hint else check.message
            table.add_row(check.problem, _inert(check.title), check.label, points, _inert(message))
    return table


def doctor_table(found: Mapping[Level, str]) -> Table:
    """Return a row per level of the wall: whether it holds here, or why not, and what it promises.

    found: level to the reason why it does not hold, or ""
    """
    table = Table(header_style="bold", show_lines=True)
    for column in ("level", "here", "needs", "guarantees", "does not guarantee"):
        table.add_column(column, overflow="fold")
    for level, reason in found.items():
        promise = level.guarantee
        here = _inert(f"no: {reason}") if reason else Text("holds", style="green")
        table.add_row(level.value, here, promise.needs, promise.holds, promise.not_held)
    return table


def _inert(text: str) -> Text:
    """Show text that may be a student's as it stands: no markup, no emoji codes, no control of the terminal."""
    return Text("".join(c if c.isprintable() or c == "\n" else "?" for c in text))


def _total(report: Report) -> str:
    return f"{report.score:g}" + (f" +{report.extra_credit:g}" if report.extra_credit else "")


def _score(score: float, maximum: float) -> str:
    return f"[green]{score:g}[/]" if score == maximum else f"[dim]{score:g}[/]" if score == 0 else f"{score:g}"
