"""The commands `autograder bundle` and `autograder station`: for the course platforms that run us."""

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from autograder.assignment import choose_named, read_assignment
from autograder.bundle import BUNDLES
from autograder.export import ASSIGNMENT, FORMATS, facts_of
from autograder.exporters import gradescope
from autograder.folder import replace_folder
from autograder.lock import temporary_files
from autograder.reports.terminal import failed_checks
from autograder.results import write_whole
from autograder.sandbox.level import Level
from autograder.scale import best_level, setting_for
from autograder.secret import read_secret
from autograder.station import PLACES, grade_alone, read_sender

WIDTH = 160  # of a log
SECRET = ASSIGNMENT.with_name(".secret")

assignment_option = click.option(
    "--assignment", default=ASSIGNMENT, show_default="the project's own", help="The assignment.toml to use",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip


@click.command()
@click.argument("platform", type=click.Choice(list(BUNDLES)))
@click.option("--out", "folder", default=Path("bundles"), show_default=True, help="Where the platform's folder goes",
              type=click.Path(file_okay=False, path_type=Path))  # fmt: skip
@assignment_option
def bundle(platform: str, folder: Path, assignment: Path) -> None:
    """Write what a course platform takes to grade for us, with the hidden checks, the solution and the secret in it.

    \b
    Example:
        autograder bundle gradescope
    """
    files = BUNDLES[platform](read_assignment(assignment), read_secret(SECRET))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is in it is not for students
    replace_folder(folder / platform, files)
    click.echo(f"wrote {folder / platform}/", err=True)


@click.command()
@click.argument("platform", type=click.Choice(list(PLACES)))
@click.argument("place", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seconds", default=540.0, show_default=True, help="When to write what there is, graded or not",
              type=click.FloatRange(min=1))  # fmt: skip
@click.option("--problems", default="", metavar="A3,D2", help="Grade only these problems")
@click.option("--min-level", default="L2", show_default=True, help="The lowest level of the wall to accept",
              type=click.Choice([level.value for level in Level if level is not Level.L5]))  # fmt: skip
@click.option("--leaderboard", is_flag=True, help="Show points, seconds and figures to the class, on Gradescope")
@assignment_option
def station(
    platform: str, place: Path, seconds: float, problems: str, min_level: str, leaderboard: bool, assignment: Path
) -> None:
    """Grade the one submission that a platform put at PLACE, and write what it reads; for the scripts of a bundle.

    \b
    Example:
        autograder station gradescope /autograder --leaderboard
    """
    began = time.monotonic()
    where, form = PLACES[platform], FORMATS[platform]
    chosen = choose_named(read_assignment(assignment), problems)
    if leaderboard and platform == "gradescope":
        form = form._replace(write=partial(gradescope.results_json, leaderboard=True))
    facts = facts_of(read_sender(place), chosen.policy)
    chosen = replace(chosen, policy=facts.policy, now=datetime.now(UTC))
    if where.results:
        (place / where.results).unlink(missing_ok=True)  # what an earlier run wrote is not the result of this one
    with temporary_files():
        level = best_level(chosen, Level(min_level))
        setting = setting_for(chosen, read_secret(SECRET), level)
        report = grade_alone(setting, place / where.submission, seconds=seconds - (time.monotonic() - began))
    click.echo(f"graded behind a wall of level {level.value}", err=True)
    if where.results:
        write_whole(place / where.results, facts.write(form, report).encode())
        Console(width=WIDTH).print(failed_checks(report))  # for instructors: there, students do not see what is printed
    else:
        sys.stdout.buffer.write(facts.write(form, report).encode())
