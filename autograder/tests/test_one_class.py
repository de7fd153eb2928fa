"""One class, in every format and every sheet: a student's total is the same everywhere, to the last digit kept."""

import csv
import dataclasses
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from autograder.class_list import ClassList
from autograder.errors import Label
from autograder.export import FORMATS
from autograder.exporters.canvas import fill_gradebook
from autograder.exporters.grades_csv import grades_csv
from autograder.exporters.moodle import fill_worksheet
from autograder.model import Outcome
from autograder.policy import Policy
from autograder.scoring import Verdict
from autograder.standing import standings
from autograder.tests import receivers
from autograder.tests.sample import ALL_PASSED, ASSIGNMENT, CHECKS, make_report

DUE = datetime(2026, 12, 1, tzinfo=UTC)
POLICY = Policy(due=DUE, penalty_per_day=Decimal(15), extra_credit_at_most=Decimal("0.5"))
NASTY = ("conv:forward: 12:30", "🎓 é 中文 NaN", "x" * 10_000)
PROBLEMS = tuple(
    dataclasses.replace(problem, title=title) for problem, title in zip(ASSIGNMENT.problems, NASTY, strict=True)
)
NASTY_ASSIGNMENT = dataclasses.replace(ASSIGNMENT, problems=PROBLEMS)
FAILED = {"ada": (), "bob": ("test_one",), "eve": ("test_four", "test_five"), "zoe": CHECKS, "joe": ("test_two",)}
DAYS = {"ada": 0, "bob": 1, "eve": 3, "zoe": 2, "joe": 30}  # late
CANVAS = "Student,ID,SIS Login ID,Section,Homework (7)\n    Points Possible,,,,2.8\n"
MOODLE = "Identifier,Full name,Grade,Maximum Grade,Grade can be changed,Feedback comments\n"


@pytest.fixture(scope="module")
def reports():
    """A class whose titles, messages and names of problems are nasty."""
    told = [Verdict(Outcome.FAILED, Label.WRONG, text) for text in NASTY]
    return {
        name: make_report(
            ALL_PASSED | {check: told[n % 3] for n, check in enumerate(failed)}, name=name,
            assignment=NASTY_ASSIGNMENT, titles={check: NASTY[n % 3] for n, check in enumerate(CHECKS)},
        )
        for name, failed in FAILED.items()
    }  # fmt: skip


@pytest.fixture(scope="module")
def found(reports):
    """Where everybody stands: penalties, and extra credit above the cap."""
    times = {name: DUE + timedelta(days=days) for name, days in DAYS.items()}
    return standings(reports.values(), POLICY, students=ClassList([[name] for name in DAYS]), times=times)


def per_report(report, counts):
    """Return the total of a student in every format that is of one report; what has no more than full is marked."""
    text = {name: form.write(report, counts) for name, form in FORMATS.items()}
    autolab = receivers.autolab(text["autolab"], ("A1", "A2", "X1", "Policy")).values()
    return {
        "gradescope": receivers.gradescope(text["gradescope"], 2.8),
        "autolab": float(sum(Decimal(str(score)) for score in autolab)),
        "github": receivers.github(text["github"])[0],
        "markus": receivers.markus(text["markus"])[0],
        "junit": float(receivers.junit(text["junit"])["final"]),
    }, {name: getattr(receivers, name)(text[name], 2.8) for name in ("prairielearn", "coursera", "codegrade")}


def test_every_format_of_a_report_has_the_students_total(reports, found):
    """With everything that can be in a title; a fraction ends at a full score."""
    for standing in found:
        final = float(standing.grade.final)
        totals, fractions = per_report(reports[standing.student], standing.grade)

        assert {*totals, *fractions} == {*FORMATS}
        assert set(totals.values()) == {final}, standing.student
        assert list(fractions.values()) == [pytest.approx(min(final, 2.8), abs=1e-9)] * 3


def test_every_sheet_of_the_class_has_the_same_totals(found):
    """Canvas and Moodle keep two decimals."""
    finals = {one.student: one.grade.final for one in found}
    canvas = CANVAS + "".join(f"{name},{n},{name},A,\n" for n, name in enumerate(finals))
    moodle = MOODLE + "".join(f"Participant {n},{name},,4,Yes,\n" for n, name in enumerate(finals))
    called = standings_for_moodle(found)

    sheets = {
        "grades": {row["student"]: row["final"] for row in rows_of(grades_csv(found))},
        "canvas": {
            row["Student"]: row["Homework (7)"]
            for row in rows_of(fill_gradebook("c.csv", canvas, found, column="Homework").text)[1:]
        },
        "moodle": {
            row["Full name"]: row["Grade"]
            for row in rows_of(fill_worksheet("m.csv", moodle, called, column="Grade", identifier="Identifier").text)
        },
    }

    for name, sheet in sheets.items():
        assert {student: Decimal(cell) for student, cell in sheet.items()} == finals, name


def standings_for_moodle(found):
    """Return the standings with the names that Moodle's sheet has."""
    return [
        dataclasses.replace(one, names=frozenset({one.student, f"participant {n}", str(n)}))
        for n, one in enumerate(found)
    ]


def rows_of(text):
    """Read a sheet."""
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.filterwarnings("ignore")  # nbgrader's, and what it imports
def test_the_gradebook_has_the_same_totals(tmp_path, reports, found):
    """As nbgrader exports them: what was earned, without the penalty."""
    pytest.importorskip("nbgrader", reason="nbgrader is not installed")
    from autograder.notebooks.code import CODE
    from autograder.notebooks.gradebook import address_of, declare, opened, record

    with opened(address_of(tmp_path), "hw") as book:
        declare(book, NASTY_ASSIGNMENT)
        for one in found:
            record(book, reports[one.student], one.student, penalty=float(one.grade.raw - one.grade.final))
        submitted = [book.find_submission(CODE, one.student) for one in found]
        totals = [max(0.0, one.score - one.late_submission_penalty) for one in submitted]

    assert totals == [pytest.approx(float(one.grade.final), abs=1e-9) for one in found]
