"""The command `autograder export`: reports in the formats of course platforms, and sheets that are filled."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from autograder.assignment import read_assignment
from autograder.class_list import ClassList, read_class_list, read_text, read_times
from autograder.errors import NotScored, UsageError
from autograder.exporters import autolab, codegrade, coursera, github_classroom, gradescope, markus, prairielearn
from autograder.exporters.canvas import fill_gradebook
from autograder.exporters.grades_csv import grades_csv
from autograder.exporters.junit_xml import junit_xml
from autograder.exporters.moodle import fill_worksheet
from autograder.exporters.row import withhold
from autograder.exporters.sheet import Filled
from autograder.model import Report
from autograder.policy import NOTHING, Grade, Policy, grade, plain
from autograder.regrade import Floors, floors
from autograder.results import REPORT, TIMES, require_report, write_whole
from autograder.standing import Standing, standings
from autograder.station import SUBMISSION, Sender

ASSIGNMENT = Path(__file__).parent / "assignment.toml"
Command = Callable[..., None]


class Format(NamedTuple):
    """A format for one report: what writes it, what the receiver calls the file, and what it is."""

    write: Callable[[Report, Grade], str]
    file: str
    title: str
    knows_dates: bool = False  # shows what is for after the due date then, and not before


FORMATS = {
    "gradescope": Format(gradescope.results_json, "results.json", "Gradescope's results.json", knows_dates=True),
    "autolab": Format(autolab.autoresult, "autoresult.txt", "what Autolab reads on standard output"),
    "prairielearn": Format(prairielearn.results_json, "results.json", "PrairieLearn's results.json"),
    "github": Format(github_classroom.result, "output.txt", "the output of a step for GitHub Classroom's reporter"),
    "junit": Format(junit_xml, "junit.xml", "JUnit's XML"),
    "markus": Format(markus.test_lines, "tests.jsonl", "what MarkUs's custom tester prints"),
    "codegrade": Format(codegrade.messages, "messages.jsonl", "what a custom test of CodeGrade's prints"),
    "coursera": Format(coursera.feedback_json, "feedback.json", "Coursera's feedback.json"),
}


class Facts(NamedTuple):
    """What the reports do not say: the policy, who is who, and when a submission was handed in."""

    policy: Policy
    students: ClassList
    times: Mapping[str, datetime]
    floors: Floors

    def grade(self, report: Report) -> Grade:
        """Say what one submission counts for."""
        name = report.submission.id
        floor = self.floors.get((name, report.submission.hash), NOTHING)
        student = self.students.student(name)
        return grade(report, self.policy, student=student, handed_in=self.times.get(name), at_least=floor)

    def write(self, form: Format, report: Report) -> str:
        """Write one report, as it may be shown today."""
        is_early = self.policy.due is not None and datetime.now(UTC) < self.policy.due
        shown = withhold(report) if is_early and not form.knows_dates else report
        return form.write(shown, self.grade(report))

    def standings(self, reports: Sequence[Report]) -> list[Standing]:
        """Say where everybody stands; who is not on the class list is named."""
        found = standings(reports, self.policy, students=self.students, times=self.times, at_least=self.floors)
        for one in found:
            if not one.is_listed:
                click.echo(f"note: {one.student} is not on the class list", err=True)
        return found


def facts_of(sender: Sender, policy: Policy) -> Facts:
    """Return what a platform says of the one submission that it sent."""
    times = {SUBMISSION: sender.handed_in} if sender.handed_in else {}
    return Facts(sender.policy(policy), ClassList([[sender.student, SUBMISSION]]), times, {})


@click.group()
def export() -> None:
    """Write reports as a course platform reads them, or fill a sheet that it exported.

    \b
    Examples:
        autograder export gradescope results/student-07
        autograder export canvas results --sheet gradebook.csv --column "Homework 3" --out filled.csv
    """


def _with_facts(command: Command) -> Command:
    """Give a command the argument and the options that all of them have."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    options = [
        click.option("--students", type=file, help="The class list, a CSV: who is called what on which platform"),
        click.option("--times", type=file, help="When each submission was handed in, a CSV: submission, handed_in"),
        click.option("--assignment", type=file, default=ASSIGNMENT, show_default="the project's own",
                     help="The assignment.toml whose policy to apply"),
        click.option("--out", type=click.Path(path_type=Path), help="Where to write  [default: print it]"),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return click.argument("results", type=click.Path(exists=True, path_type=Path))(command)


def read_facts(results: Path, assignment: Path, students: Path | None, times: Path | None) -> Facts:
    """Return what the reports do not say."""
    folder = _folder_of(results)
    told = read_times(folder / TIMES) if (folder / TIMES).is_file() else {}
    return Facts(
        read_assignment(assignment).policy,
        read_class_list(students) if students else ClassList(),
        told | (read_times(times) if times else {}),
        floors(folder),
    )


