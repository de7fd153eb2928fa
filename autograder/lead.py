"""The command `autograder similar`: which submissions are much alike, for a person to look at."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track

from autograder.assignment import read_assignment
from autograder.errors import SubmissionError, UsageError
from autograder.export import ASSIGNMENT
from autograder.reference import read_package
from autograder.reports.similar_page import Comparison, Lead, Side, excerpt, pair_page, similar_page
from autograder.reports.text import printable
from autograder.results import SIMILAR, latest_hash, opened, write_whole
from autograder.roster import find_submissions
from autograder.run import require_apart, write_index
from autograder.submission import Entry, read_submission

if TYPE_CHECKING:
    from autograder.similarity import Marks, Pair, Source  # with an optional dependency

MOST_PAIRS = 50  # that are shown
err = Console(stderr=True)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--out", "folder", default=Path("results"), show_default=True, help="Where to write the pages",
              type=click.Path(file_okay=False, path_type=Path))  # fmt: skip
@click.option("--assignment", default=ASSIGNMENT, show_default="the project's own", help="The assignment.toml to use",
              type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
def similar(paths: Sequence[Path], folder: Path, assignment: Path) -> None:
    """Find pairs of submissions that are much alike, handout apart, and show them side by side: leads, no verdicts.

    \b
    Example:
        autograder similar submissions/ --out results
    """
    try:
        from autograder import similarity
    except ImportError as error:
        raise UsageError(f"`similar` needs copydetect ({error}): pip install --editable '.[similarity]'") from error
    read = read_assignment(assignment)
    require_apart(paths, folder)
    found = find_submissions(paths)
    given = similarity.read_source("", read_package(read.handout / "numnet")).fingerprints
    notes = list(found.notes)
    with opened(folder):
        pairs = similarity.find_pairs(list(_sources(found.entries, given, notes)))
        _write(folder, pairs, title=read.title, notes=notes)
        if graded := latest_hash(folder):
            write_index(folder, graded, title=read.title)
    for note in notes:
        click.echo(f"note: {printable(note)}", err=True)
    told = f"{len(pairs)} similar pairs among {len(found.entries)} submissions; a lead, not a verdict"
    click.echo(f"{told}: {folder / SIMILAR}", err=True)


def _sources(entries: Sequence[Entry], given: "Marks", notes: list[str]) -> "Iterator[Source]":
    """Yield what can be compared, and note what cannot."""
    from autograder.similarity import read_source

    for entry in track(entries, "reading", console=err, transient=True, disable=not err.is_terminal):
        try:
            source = read_source(entry.id, read_submission(entry).files, given)
        except SubmissionError as error:
            notes.append(f"{entry.id}: {error}")
            continue
        notes += [f"{entry.id}: {name} is too long to be compared" for name in source.too_long]
        yield source


def _write(folder: Path, pairs: "Sequence[Pair]", *, title: str, notes: Sequence[str]) -> None:
    for old in folder.glob("similar-*.html"):
        old.unlink()
    leads = [_lead(number, pair) for number, pair in enumerate(pairs[:MOST_PAIRS], 1)]
    for lead, pair in zip(leads, pairs, strict=False):
        write_whole(folder / lead.page, pair_page(lead, list(_comparisons(pair))))
    page = similar_page(leads, title=title, more=len(pairs) - len(leads), notes=notes)
    write_whole(folder / SIMILAR, page)


def _lead(number: int, pair: "Pair") -> Lead:
    one, other = (Side(source.id, share) for source, share in zip((pair.one, pair.other), pair.shares, strict=True))
    return Lead((one, other), pair.common, f"similar-{number}.html")


def _comparisons(pair: "Pair") -> Iterator[Comparison]:
    from autograder.similarity import marked_lines

    for name, ours, theirs in marked_lines(pair):
        yield Comparison(name, (excerpt(pair.one.lines(name), ours), excerpt(pair.other.lines(name), theirs)))
