"""The command `autograder`: each subcommand calls the library once and prints.

Results go to stdout, everything for people to stderr. Exit codes: 0 all graded, 1 something was not, 2 wrong usage.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder import catalogue, demo_class, handout, slip
from autograder.assignment import Assignment, choose_named, read_assignment
from autograder.attack import beyond, read_attacks
from autograder.errors import AutograderError, ClusterError, NotScored, ResultsError, UsageError
from autograder.export import export
from autograder.lead import similar
from autograder.lock import temporary_files
from autograder.model import Outcome, Report
from autograder.notebooks.command import gradebook, notebooks
from autograder.reference import read_package
from autograder.regrade import keep_reports, moved_line, record_moves
from autograder.reports.terminal import Rate, class_table, closing_line, doctor_table, failed_checks, moves_table
from autograder.results import INDEX, REPORT, require_report
from autograder.roster import find_submissions
from autograder.run import Run, Watch, grade_class, require_apart
from autograder.sandbox.level import Level
from autograder.sandbox.proof import candidates, prove
from autograder.scale import Setting, Workforce, best_level, given, limits, local_pool, setting_for
from autograder.secret import read_secret
from autograder.venue import bundle, station

if TYPE_CHECKING:
    from autograder.cluster import Cluster  # with an optional dependency

HOME = Path(__file__).parent
ASSIGNMENT = HOME / "assignment.toml"
WIDTH_OF_A_FILE = 160  # where no terminal says how wide it is
out = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
err = Console(stderr=True, width=None if sys.stderr.isatty() else WIDTH_OF_A_FILE)

assignment_option = click.option(
    "--assignment", default=ASSIGNMENT, show_default="the project's own", help="The assignment.toml to use",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip


class Group(click.Group):
    """Commands that end with one sentence, and no traceback, when something expected goes wrong."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; turn our own errors, the disk's and Ctrl-C into a sentence and an exit code."""
        code = 2
        try:
            return super().invoke(ctx)
        except (ResultsError, ClusterError, NotScored) as error:
            code, message = 1, str(error)
        except AutograderError as error:
            message = str(error)
        except OSError as error:
            message = f"{error.filename or 'the system'}: {error.strerror or error}"
        except KeyboardInterrupt:
            code, message = 1, "stopped; what was written is whole, and the same command goes on"
        click.echo(f"autograder: {message}", err=True)
        return ctx.exit(code)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="autograder")
def main() -> None:
    """Grade NumPy homework behind a wall.

    \b
    Examples:
        autograder grade submissions/
        autograder doctor
    """


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--out", "folder", default=Path("results"), show_default=True, help="Where to write the reports",
              type=click.Path(file_okay=False, path_type=Path))  # fmt: skip
@click.option("-j", "--jobs", default=os.cpu_count(), show_default="one per core",
              help="Submissions to grade at a time", type=click.IntRange(1, 256))  # fmt: skip
@click.option("--cluster", default="", metavar="ADDRESS", help="Grade on the workers of this dask scheduler")
@click.option("--problems", default="", metavar="A3,D2", help="Grade only these problems")
@click.option("--min-level", default="L2", show_default=True, help="The lowest level of the wall to accept",
              type=click.Choice([level.value for level in Level]))  # fmt: skip
@click.option("--allow-unsafe", is_flag=True, help="Accept level L5, which is no wall; only for your own code")
@click.option("--fresh", is_flag=True, help="Grade again what did not change since the last run")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as one JSON document")
@assignment_option
def grade(
    paths: Sequence[Path],
    folder: Path,
    jobs: int,
    cluster: str,
    problems: str,
    min_level: str,
    allow_unsafe: bool,
    fresh: bool,
    as_json: bool,
    assignment: Path,
) -> None:
    """Grade submissions: folders with numnet/, zips of one, folders of such submissions, or what a platform packs.

    \b
    Examples:
        autograder grade submissions/
        autograder grade student-07.zip --out results --problems A3,D2
        autograder grade submissions/ --cluster tcp://head-node:8786
    """
    minimum = Level(min_level)
    if minimum is Level.L5 and not allow_unsafe:
        raise UsageError(
            "--min-level L5 is no wall: anything could read the checks; add --allow-unsafe to grade all the same"
        )
    chosen = replace(choose_named(read_assignment(assignment), problems), now=datetime.now(UTC))
    require_apart(paths, folder)
    found = find_submissions(paths)
    for note in found.notes:
        err.print(f"note: {note}", markup=False)
    with temporary_files(), _progress(len(found.entries)) as watch:
        setting = setting_for(chosen, read_secret(HOME / ".secret"), minimum)
        with _workforce(setting, jobs=jobs, cluster=cluster) as (workers, level):
            run = grade_class(workers, replace(setting, level=level), found, folder, fresh=fresh, watch=watch)
    _print_run(run, chosen, as_json=as_json)
    if run.errors:
        sys.exit(1)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--out", "folder", default=Path("results"), show_default=True, help="Where the reports are",
              type=click.Path(exists=True, file_okay=False, path_type=Path))  # fmt: skip
