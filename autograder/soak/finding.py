"""What a soak found, as a value, as a table, and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.soak.disaster import Aftermath
from autograder.soak.leak import Scan
from autograder.soak.marathon import MOST_GROWTH, Marathon
from autograder.soak.vitals import Life

MOST_SHOWN = 20  # complaints on a terminal


@dataclass(frozen=True)
class Findings:
    """All that one soak found."""

    level: str
    marathon: Marathon
    disasters: Sequence[Aftermath]
    scan: Scan

    @property
    def complaints(self) -> list[str]:
        """Return whatever is not as it should be."""
        disasters = [complaint for aftermath in self.disasters for complaint in aftermath.complaints]
        return [*self.marathon.complaints, *disasters, *self.scan.leaks]


def to_builtins(findings: Findings) -> dict[str, Any]:
    """Return everything for programs: the figures, and not every sample they are made of."""
    marathon = asdict(findings.marathon) | {"lives": [_figures(life) for life in findings.marathon.lives]}
    disasters = [asdict(aftermath) for aftermath in findings.disasters]
    return {
        "level": findings.level,
        "marathon": marathon,
        "disasters": disasters,
        "messages": findings.scan.messages,
        "complaints": findings.complaints,
    }


def _figures(life: Life) -> dict[str, Any]:
    return {
        "role": life.role,
        "mebibytes": median(life.mebibytes),
        "growth": life.growth(),
        "descriptors": median(life.descriptors),
        "left_open": life.opened(),
    }


def terminal(findings: Findings) -> RenderableType:
    """Return the tables, and a line for everything that is not right."""
    marathon = findings.marathon
    per_hour = 3600 * marathon.submissions / marathon.seconds
    long = f"{marathon.submissions} submissions in one run: {marathon.seconds:.0f} s, {per_hour:.0f} an hour"
    shown = [Text(f"not right: {complaint}") for complaint in findings.complaints[:MOST_SHOWN]]
    verdict = f"{len(findings.complaints)} things are not right" if findings.complaints else "all is as it should be"
    return Group(
        Text(f"{long}; {marathon.alone} of them alone, too; level {findings.level}"),
        _table(("process", "MiB, median", "growth", "goal", "descriptors", "left open"), _life_rows(marathon.lives)),
        _table(("killed", "runs", "found", "reports then", "s until all was quiet", "not right"), _rows(findings)),
        Text(f"{findings.scan.messages} messages about every known mistake: {len(findings.scan.leaks)} tell too much"),
        *shown,
        Text(verdict),
    )


def _life_rows(lives: Sequence[Life]) -> Iterator[Sequence[str]]:
    for life in lives:
        figures = _figures(life)
        memory = (f"{figures['mebibytes']:.1f}", f"{figures['growth']:+.1%}", f"≤ {MOST_GROWTH:.0%}")
        yield life.role, *memory, f"{figures['descriptors']:g}", f"{figures['left_open']}"


def _rows(findings: Findings) -> Iterator[Sequence[str]]:
    victims = sorted({strike.victim for aftermath in findings.disasters for strike in aftermath.strikes})
    for victim in victims:
        runs = [one for one in findings.disasters if any(strike.victim == victim for strike in one.strikes)]
        yield (
            victim,
            f"{len(runs)}",
            f"{sum(one.struck for one in runs)}",
            f"{median(one.graded for one in runs):g}",
            f"{median(one.seconds for one in runs):.2f}",
            f"{sum(len(one.complaints) for one in runs)}",
        )


def _table(columns: Sequence[str], rows: Iterator[Sequence[str]]) -> Table:
    table = Table(header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    return table
