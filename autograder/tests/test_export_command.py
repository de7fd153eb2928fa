"""The command `autograder export`: what it prints and writes, and how it ends."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autograder.assignment import Visibility
from autograder.cli import main
from autograder.export import FORMATS
from autograder.model import Report
from autograder.policy import grade
from autograder.results import write_report
from autograder.tests.conftest import ROOT
from autograder.tests.sample import ALL_PASSED, OURS, WRONG, make_report
from autograder.tests.test_exporters import with_visibility

BOB = make_report(ALL_PASSED | {"test_four": WRONG}, name="bob")


def export(*words: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["export", *map(str, words)])


def results_of(tmp_path: Path, *reports: Report) -> Path:
    """Write a folder of results."""
    for report in reports:
        write_report(tmp_path / "results", report)
    return tmp_path / "results"


def assignment_with(tmp_path: Path, policy: str) -> Path:
    """Write the project's assignment with a policy."""
    text = (ROOT / "autograder" / "assignment.toml").read_text("utf-8")
    text = text.replace('"../solution"', f'"{ROOT / "solution"}"').replace('"../handout"', f'"{ROOT / "handout"}"')
    (tmp_path / "assignment.toml").write_text(f"{text}\n[policy]\n{policy}\n", "utf-8")
    return tmp_path / "assignment.toml"


@pytest.mark.parametrize("name", FORMATS)
def test_one_report_is_printed_and_a_class_is_written(name, tmp_path):
    """To the byte the same; the file is called as the receiver calls it."""
    results, form = results_of(tmp_path, make_report(), BOB), FORMATS[name]
    expected = form.write(BOB, grade(BOB))

    printed = export(name, results / "bob")
    one = export(name, results / "bob" / "report.json", "--out", tmp_path / "one")
    written = export(name, results, "--out", tmp_path / "out")

    assert (printed.exit_code, printed.stdout, printed.stderr) == (0, expected, "")
    assert one.exit_code == 0 and (tmp_path / "one").read_text("utf-8") == expected
    assert (written.exit_code, written.stderr) == (0, f"wrote 2 of 2 to {tmp_path / 'out'}/\n")
    assert (tmp_path / "out" / "bob" / form.file).read_text("utf-8") == expected
    assert (tmp_path / "out" / "ada" / form.file).is_file()


def test_a_class_goes_into_a_folder_that_is_named(tmp_path):
    """What many files would be on a terminal is asked for instead."""
    ended = export("gradescope", results_of(tmp_path, make_report(), BOB))

    assert ended.exit_code == 2 and "--out FOLDER" in ended.stderr


def test_what_is_no_folder_of_results_is_refused(tmp_path):
    """No report, a broken one, or reports on two versions of the assignment."""
    empty = export("grades", tmp_path)
    (tmp_path / "rubbish.json").write_text("{}", "utf-8")
    rubbish = export("grades", tmp_path / "rubbish.json")
    text = (write_report(tmp_path, BOB)).read_text("utf-8").replace("assignment-hash", "another")
    results_of(tmp_path, make_report(), BOB)
    (tmp_path / "results" / "bob" / "report.json").write_text(text, "utf-8")
    mixed = export("grades", tmp_path / "results")

    assert [ended.exit_code for ended in (empty, rubbish, mixed)] == [2, 2, 2]
    assert "there is no report.json in it" in empty.stderr
    assert "is no report of this program" in rubbish.stderr
    assert "more than one version of the assignment" in mixed.stderr


def test_our_fault_is_named_and_the_others_are_written(tmp_path):
    """Exit code 1: somebody has to be graded again."""
    results = results_of(tmp_path, make_report(ALL_PASSED | {"test_one": OURS}), BOB)

    ended = export("coursera", results, "--out", tmp_path / "out")

    assert ended.exit_code == 1
    assert "wrote 1 of 2" in ended.stderr and "ada: 1 of 5 checks were not graded" in ended.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["bob"]


def test_policy_times_and_class_list_come_together(tmp_path):
    """A student of two submissions, one of them late, is one line; who is not on the list is named."""
    results = results_of(tmp_path, make_report(name="ada_1"), make_report(name="ada_2"), BOB)
    (tmp_path / "students.csv").write_text("student,first,second\nada,ada_1,ada_2\n", "utf-8")
    times = "submission,handed_in\nada_1,2026-12-01T00:00:01+00:00\nada_2,2026-12-03T00:00:01Z\n"
    (tmp_path / "times.csv").write_text(times, "utf-8")
    policy = assignment_with(tmp_path, "due = 2026-12-01T00:00:00Z\npenalty_per_day = 25")

    ended = export(
        "grades", results, "--students", tmp_path / "students.csv", "--times", tmp_path / "times.csv",
        "--assignment", policy,
    )  # fmt: skip

    assert ended.exit_code == 0 and ended.stderr == "note: bob is not on the class list\n"
    assert ended.stdout.splitlines()[1] == (
        "ada,ada_1,2.8,1,0,0.95,0,2.85,2.8,"
        "2.8 of 2.8; 1 extra credit; 1 day late; 25 % off: 0.95 points; the best of 2 submissions: ada_1"
    )


def test_what_is_for_after_the_due_date_waits_for_it(tmp_path):
    """Only Gradescope keeps it back by itself."""
    report = with_visibility(make_report(titles=dict.fromkeys(ALL_PASSED, "the claim")), Visibility.AFTER_DUE_DATE)
    results = results_of(tmp_path, report) / "ada"
    later, before = (
        assignment_with(tmp_path, f"due = {year}-01-01T00:00:00Z").rename(tmp_path / f"{year}.toml")
        for year in (2999, 1999)
    )

    assert "the claim" in export("prairielearn", results, "--assignment", before).stdout
    assert "the claim" not in export("prairielearn", results, "--assignment", later).stdout
    assert "the claim" in export("gradescope", results, "--assignment", later).stdout


def test_a_sheet_is_filled_and_who_is_left_over_is_named(tmp_path):
    """Exit code 1 if somebody is; a sheet that does not match leaves no file."""
    results = results_of(tmp_path, make_report(), BOB)
    sheet = tmp_path / "gradebook.csv"
    sheet.write_bytes("\ufeffStudent,ID,Login,Section,Homework (1)\r\nAda,ada,a,1,\r\n".encode())

    filled = export("canvas", results, "--sheet", sheet, "--column", "Homework", "--out", tmp_path / "filled.csv")
    refused = export("canvas", results, "--sheet", sheet, "--column", "Exam", "--out", tmp_path / "no.csv")

    assert (filled.exit_code, filled.stderr) == (1, "note: bob has no row in gradebook.csv\n")
    expected = "\ufeffStudent,ID,Login,Section,Homework (1)\r\nAda,ada,a,1,3.8\r\n"
    assert (tmp_path / "filled.csv").read_bytes() == expected.encode()
    assert refused.exit_code == 2 and "row 1: no column is called 'Exam'" in refused.stderr
    assert not (tmp_path / "no.csv").exists()


def test_a_worksheet_is_filled(tmp_path):
    """Printed, if no file is named."""
    sheet = tmp_path / "worksheet.csv"
    sheet.write_text("Identifier,Grade\nParticipant 12,\n", "utf-8")

    ended = export("moodle", results_of(tmp_path, make_report(name="Ada_12")), "--sheet", sheet)

    assert (ended.exit_code, ended.stdout) == (0, "Identifier,Grade\nParticipant 12,3.8\n")
