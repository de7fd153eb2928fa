"""The command `python -m autograder.attacks`: attack every level of the wall that this machine has, and print."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder import elsewhere
from autograder.assignment import read_assignment
from autograder.attack import Attack, read_attacks
from autograder.errors import AutograderError, SandboxError, UsageError
from autograder.sandbox.level import Level
from autograder.sandbox.proof import candidates
from autograder.siege import Result, Siege

HOME = Path(__file__).parents[1]
WIDTH_OF_A_FILE = 160  # where no terminal says how wide it is
COLUMNS = ("row", "attack", "as", "level", "label wanted", "label got", "seconds", "")
out = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
err = Console(stderr=True, width=None if sys.stderr.isatty() else WIDTH_OF_A_FILE)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rows", default="", metavar="A,B07", help="Only these rows, or parts of the catalogue")
@click.option("--level", "levels", multiple=True, help="Only these levels of the wall",
              type=click.Choice([level.value for level in Level]))  # fmt: skip
@click.option("--who", multiple=True, help="Only as these; others than oneself need root",
              type=click.Choice(["here", *elsewhere.WHO]))  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what came of each attack as JSON")
def main(rows: str, levels: Sequence[str], who: Sequence[str], as_json: bool) -> None:
    """Attack every level of the wall that can be built here, and say what came of each attack.

    \b
    Examples:
        python -m autograder.attacks
        python -m autograder.attacks --rows A,B07 --level L2
    """
    try:
        attacks = _chosen(read_attacks(), rows)
        results = list(_results(attacks, rows, [Level(level) for level in levels] or list(Level), who))
    except AutograderError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(results) + b"\n")
    else:
        out.print(_table(results))
        out.print(_summary(results), highlight=False)
    sys.exit(not all(result.is_right for result in results))


def _chosen(attacks: Sequence[Attack], rows: str) -> list[Attack]:
    """Return the attacks of these rows; A stands for A01, A02 and so on."""
    wanted = tuple(row.strip().upper() for row in rows.split(","))
    if unknown := [row for row in wanted if not any(attack.row.upper().startswith(row) for attack in attacks)]:
        raise UsageError(f"--rows {rows}: there is no row {unknown[0]}")
    return [attack for attack in attacks if attack.row.upper().startswith(wanted)]


def _results(attacks: list[Attack], rows: str, levels: list[Level], who: Sequence[str]) -> Iterator[Result]:
    """Attack as ourselves; or, if we are root, as everybody that root can be."""
    for one in who or (elsewhere.WHO if os.geteuid() == 0 else ("here",)):
        with err.status(f"attacking as {one}"):
            yield from _results_elsewhere(one, rows, levels) if one != "here" else _results_here(attacks, levels)


def _results_here(attacks: list[Attack], levels: list[Level]) -> Iterator[Result]:
    assignment = read_assignment(HOME / "assignment.toml")
    for level in (level for level in candidates() if level in levels):
        try:
            siege = Siege(assignment, level, who="here", watched=elsewhere.private_folders())
        except SandboxError as error:
            err.print(f"not attacked: {error}", markup=False, highlight=False)
            continue
        with siege:
            yield from siege.results(attacks)


def _results_elsewhere(who: str, rows: str, levels: list[Level]) -> Iterator[Result]:
    chosen = [word for level in levels for word in ("--level", level.value)]
    command = [sys.executable, "-m", "autograder.attacks", "--who", "here", "--json", "--rows", rows, *chosen]
    done = subprocess.run(elsewhere.command(who, command), stdout=subprocess.PIPE, check=False)
    try:
        results = msgspec.json.decode(done.stdout, type=list[Result])
    except msgspec.DecodeError as error:
        raise UsageError(f"the attacks did not run as {who}: exit code {done.returncode}") from error
    yield from (msgspec.structs.replace(result, who=who) for result in results)


def _table(results: Sequence[Result]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, overflow="fold", justify="right" if column == "seconds" else "left")
    for one in results:
        verdict = Text(one.remark or "ok") if one.is_right else Text(f"NOT OK: {one.remark}", style="bold red")
        seconds = f"{one.seconds:.2f}" if one.seconds else ""
        table.add_row(one.row, one.attack, one.who, one.level, one.wanted, one.got, seconds, verdict)
    return table


def _summary(results: Sequence[Result]) -> str:
    """Say it all in one line."""
    rows, walls = {one.row for one in results}, {(one.who, one.level) for one in results}
    wrong = [f"{one.row} at {one.level} as {one.who}" for one in results if not one.is_right]
    fought = [one for one in results if one.got != "not held"]
    line = f"{len(rows)} rows against {len(walls)} walls: {len(fought) - len(wrong)} of {len(fought)} attacks as wanted"
    line += f", {len(results) - len(fought)} not held by their level" if len(fought) < len(results) else ""
    return f"{line}; NOT OK: {', '.join(wrong)}" if wrong else line


if __name__ == "__main__":
    main()
