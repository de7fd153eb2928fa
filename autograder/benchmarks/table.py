"""Findings for people on a terminal, for a README, and for programs."""

import math
from collections.abc import Iterable, Sequence

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.benchmarks.figure import Contest, Figure, Findings, Memory, Part, Point, Standing

STANDING_COLUMNS = ("ten checks, one submission", "wall", "time", "processor", ": ours", "goal", "")
FIGURE_COLUMNS = ("what", "median", "middle half", "goal", "")
POINT_COLUMNS = ("submissions in a class", "workers", "first report after", "each other after", "in a minute")
MEMORY_COLUMNS = ("memory in a class", "early", "late", "ratio", "goal", "")
CONTEST_COLUMNS = ("the reference beside others", "reference", "other", "ratio", "middle half", "goal", "")
PART_COLUMNS = ("all checks of one submission", "times", "ms", "share")


Rows = list[list[str]]


def tables(findings: Findings) -> list[tuple[Sequence[str], Rows]]:
    """Return columns and rows of every table that there is something to say in."""
    scaling = findings.scaling
    found: list[tuple[Sequence[str], Rows]] = [
        (STANDING_COLUMNS, standing_rows(findings.standings)),
        (FIGURE_COLUMNS, figure_rows(findings.figures)),
        (PART_COLUMNS, part_rows(findings)),
        (POINT_COLUMNS, point_rows(scaling.points)),
        (FIGURE_COLUMNS, figure_rows(scaling.figures)),
        (MEMORY_COLUMNS, memory_rows(scaling.memories)),
        (CONTEST_COLUMNS, contest_rows(findings.contests)),
    ]
    return [(columns, rows) for columns, rows in found if rows]


def goals(findings: Findings) -> list[Figure]:
    """Return every figure that may have a goal."""
    return [
        *(figure for standing in findings.standings for figure in (standing.seconds, standing.ratio)),
        *findings.figures,
        *findings.scaling.figures,
        *(memory.growth for memory in findings.scaling.memories),
        *(contest.ratio for contest in findings.contests),
    ]


def terminal(findings: Findings) -> RenderableType:
    """Return the tables, and a line for each goal."""
    shown: list[RenderableType] = []
    for columns, rows in tables(findings):
        shown += [_table(columns, rows), ""]
    return Group(*shown, Text(machine_line(findings)), "", *map(Text, verdicts(goals(findings))))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=number > 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def markdown(findings: Findings) -> str:
    """Return the tables for a README."""
    shown = [_markdown(columns, rows) for columns, rows in tables(findings)]
    return "\n\n".join([*shown, machine_line(findings)]) + "\n"


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(columns) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [columns, rule, *rows])


def to_json(findings: Findings) -> bytes:
    """Return everything, and whether each goal is met."""
    document = msgspec.to_builtins(findings)
    for row, figure in zip(document["figures"], findings.figures, strict=True):
        row["met"] = figure.is_met if figure.has_goal else None
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def figure_rows(figures: Iterable[Figure]) -> Rows:
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


def standing_rows(standings: Iterable[Standing]) -> Rows:
    """Return a row per way to grade."""
    return [_standing_row(standing) for standing in standings]


def _standing_row(standing: Standing) -> list[str]:
    goal = standing.ratio if standing.ratio.has_goal else standing.seconds
    return [
        standing.grader,
        standing.wall,
        _amount(standing.seconds.median, standing.seconds.unit),
        _amount(standing.processor.median, standing.processor.unit),
        _amount(standing.ratio.median, standing.ratio.unit),
        _goal(goal),
        _verdict(goal) if goal.has_goal else "",
    ]


def point_rows(points: Iterable[Point]) -> Rows:
    """Return a row per class that was graded."""
    return [
        [
            f"{point.submissions:,}",
            str(point.workers),
            _amount(point.start_seconds, "s"),
            _amount(1e3 * point.seconds, "ms"),
            f"{60 / point.seconds:,.0f}",
        ]
        for point in points
    ]


def memory_rows(memories: Iterable[Memory]) -> Rows:
    """Return a row per kind of process."""
    return [
        [
            memory.growth.what,
            _amount(memory.early, "MiB"),
            _amount(memory.late, "MiB"),
            f"{memory.growth.median:.3f} {memory.growth.unit}",
            _goal(memory.growth),
            _verdict(memory.growth),
        ]
        for memory in memories
    ]


def contest_rows(contests: Iterable[Contest]) -> Rows:
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


def part_rows(findings: Findings) -> Rows:
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
    if math.isnan(value):
        return "?"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
