"""The command `python -m autograder.mistakes`: make every mistake, and see who notices and what is said about it."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograder.assignment import Assignment, read_assignment
from autograder.bank import Finding, Naming, Watch, caught_by_check, draw_pairs, examine, examine_pairs
from autograder.errors import AutograderError, UsageError
from autograder.mistake import Mistake, read_mistakes, require_known
from autograder.sandbox.proof import candidates
from autograder.scale import Setting

HOME = Path(__file__).parents[1]
SECRET = b"of no course"
WIDTH_OF_A_FILE = 160  # where no terminal says how wide it is
out = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
err = Console(stderr=True)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--problems", default="", metavar="A3,D2", help="Only the mistakes of these problems")
@click.option(
    "--pairs", default=0, show_default=True, help="Make so many pairs, of different problems, in place of each"
)
@click.option("--seed", default=0, show_default=True, help="Another seed, other pairs")
@click.option("-j", "--jobs", default=os.cpu_count() or 1, show_default=True, help="Submissions to grade at a time")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON")
def main(problems: str, pairs: int, seed: int, jobs: int, as_json: bool) -> None:
    """Make every known mistake, and say whether the checks catch it and whether the report explains it.

    \b
    Examples:
        python -m autograder.mistakes --problems A2,A3
        python -m autograder.mistakes --pairs 200
    """
    try:
        assignment = read_assignment(HOME / "assignment.toml")
        mistakes = _chosen(assignment, problems)
        setting = Setting(assignment, "", SECRET, candidates()[0])
        with _watched(pairs or len(mistakes)) as watch:
            if pairs:
                drawn = draw_pairs(mistakes, pairs, np.random.default_rng(seed))
                found = [finding for pair in examine_pairs(setting, drawn, jobs=jobs, watch=watch) for finding in pair]
            else:
                found = examine(setting, mistakes, jobs=jobs, watch=watch)
    except AutograderError as error:
        raise click.UsageError(str(error)) from error
    catches = {} if pairs else caught_by_check(assignment, found)
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode({"mistakes": found, "checks": catches}) + b"\n")
    else:
        _print(found, {check: ids for check, ids in catches.items() if _is_of(assignment, check, found)})
    sys.exit(not all(one.is_caught and one.naming is not Naming.WRONG and not one.costs for one in found))


def _chosen(assignment: Assignment, problems: str) -> Sequence[Mistake]:
    mistakes = read_mistakes(HOME / "mistakes")
    require_known(mistakes, assignment)
    wanted = [problem.strip().upper() for problem in problems.split(",")] if problems else None
    known = {mistake.problem for mistake in mistakes}
    if unknown := [problem for problem in wanted or [] if problem not in known]:
        raise UsageError(f"--problems {problems}: there is no mistake of {unknown[0]}")
    return [mistake for mistake in mistakes if wanted is None or mistake.problem in wanted]


@contextmanager
def _watched(total: int) -> Iterator[Watch]:
    """Show a bar while a person is watching."""
    columns = (TextColumn("making mistakes"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


def _is_of(assignment: Assignment, check: str, found: Sequence[Finding]) -> bool:
    problems = {one.problem for one in found}
    return any(check == one.id for problem in assignment.problems if problem.id in problems for one in problem.checks)


def _print(found: Sequence[Finding], catches: Mapping[str, Sequence[str]]) -> None:
    table = _table("mistake", "", "caught by", "label", "explained", "costs others")
    for one in found:
        caught = one.caught_by if one.is_caught else f"NOT CAUGHT by {one.caught_by}"
        table.add_row(one.id, one.name, caught, one.label, str(one.naming), ", ".join(one.costs))
    out.print(table)
    if catches:
        table = _table("check", "catches")
        for check, ids in catches.items():
            table.add_row(check, " ".join(ids) or "nothing")
        out.print(table)
    out.print(summary(found), highlight=False)


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def summary(found: Sequence[Finding]) -> str:
    """Say it all in one line."""
    counts = {naming: sum(one.naming is naming for one in found) for naming in Naming}
    caught, costly = sum(one.is_caught for one in found), sum(bool(one.costs) for one in found)
    return (
        f"{len(found)} mistakes: {_percent(caught, found)} caught by the check they name, "
        f"{_percent(counts[Naming.OWN], found)} explained by their own hint, {counts[Naming.NONE]} by none, "
        f"{counts[Naming.WRONG]} by a wrong one; {costly} cost points of other problems"
    )


def _percent(count: int, found: Sequence[Finding]) -> str:
    return f"{100 * count / len(found):.1f} %" if found else "0 %"


if __name__ == "__main__":
    main()