@click.option("--diff", is_flag=True, help="Show which checks moved somebody, too")
@click.option("--never-lower", is_flag=True, help="Nobody counts for less than before")
@click.option("-j", "--jobs", default=os.cpu_count(), show_default="one per core",
              help="Submissions to grade at a time", type=click.IntRange(1, 256))  # fmt: skip
@assignment_option
@click.pass_context
def regrade(
    ctx: click.Context, paths: Sequence[Path], folder: Path, diff: bool, never_lower: bool, jobs: int, assignment: Path
) -> None:
    """Grade a class again after the assignment changed, keep what was there, and say who moved and why.

    \b
    Example:
        autograder regrade submissions/ --diff --never-lower
    """
    keep_reports(folder)
    try:
        ctx.invoke(grade, paths=paths, folder=folder, jobs=jobs, assignment=assignment)
    finally:
        moves = record_moves(folder, never_lower=never_lower)
        moved = [move for move in moves if move.gain or (diff and move.checks)]
        if moved:
            out.print(moves_table(move.row(with_checks=diff) for move in moved))
        err.print(moved_line(moves), markup=False, highlight=False)


@contextmanager
def _workforce(setting: Setting, *, jobs: int, cluster: str) -> Iterator[tuple[Workforce, Level]]:
    """Give workers here or on a cluster, and the level of their wall, which setting.level is the least of."""
    if cluster:
        with _joined(cluster, setting) as workers:
            _warn(workers.level)
            yield workers, workers.level
        return
    level = best_level(setting.assignment, setting.level)
    _warn(level)
    with local_pool(replace(setting, level=level), jobs) as pool:
        yield pool, level


def _joined(address: str, setting: Setting) -> "AbstractContextManager[Cluster]":
    try:
        from autograder.cluster import joined
    except ImportError as error:
        raise UsageError(f"--cluster needs dask.distributed ({error}): pip install --editable '.[cluster]'") from error
    return joined(address, setting, lambda text: err.print(f"note: {text}", markup=False))


def _warn(level: Level) -> None:
    if level is Level.L5:
        err.print("WARNING: level L5 is no wall; these scores cannot be trusted", style="bold red")


@contextmanager
def _progress(total: int) -> Iterator[Watch]:
    """Show a bar while a person is watching: how many, how fast, how much longer, and how many to look at."""
    look = TextColumn("{task.fields[to_look_at]} to look at")
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(), look)
    disable = not err.is_terminal
    with Progress(*columns, console=err, transient=True, refresh_per_second=2, disable=disable) as progress:
        task = progress.add_task("", total=total, to_look_at=0)
        found = progress.tasks[0].fields

        def watch(report: Report) -> None:
            progress.update(task, advance=1, to_look_at=found["to_look_at"] + report.needs_a_person)

        yield watch


def _print_run(run: Run, assignment: Assignment, *, as_json: bool) -> None:
    if as_json:
        _print_json(run)
    else:
        for tree in run.trees:
            out.print(f"{tree.submission.id}: {tree.score:g} of {tree.max_score:g} points", highlight=False)
        out.print(class_table(run.reports(), title=assignment.title))
    line = closing_line(
        len(run.submissions), run.errors, run.strange, seconds=run.seconds, kept=run.kept, replaced=run.replaced
    )  # fmt: skip
    where = f"reports in {run.out}/, the class in {run.out / INDEX}"
    err.print(f"{line}, behind a wall of level {run.level.value}; {where}", markup=False, highlight=False)


def _print_json(run: Run) -> None:
    """Print one document, report by report."""
    write = sys.stdout.buffer.write
    write(b'{"trees":' + msgspec.json.encode(run.trees) + b',"reports":[')
    for number, report in enumerate(run.reports()):
        write(b"," * (number > 0) + msgspec.json.encode(report))
    write(b"]}\n")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON")
