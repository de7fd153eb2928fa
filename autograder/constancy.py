"""The command `python -m autograder.constancy`: whether a score depends on the seed.

The same submissions are graded again and again with other inputs. A check draws from a generator that is made of the
secret, the submission's hash and the check's name: another hash draws everything anew, and needs no other grader.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import autograder
from autograder.assignment import Assignment, read_assignment
from autograder.errors import Label
from autograder.mistake import Mistake, apply, read_mistakes
from autograder.model import Report, SubmissionName
from autograder.reference import read_package
from autograder.sandbox.proof import candidates
from autograder.scale import Loss, Setting, grade_all, local_pool

SECRET = b"of the constancy"
PATIENCE = 20  # times the limits
Submissions = Mapping[str, Mapping[str, bytes]]  # name to files
out, err = Console(), Console(stderr=True)


class Tally:
    """How one submission did with every seed."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.scores: Counter[float] = Counter()
        self.labels: defaultdict[str, Counter[Label]] = defaultdict(Counter)

    def add(self, report: Report) -> None:
        """Count one report."""
        self.scores[report.score + report.extra_credit] += 1
        for check in report.checks:
            self.labels[check.id][check.label] += 1

    def waverings(self) -> list[str]:
        """Say for each check that did not always end alike how often it ended how."""
        return [
            f"{check}: {', '.join(f'{label} {times} times' for label, times in labels.most_common())}"
            for check, labels in self.labels.items()
            if len(labels) > 1
        ]


def patient(assignment: Assignment) -> Assignment:
    """Return the assignment with more time for everything: a busy machine is not what a score is examined for here."""
    limits = assignment.limits
    more = replace(
        limits,
        seconds_per_check=PATIENCE * limits.seconds_per_check,
        seconds_per_submission=PATIENCE * limits.seconds_per_submission,
    )
    return replace(assignment, limits=more)


def regrade(setting: Setting, submissions: Submissions, *, seeds: int, jobs: int) -> Iterator[Report]:
    """Grade every submission once with every seed."""
    works = (
        (SubmissionName(name, f"seed {seed}"), files) for seed in range(seeds) for name, files in submissions.items()
    )
    with local_pool(setting, jobs) as pool:
        for report in grade_all(pool, works, {}):
            if isinstance(report, Loss):
                raise click.ClickException(f"{report.submission}: {report.reason}")
            yield report


def tally(reports: Iterable[Report]) -> dict[str, Tally]:
    """Count the reports of each submission."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for report in reports:
        tallies[report.submission.id].add(report)
    return dict(tallies)


def spread(mistakes: Iterable[Mistake], count: int) -> list[Mistake]:
    """Choose so many mistakes, spread over the problems."""
    ordered = sorted(mistakes, key=lambda mistake: mistake.id)
    count = min(count, len(ordered))
    return [ordered[number * len(ordered) // count] for number in range(count)]


def read_submissions(assignment: Assignment, folders: Iterable[Path], mistakes: int) -> dict[str, dict[str, bytes]]:
    """Return the solution, the submissions in the folders, and some mistakes in the problems of the assignment."""
    own = {path: source for path, source in read_package(assignment.solution / "numnet").items() if "/" not in path}
    problems = {problem.id for problem in assignment.problems}
    known = [one for one in read_mistakes(assignment.path.parent / "mistakes") if one.problem in problems]
    return {
        "solution": own,
        **{folder.name: read_package(folder) for folder in folders},
        **{f"{one.id} {one.name}": apply([one], own) for one in spread(known, mistakes)},
    }


def table(tallies: Mapping[str, Tally]) -> Table:
    """Return a line for each submission."""
    made = Table("submission", "seeds", "points", box=None)
    for name, one in sorted(tallies.items()):
        made.add_row(name, f"{one.scores.total()}", ", ".join(f"{score:g}" for score in sorted(one.scores)))
    return made


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seeds", default=50, show_default=True, type=click.IntRange(min=2), help="How often each is graded")
@click.option("--mistakes", default=10, show_default=True, type=click.IntRange(min=0), help="How many known mistakes")
@click.option("--problems", default="", metavar="A3,D2", help="Only these problems, and mistakes in them")
@click.option("--no-training", is_flag=True, help="Leave the checks out that train a network")
@click.option("-j", "--jobs", default=os.cpu_count(), show_default="one per core", type=click.IntRange(min=1),
              help="Submissions to grade at a time")  # fmt: skip
def main(folders: tuple[Path, ...], seeds: int, mistakes: int, problems: str, no_training: bool, jobs: int) -> None:
    """Grade the solution, known mistakes and FOLDERS of modules with many seeds. Exit code 1 if any check wavers.

    \b
    Examples:
        python -m autograder.constancy autograder/tests/styles/loops
        python -m autograder.constancy --problems A3 --mistakes 9 --no-training
    """
    assignment = patient(read_assignment(Path(autograder.__file__).with_name("assignment.toml")))
    if chosen := {name.strip().upper() for name in problems.split(",") if name}:
        kept = tuple(problem for problem in assignment.problems if problem.id in chosen)
        assignment = replace(assignment, problems=kept)
    submissions = read_submissions(assignment, folders, mistakes)
    setting = Setting(assignment, "of the constancy", SECRET, candidates()[0], training=not no_training)
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        reports = regrade(setting, submissions, seeds=seeds, jobs=jobs)
        tallies = tally(progress.track(reports, total=seeds * len(submissions), description="graded"))
    waverings = [f"{name}: {wavering}" for name, one in sorted(tallies.items()) for wavering in one.waverings()]
    out.print(table(tallies))
    for wavering in waverings:
        out.print(wavering, soft_wrap=True, highlight=False)
    sys.exit(bool(waverings))


if __name__ == "__main__":
    main()
