"""The command `python -m autograder.soak`: a long run, runs whose processes are killed, and a search for leaks."""

import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import autograder
from autograder.assignment import Assignment, read_assignment
from autograder.sandbox.proof import candidates
from autograder.soak import finding
from autograder.soak.course import Course, verdicts
from autograder.soak.crowd import write_large, write_small
from autograder.soak.disaster import VICTIMS, Aftermath, Strike, endure, grade_quietly
from autograder.soak.finding import Findings
from autograder.soak.leak import Scan, scan
from autograder.soak.marathon import Marathon, run

PROBLEM = "A1"  # of the small class
MOST_SECONDS = 0.5  # between the report that a strike waits for and the strike
LEVEL = candidates()[0]
out, err = Console(), Console(stderr=True)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--submissions", default=1000, show_default=True, type=click.IntRange(min=1), help="In the long run")
@click.option("--alone", default=20, show_default=True, type=click.IntRange(min=0),
              help="How many of them to grade alone, too")  # fmt: skip
@click.option("--disasters", default=20, show_default=True, type=click.IntRange(min=0),
              help="Runs in which a process is killed")  # fmt: skip
@click.option(
    "--small", default=200, show_default=True, type=click.IntRange(min=20), help="Submissions in each of them"
)
@click.option(
    "--problems", default="", metavar="A3,D2", help="Only these problems, in the long run and of the mistakes"
)
@click.option("--seed", default=0, show_default=True, help="Another seed, another class and other moments")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON")
def main(submissions: int, alone: int, disasters: int, small: int, problems: str, seed: int, as_json: bool) -> None:
    """Grade a class of a thousand, and kill processes of twenty runs of 200. Exit code 1 if anything is not right.

    \b
    Examples:
        python -m autograder.soak
        python -m autograder.soak --submissions 100 --problems A1,D1 --disasters 4
    """
    assignment = read_assignment(Path(autograder.__file__).with_name("assignment.toml"))
    names = _names(assignment, problems)
    with tempfile.TemporaryDirectory(prefix="soak-") as temporary, _progress() as progress:
        folder = Path(temporary)
        write_large(assignment, folder / "large", size=submissions, seed=seed)
        course = Course(folder / "large", folder / "out", folder / "temporary", problems=problems)
        long = _long_run(course, size=submissions, alone=alone, progress=progress)
        aftermaths = _disasters(assignment, folder, count=disasters, size=small, rng=random.Random(seed))
        task = progress.add_task("disasters", total=disasters)
        endured = list(progress.track(aftermaths, task_id=task))
        scans = [scan(assignment, name, LEVEL) for name in progress.track(names, description="mistakes")]
    whole = Scan(sum(one.messages for one in scans), [leak for one in scans for leak in one.leaks])
    findings = Findings(LEVEL.value, long, endured, whole)
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(finding.to_builtins(findings)) + b"\n")
    else:
        out.print(finding.terminal(findings))
    sys.exit(1 if findings.complaints else 0)


def _names(assignment: Assignment, problems: str) -> list[str]:
    """Return the chosen problems: the command that grades them is the one that refuses unknown names."""
    chosen = {name.strip().upper() for name in problems.split(",")} if problems else set()
    return [problem.id for problem in assignment.problems if not chosen or problem.id in chosen]


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show bars while a person is watching."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress


def _long_run(course: Course, *, size: int, alone: int, progress: Progress) -> Marathon:
    task = progress.add_task("one long run", total=size)
    return run(
        course, LEVEL, size=size, alone=alone, watch=lambda done: progress.update(task, completed=done)
    )  # fmt: skip


def _disasters(
    assignment: Assignment, folder: Path, *, count: int, size: int, rng: random.Random
) -> Iterator[Aftermath]:
    """Yield what came of each run with a strike at a random moment, its victims by turns."""
    submissions, temporary = folder / "small", folder / "temporary"
    write_small(assignment, submissions, problem=PROBLEM, size=size)
    quiet = Course(submissions, folder / "quiet", temporary, problems=PROBLEM)
    if complaints := grade_quietly(quiet):
        raise click.ClickException(f"a quiet run fails: {complaints[0]}")
    right = {name: verdicts(report) for name, report in quiet.reports().items()}
    for number in range(count):
        strike = Strike(VICTIMS[number % len(VICTIMS)], rng.randrange(size * 9 // 10), rng.uniform(0, MOST_SECONDS))
        course = Course(submissions, folder / f"disaster-{number}", temporary, problems=PROBLEM)
        yield endure(course, [strike], right, LEVEL, rng)


if __name__ == "__main__":
    main()