def _folder_of(results: Path) -> Path:
    """Return the folder that a run wrote, for one of the reports in it, too."""
    folder = results.parent if results.is_file() else results
    return folder.parent if (folder / REPORT).is_file() else folder


def read_results(path: Path) -> list[Report]:
    """Read a report.json, the one of a folder, or those of a folder of results, sorted by submission."""
    if path.is_file():
        return [require_report(path)]
    if (path / REPORT).is_file():
        return [require_report(path / REPORT)]
    reports = [require_report(one) for one in sorted(path.glob(f"*/{REPORT}"))]
    if not reports:
        raise UsageError(f"{path}: there is no {REPORT} in it; `autograder grade` writes some")
    if len({report.assignment.hash for report in reports}) > 1:
        raise UsageError(f"{path}: holds reports on more than one version of the assignment; grade all of them again")
    return reports


def read_final(path: Path) -> list[Report]:
    """Read results whose numbers are final, for a gradebook: while something is postponed there are none."""
    reports = read_results(path)
    if waiting := next((report for report in reports if report.postponed), None):
        points, when = plain(waiting.points_postponed), waiting.postponed[0].message
        raise UsageError(f"{path}: {points} points are {when}; grade again then, and fill the gradebook")
    return reports


def _command(name: str, form: Format) -> Command:
    """Return the command for one format."""

    def command(results: Path, students: Path | None, times: Path | None, assignment: Path, out: Path | None) -> None:
        facts = read_facts(results, assignment, students, times)
        reports = read_results(results)
        if len(reports) == 1 and (results.is_file() or (results / REPORT).is_file()):
            _write(facts.write(form, reports[0]), out)
        else:
            _write_all(form, reports, facts, out)

    command.__doc__ = f"""Write {form.title}.

    RESULTS is one report, which is printed, or a folder of reports, of each of which OUT gets a file.

    \b
    Examples:
        autograder export {name} results/student-07
        autograder export {name} results --out exported
    """
    return command


def _write_all(form: Format, reports: Sequence[Report], facts: Facts, out: Path | None) -> None:
    """Write a file for every report; those that have no score are named, and the others are there."""
    if out is None:
        raise UsageError("say where the files shall go: --out FOLDER")
    failures = []
    for report in reports:
        try:
            write_whole(out / report.submission.id / form.file, facts.write(form, report).encode())
        except NotScored as error:
            failures.append(str(error))
    click.echo(f"wrote {len(reports) - len(failures)} of {len(reports)} to {out}/", err=True)
    if failures:
        raise NotScored("\n".join(failures))


def _write(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(text.encode())
    else:
        write_whole(out, text.encode())


for _name, _format in FORMATS.items():
    export.command(name=_name)(_with_facts(_command(_name, _format)))


@export.command()
@_with_facts
def grades(results: Path, students: Path | None, times: Path | None, assignment: Path, out: Path | None) -> None:
    """Write grades.csv: a line per student, with raw points, penalty, what counts, and why.

    \b
    Example:
        autograder export grades results --students students.csv --times times.csv --out grades.csv
    """
    _write(grades_csv(read_facts(results, assignment, students, times).standings(read_final(results))), out)


def _sheet_option(command: Command) -> Command:
    kind = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.option("--sheet", required=True, type=kind, help="The sheet that the platform exported")(command)


@export.command()
@_sheet_option
@click.option("--column", required=True, help="The title of the assignment, with or without Canvas's number")
@_with_facts
def canvas(results: Path, sheet: Path, column: str, out: Path | None, **facts: Any) -> None:
    """Fill one column of the gradebook that was exported from Canvas; a sheet that does not match is refused.

    \b
    Example:
        autograder export canvas results --sheet gradebook.csv --column "Homework 3" --out filled.csv
    """
    found = read_facts(results, **facts).standings(read_final(results))
    _write_filled(fill_gradebook(sheet.name, read_text(sheet), found, column=column), out)


@export.command()
@_sheet_option
@click.option("--column", default="Grade", show_default=True, help="The heading of the grades")
@click.option("--identifier", default="Identifier", show_default=True, help="The heading of the participants")
@_with_facts
def moodle(results: Path, sheet: Path, column: str, identifier: str, out: Path | None, **facts: Any) -> None:
    """Fill the grading worksheet that was downloaded from Moodle; a sheet that does not match is refused.

    \b
    Example:
        autograder export moodle results --sheet worksheet.csv --out filled.csv
    """
    found = read_facts(results, **facts).standings(read_final(results))
    _write_filled(fill_worksheet(sheet.name, read_text(sheet), found, column=column, identifier=identifier), out)


def _write_filled(filled: Filled, out: Path | None) -> None:
    """Write the sheet, and say who was left out of it."""
    _write(filled.text, out)
    for note in filled.notes:
        click.echo(f"note: {note}", err=True)
    if filled.notes:
        sys.exit(1)
