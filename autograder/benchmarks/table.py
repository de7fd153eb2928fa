"""Findings for people on a terminal, for a README, and for programs."""

from collections.abc import Iterable, Sequence

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.benchmarks.figure import Contest, Figure, Findings, Part

FIGURE_COLUMNS = ("what", "median", "middle half", "goal", "")
CONTEST_COLUMNS = ("the reference beside others", "reference", "other", "ratio", "middle half", "goal", "")
PART_COLUMNS = ("all checks of one submission", "times", "ms", "share")


def terminal(findings: Findings) -> RenderableType:
    """Return the tables, and a line for each goal."""
    figures = _table(FIGURE_COLUMNS, figure_rows(findings.figures))
    parts = _table(PART_COLUMNS, part_rows(findings))
    contests: list[RenderableType] = []
    if findings.contests:
        contests = [_table(CONTEST_COLUMNS, contest_rows(findings.contests)), ""]
    goals = [*findings.figures, *(contest.ratio for contest in findings.contests)]
    return Group(figures, "", parts, "", *contests, Text(machine_line(findings)), "", *map(Text, verdicts(goals)))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=number > 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def markdown(findings: Findings) -> str:
    """Return the tables for a README."""
    figures = _markdown(FIGURE_COLUMNS, figure_rows(findings.figures))
    parts = _markdown(PART_COLUMNS, part_rows(findings))
    tables = [figures, parts]
    if findings.contests:
        tables.append(_markdown(CONTEST_COLUMNS, contest_rows(findings.contests)))
    return "\n\n".join([*tables, machine_line(findings)]) + "\n"


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(columns) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [columns, rule, *rows])


def to_json(findings: Findings) -> bytes:
    """Return everything, and whether each goal is met."""
    document = msgspec.to_builtins(findings)
    for row, figure in zip(document["figures"], findings.figures, strict=True):
        row["met"] = figure.is_met if figure.has_goal else None
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def figure_rows(figures: Iterable[Figure]) -> list[list[str]]:
    """Return a row per figure."""
    return [
        [
            figure.what,
            _amount(figure.median, figure.unit),
            f"{_number(figure.low)} to {_number(figure.high)}",
            _goal(figure),
            _verdict(figure) if figure.has_goal else "",
        ]
        for figure in figures
    ]


def contest_rows(contests: Iterable[Contest]) -> list[list[str]]:
    """Return a row per contest."""
    return [
        [
            contest.what,
            _amount(contest.ours.median, contest.ours.unit),
            f"{contest.rival} {_amount(contest.theirs.median, contest.theirs.unit)}",
            _amount(contest.ratio.median, contest.ratio.unit),
            f"{_number(contest.ratio.low)} to {_number(contest.ratio.high)}",
            _goal(contest.ratio),
            _verdict(contest.ratio),
        ]
        for contest in contests
    ]


def part_rows(findings: Findings) -> list[list[str]]:
    """Return a row per part, their sum, and what the student's functions take of it."""
    whole = sum(part.milliseconds for part in findings.parts)
    rows = [_part_row(part.what, part, whole) for part in findings.parts]
    student = _part_row(f"of it {findings.student.what}", findings.student, whole)
    return [*rows, ["all of it", "", f"{whole:.1f}", "100 %"], student]


def _part_row(what: str, part: Part, whole: float) -> list[str]:
    return [what, str(part.count), f"{part.milliseconds:.1f}", f"{100 * part.milliseconds / whole:.1f} %"]


def machine_line(findings: Findings) -> str:
    """Say in one line what it was measured with."""
    words = ", ".join(f"{name} {value}" for name, value in findings.machine.items())
    return f"Medians of {findings.rounds} rounds. {words}."


def verdicts(figures: Iterable[Figure]) -> list[str]:
    """Return a line for each goal: met or not."""
    return [
        f"{_verdict(figure)}: {figure.what}: {_amount(figure.median, figure.unit)}, goal {_goal(figure)}"
        for figure in figures
        if figure.has_goal
    ]


def _verdict(figure: Figure) -> str:
    return "met" if figure.is_met else "not met"


def _goal(figure: Figure) -> str:
    bounds = [(sign, bound) for sign, bound in (("≤", figure.at_most), ("≥", figure.at_least)) if bound is not None]
    return " and ".join(f"{sign} {_amount(bound, figure.unit)}" for sign, bound in bounds)


def _amount(value: float, unit: str) -> str:
    return f"{_number(value)} {unit}"


def _number(value: float) -> str:
    """Write three digits that mean something."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
