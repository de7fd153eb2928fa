"""The command `python -m autograder.mutants`: change the solution in every small way there is, and see who notices."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import autograder
from autograder.assignment import Assignment, read_assignment
from autograder.errors import AssignmentError, AutograderError, UsageError
from autograder.mutants.equivalent import Equivalents, read_equivalents
from autograder.mutants.examination import Verdict, examine, start
from autograder.mutants.finding import Finding, complaints, summary
from autograder.mutants.mutant import Mutant, read_mutants
from autograder.pool import Pool
from autograder.reference import read_package
from autograder.scale import share_cores

out, err = Console(width=None if sys.stdout.isatty() else 500), Console(stderr=True)
Files = Mapping[str, bytes]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--file", "chosen", multiple=True, metavar="conv.py", help="Only mutants of these files")
@click.option("--jobs", default=os.cpu_count() or 1, show_default="one per core", type=click.IntRange(min=1),
              help="How many to examine at once")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what came of each mutant as JSON")
def main(chosen: Sequence[str], jobs: int, as_json: bool) -> None:
    """Change one thing in the solution, in every place, and see that a check of the problem finds it.

    Exit code 1 if a mutant survives that is not in equivalents.toml, or something there does not hold.

    \b
    Examples:
        python -m autograder.mutants
        python -m autograder.mutants --file conv.py --file pool.py
    """
    try:
        assignment = read_assignment(Path(autograder.__file__).with_name("assignment.toml"))
        equivalents = read_equivalents()
        sources = {path: source for path, source in _sources(assignment).items() if not chosen or path in chosen}
        if unknown := [name for name in chosen if name not in sources]:
            raise UsageError(f"--file {unknown[0]}: the solution has no such module")
        findings = list(_findings(assignment, list(sources), equivalents, jobs))
    except AutograderError as error:
        raise click.UsageError(str(error)) from error
    wrong = list(complaints(findings, equivalents, list(sources)))
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(findings) + b"\n")
    for complaint in wrong:
        (err if as_json else out).print(complaint, markup=False, highlight=False)
    (err if as_json else out).print(summary(findings, wrong), highlight=False)
    sys.exit(bool(wrong))


def _sources(assignment: Assignment) -> dict[str, bytes]:
    """Return the modules that students write."""
    package = read_package(assignment.solution / "numnet")
    return {path: source for path, source in package.items() if "/" not in path and path != "__init__.py"}


def _findings(assignment: Assignment, chosen: Sequence[str], equivalents: Equivalents, jobs: int) -> Iterator[Finding]:
    """Examine the solution itself, which no check may fail, and then its mutants."""
    sources = _sources(assignment)
    mutants = [
        mutant
        for file in chosen
        for mutant in read_mutants(file, sources[file])
        if f"{file} {mutant.function}" not in equivalents.functions
    ]
    with Pool(start, [(assignment, cores) for cores in share_cores(jobs)]) as pool, _progress() as progress:
        whole = {mutant.target: pool.submit(examine, mutant.target, sources) for mutant in mutants}
        waiting = [(mutant, _submit(pool, mutant, sources)) for mutant in mutants]
        for target, future in whole.items():
            if (verdict := future.result()).check:
                raise AssignmentError(f"{target} of the solution fails {verdict.check}: {verdict.message}")
        for mutant, one in progress.track(waiting, description="mutants"):
            verdict = one.result()
            reason = equivalents.mutants[str(mutant)].reason if str(mutant) in equivalents.mutants else ""
            yield Finding(str(mutant), mutant.line, verdict.check, verdict.label, verdict.message, reason)


def _submit(pool: Pool, mutant: Mutant, sources: Files) -> Future[Verdict]:
    return pool.submit(examine, mutant.target, {**sources, mutant.file: mutant.of(sources[mutant.file])})


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show a bar while a person is watching."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress


if __name__ == "__main__":
    main()
