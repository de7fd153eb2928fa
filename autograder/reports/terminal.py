"""A class on a terminal: a table of scores, and one closing line that says what needs a person."""

from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.progress import ProgressColumn, Task
from rich.table import Table
from rich.text import Text

from autograder.model import Outcome, Report
from autograder.reports.row import parts, remark
from autograder.reports.text import printable
from autograder.sandbox.level import Level

MOST_NAMES = 8  # in the closing line; the table has them all
SECONDS_THAT_PEOPLE_COUNT = 120


def class_table(reports: Iterable[Report], *, title: str) -> Table:
    """Return a row per submission and a column per problem, or per part of many; colour only helps."""
    table = Table(title=_inert(title), title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for report in reports:
        if not table.columns:
            _add_columns(table, f"of {report.max_score:g}", parts(report))
        cells = [_score(earned, most) for _, earned, most in parts(report)]
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


def closing_line(
    total: int, errors: Sequence[str], strange: Sequence[str] = (), *, seconds: float, kept: int, replaced: int = 0
) -> str:
    """Return the one line that stays behind after a run: what came of it, and what needs a person.

    errors: the submissions that have no score, through our fault; strange: others that somebody should look at
    replaced: workers that ended, and were replaced
    """
    again = f", {kept} of them unchanged since the last run" if kept else ""
    line = f"graded {total - len(errors)} of {total}{again}, in {duration(seconds)}"
    if replaced:
        line += (
            f"; {replaced} worker process{'es' * (replaced > 1)} ended and {'were' if replaced > 1 else 'was'} replaced"
        )
    if strange:
        others = f" and {len(strange) - MOST_NAMES} others" if len(strange) > MOST_NAMES else ""
        line += f"; {len(strange)} to look at: {', '.join(strange[:MOST_NAMES])}{others}"
    return f"{line}; to be graded again: {', '.join(errors)}" if errors else line


def duration(seconds: float) -> str:
    """Return a time as people say it.

    >>> duration(190)
    '3 min 10 s'
    """
    if seconds < SECONDS_THAT_PEOPLE_COUNT:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


class Rate(ProgressColumn):
    """How many submissions a minute, on a bar."""

    def render(self, task: Task) -> Text:
        """Return it, if there is a speed yet."""
        return Text(f"{60 * task.speed:.0f} a minute" if task.speed else "")


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


def moves_table(moves: Iterable[tuple[str, float, float, str]]) -> Table:
    """Return a row per submission that moved: points before and after, and what moved it."""
    table = Table(header_style="bold", show_lines=True)
    for column in ("submission", "before", "after", "what moved it"):
        table.add_column(column, overflow="fold", justify="right" if column in ("before", "after") else "left")
    for submission, before, after, why in moves:
        table.add_row(_inert(submission), f"{before:g}", f"{after:g}", _inert(why))
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
    return Text(printable(text))


def _total(report: Report) -> str:
    return f"{report.score:g}" + (f" +{report.extra_credit:g}" if report.extra_credit else "")


def _score(score: float, maximum: float) -> str:
    return f"[green]{score:g}[/]" if score == maximum else f"[dim]{score:g}[/]" if score == 0 else f"{score:g}"