@assignment_option
def doctor(as_json: bool, assignment: Path) -> None:
    """Try every level of the wall here, and say what each of them guarantees, and which known attacks it does not hold.

    \b
    Example:
        autograder doctor
    """
    read = read_assignment(assignment)
    ours = given(read_package(read.solution / "numnet"))
    found: dict[Level, str] = {}
    for level in Level:
        if level not in candidates():
            found[level] = "needs root" if os.geteuid() else "is for an ordinary user; root has L1"
            continue
        try:
            prove(level, ours, limits(read)).close()
            found[level] = ""
        except AutograderError as error:
            found[level] = str(error)
    _print_levels(found, as_json=as_json)
    if not any(not reason and level.reaches(Level.L2) for level, reason in found.items()):
        err.print("no level of at least L2 holds here: `grade` refuses to run", style="bold red")
        sys.exit(1)


def _print_levels(found: Mapping[Level, str], *, as_json: bool) -> None:
    attacks = read_attacks()
    not_held = {level: beyond(level, attacks) for level in found}
    if as_json:
        rows = {
            level.value: {"holds": not reason, "reason": reason, "attacks_not_held": not_held[level]}
            for level, reason in found.items()
        }
        sys.stdout.buffer.write(msgspec.json.encode(rows) + b"\n")
        return
    out.print(doctor_table(found))
    for level, rows_not_held in not_held.items():
        if rows_not_held:
            line = f"{level.value} does not hold {len(rows_not_held)} of {len(attacks)} known attacks"
            out.print(f"{line}: {', '.join(rows_not_held)}; `make attacks` tries the others", highlight=False)


@main.command()
@click.argument("report", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="Print the page of all messages, each with an example")
@click.option("--check", is_flag=True, help="Print nothing; fail if the committed page of messages is another")
def explain(report: Path | None, everything: bool, check: bool) -> None:
    """Show what a submission lost points on, and what to do; REPORT is a report.json, or the folder it lies in.

    \b
    Examples:
        autograder explain results/student-07
        autograder explain --all
    """
    if (report is not None) + everything + check != 1:
        raise UsageError("name one report, or say --all or --check")
    if report is not None:
        _explain_report(report)
        return
    page = catalogue.build(read_assignment(ASSIGNMENT))
    if check and page.encode() != catalogue.PAGE.read_bytes():
        raise UsageError(f"{catalogue.PAGE.name} is stale; run `make messages` and commit it")
    click.echo(page if everything else "", nl=False)


def _explain_report(report: Path) -> None:
    if report.is_dir() and not (report / REPORT).is_file():
        inside = sorted(path.parent.name for path in report.glob(f"*/{REPORT}"))
        known = f"; name one of those in it, such as {report / inside[0]}" if inside else ""
        raise UsageError(f"{report}: there is no {REPORT} in it{known}")
    read = require_report(report / REPORT if report.is_dir() else report)
    out.print(f"{read.submission.id}: {read.score:g} of {read.max_score:g} points", highlight=False)
    if any(check.outcome is not Outcome.PASSED and check.max_points for check in read.checks):
        out.print(failed_checks(read))
    for line in catalogue.advice(read):
        out.print(line, markup=False, highlight=False)


@main.command(name="handout")
@click.option("--check", is_flag=True, help="Write nothing; fail if the handout is not what would be written")
@assignment_option
def handout_command(check: bool, assignment: Path) -> None:
    """Write the handout from the solution.

    \b
    Examples:
        autograder handout
        autograder handout --check
    """
    read = read_assignment(assignment)
    if not check:
        handout.write(read, slip.renew(read))
        err.print(f"wrote {read.handout}", markup=False, highlight=False)
        return
    if stale := handout.differences(read) + slip.differences(read):
        raise UsageError(f"the handout is stale: {', '.join(stale[:5])}; run `make handout` and commit it")


@main.command(name="demo-class")
@click.argument("folder", default=Path("class"), type=click.Path(path_type=Path))
@click.option("--seed", default=0, show_default=True, help="Another seed, another class")
@assignment_option
def demo_class_command(folder: Path, seed: int, assignment: Path) -> None:
    """Write a class of 40 submissions made from known mistakes into FOLDER.

    \b
    Example:
        autograder demo-class class
    """
    demo_class.write(read_assignment(assignment), folder, seed=seed)
    err.print(f"wrote 40 submissions to {folder}", markup=False, highlight=False)


for command in (export, notebooks, bundle, station, similar):
    main.add_command(command)
export.add_command(gradebook)

if __name__ == "__main__":
    main()
