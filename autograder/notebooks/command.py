"""The commands `autograder notebooks` and `autograder export nbgrader`. Both need nbgrader, which grading does not."""

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from autograder.assignment import Assignment, read_assignment
from autograder.errors import NotScored, SubmissionError, UsageError
from autograder.export import read_facts, read_final
from autograder.model import Report
from autograder.results import write_whole
from autograder.roster import find_submissions
from autograder.submission import Submission, read_submission

ASSIGNMENT = Path(__file__).parents[1] / "assignment.toml"
COURSE = Path(__file__).parents[2] / "notebooks"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

assignment_option = click.option(
    "--assignment", default=ASSIGNMENT, show_default="the project's own", help="The assignment.toml to use",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip


def _require_nbgrader() -> None:
    if importlib.util.find_spec("nbgrader") is None:
        raise UsageError("this needs nbgrader, which is not installed; `make notebooks` installs it")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if they are not what would be written")
@assignment_option
def notebooks(check: bool, assignment: Path) -> None:
    """Write the notebooks of the handout from those of the course, without answers.

    \b
    Examples:
        autograder notebooks
        autograder notebooks --check
    """
    _require_nbgrader()
    from autograder.notebooks import release

    read = read_assignment(assignment)
    if not check:
        click.echo(f"wrote {release.write(read)}", err=True)
    elif stale := release.differences(read):
        raise UsageError(f"the notebooks are stale: {', '.join(stale[:5])}; run `make notebooks` and commit them")


@click.command(name="nbgrader")
@click.argument("results", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--submissions", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH",
              help="What was graded, so that the students' files are shown")  # fmt: skip
@click.option("--course", default=COURSE, show_default="notebooks/", help="The folder of the nbgrader course",
              type=click.Path(exists=True, file_okay=False, path_type=Path))  # fmt: skip
@click.option("--db", default="", show_default="gradebook.db in the course", metavar="URL",
              help="Another database, such as postgresql+psycopg://user@host/name")  # fmt: skip
@click.option("--students", type=FILE, help="The class list, a CSV: who is called what on which platform")
@click.option("--times", type=FILE, help="When each submission was handed in, a CSV: submission, handed_in")
@assignment_option
def gradebook(
    results: Path, submissions: Sequence[Path], course: Path, db: str, students: Path | None, times: Path | None,
    assignment: Path,
) -> None:  # fmt: skip
    """Write scores, problem by problem, into nbgrader's gradebook, and a notebook for each student.

    \b
    Examples:
        autograder export nbgrader results --submissions class
        autograder export nbgrader results --db postgresql+psycopg://grader@localhost/course
    """
    _require_nbgrader()
    from autograder.notebooks.gradebook import address_of, declare, opened, record

    read = read_assignment(assignment)
    reports = {report.submission.id: report for report in read_final(results)}
    _require_whole(read, reports.values())
    standings = read_facts(results, assignment, students, times).standings(list(reports.values()))
    scored = [one for one in standings if one.grade.is_scored]
    files, changed = _files(submissions), 0
    with opened(db or address_of(course), read.name) as book:
        declare(book, read)
        for one in scored:
            report = reports[one.grade.submission]
            _write_notebook(course, read, report, one.student, files)
            changed += record(book, report, one.student, penalty=float(one.grade.raw - one.grade.final))
    _write_blank(course, read)
    click.echo(f"{len(scored)} of {len(standings)} students, {changed} scores that are new or changed", err=True)
    if faults := [one.student for one in standings if not one.grade.is_scored]:
        raise NotScored(f"without a score, through no fault of theirs: {', '.join(faults)}; grade them again")


def _require_whole(assignment: Assignment, reports: Iterable[Report]) -> None:
    """Refuse reports on other problems: nbgrader would take what is missing for a zero."""
    problems = {problem.id for problem in assignment.problems}
    for report in reports:
        if {problem.id for problem in report.problems} != problems:
            name = report.submission.id
            raise UsageError(f"{name}: is of another assignment, or of some problems only; grade it again")


def _files(submissions: Sequence[Path]) -> Mapping[str, Submission]:
    """Read what students handed in, by name; what cannot be read is not shown."""
    read: dict[str, Submission] = {}
    for entry in find_submissions(submissions).entries if submissions else ():
        try:
            read[entry.id] = read_submission(entry)
        except SubmissionError as error:
            click.echo(f"{entry.id}: {error}", err=True)
    return read


def _write_notebook(
    course: Path, assignment: Assignment, report: Report, student: str, files: Mapping[str, Submission]
) -> None:
    """Write the notebook of a submission, with its files if they are those that were graded."""
    from autograder.notebooks.code import CODE, code_notebook

    own = files.get(report.submission.id)
    shown = own.files if own and own.hash == report.submission.hash else None
    path = course / "autograded" / student / CODE / f"{CODE}.ipynb"
    _write_if_new(path, code_notebook(assignment, report, shown))


def _write_blank(course: Path, assignment: Assignment) -> None:
    """Write the notebook by which formgrader lists the code as an assignment."""
    from autograder.notebooks.code import CODE, blank_notebook

    _write_if_new(course / "source" / CODE / f"{CODE}.ipynb", blank_notebook(assignment))


def _write_if_new(path: Path, text: str) -> None:
    if not path.is_file() or path.read_bytes() != text.encode():
        write_whole(path, text.encode())
