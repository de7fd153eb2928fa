"""Code scores in nbgrader's gradebook: what is ours is written, and what a person wrote is theirs."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("nbgrader", reason="nbgrader is not installed")

import msgspec
import nbformat
from sqlalchemy import inspect

from autograder.cli import main
from autograder.errors import Label, UsageError
from autograder.model import Outcome, SubmissionName
from autograder.notebooks.code import CODE, code_notebook
from autograder.notebooks.gradebook import address_of, declare, opened, record
from autograder.results import write_report
from autograder.tests.sample import ALL_PASSED, ASSIGNMENT, WRONG, make_report
from autograder.tests.server import postgresql, programs

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning", "ignore::DeprecationWarning")

HALF = make_report(ALL_PASSED | {"test_one": WRONG, "test_five": WRONG})
FULL = make_report()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A new gradebook in SQLite, to be copied: nbgrader takes seconds to make one."""
    folder = tmp_path_factory.mktemp("new")
    with opened(address_of(folder), "hw"):
        return folder / "gradebook.db"


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def address(request, made, tmp_path_factory):
    """The address of a database that is there, or begins to be."""
    folder = tmp_path_factory.mktemp("gradebook")
    if request.param == "SQLite":
        shutil.copy(made, folder)
        yield address_of(folder)
    elif programs() is None:
        pytest.skip("there is no PostgreSQL: apt-get install postgresql")
    else:
        with postgresql(folder) as server:
            yield server


@pytest.fixture
def book(address):
    """A gradebook that knows the sample assignment, and no student."""
    with opened(address, "hw") as gradebook:
        for student in gradebook.students:
            gradebook.remove_student(student.id)
        declare(gradebook, ASSIGNMENT)
        yield gradebook


def totals(gradebook, student="ada"):
    """Return score and full score of a student."""
    submission = gradebook.find_submission(CODE, student)
    gradebook.db.refresh(submission)
    return submission.score, submission.max_score


def test_scores_stand_there_problem_by_problem(book):
    """Each problem has its points; extra credit adds to the score, and not to the full score."""
    record(book, HALF, "ada")

    scores = {problem: book.find_grade(problem, CODE, CODE, "ada").auto_score for problem in ("A1", "A2", "X1")}
    assert scores == {"A1": 0.2, "A2": 2.5, "X1": 0.0}
    assert totals(book) == (pytest.approx(HALF.score), pytest.approx(2.8))
    assert book.find_comment("A1", CODE, CODE, "ada").comment == "2 of 3 checks passed"


def test_writing_twice_changes_nothing(book):
    """The second time there is nothing to write, and nothing is waiting for a person."""
    assert record(book, HALF, "ada") == 3

    assert record(book, HALF, "ada") == 0
    assert not book.find_submission(CODE, "ada").needs_manual_grade


def test_a_later_submission_updates(book):
    """Scores and comments follow the newest report."""
    record(book, HALF, "ada")

    assert record(book, FULL, "ada") == 2
    assert totals(book) == (pytest.approx(3.8), pytest.approx(2.8))


def test_what_a_person_wrote_is_never_overwritten(book):
    """A manual score, comment and extra credit stay; who wrote them is asked to look again."""
    record(book, HALF, "ada")
    grade, comment = book.find_grade("A1", CODE, CODE, "ada"), book.find_comment("A1", CODE, CODE, "ada")
    grade.manual_score, grade.extra_credit, comment.manual_comment = 0.25, 0.01, "nearly"
    book.db.commit()

    record(book, FULL, "ada")

    assert (grade.manual_score, grade.extra_credit, comment.manual_comment) == (0.25, 0.01, "nearly")
    assert totals(book)[0] == pytest.approx(0.26 + 2.5 + 1)
    assert grade.needs_manual_grade


def test_a_problem_may_come_later(book):
    """Who was scored before gets a place for it."""
    fewer = dataclasses.replace(ASSIGNMENT, problems=ASSIGNMENT.problems[:1])
    book.remove_notebook(CODE, CODE)
    declare(book, fewer)
    record(book, report_on(FULL, 1), "ada")

    declare(book, ASSIGNMENT)
    record(book, FULL, "ada")

    assert totals(book) == (pytest.approx(3.8), pytest.approx(2.8))


def report_on(report, problems):
    """Return a report on the first problems."""
    return msgspec.structs.replace(report, problems=report.problems[:problems])


def test_a_problem_that_is_gone_is_named(book):
    """Its points would count for everybody's full score."""
    with pytest.raises(UsageError, match="scores for A2"):
        declare(book, dataclasses.replace(ASSIGNMENT, problems=ASSIGNMENT.problems[:1]))


def test_alembic_need_not_be_on_the_path(tmp_path, monkeypatch):
    """nbgrader runs it by its name to make a new gradebook."""
    monkeypatch.setenv("PATH", "/nowhere")

    with opened(address_of(tmp_path), "hw") as gradebook:
        assert "alembic_version" in inspect(gradebook.engine).get_table_names()


def test_a_database_that_is_not_there_is_one_sentence():
    """Nobody needs SQLAlchemy's hundred lines."""
    with pytest.raises(UsageError, match=r"cannot be used: .*; is --db right"), opened("sqlite:////no/where.db", "hw"):
        pass


def test_the_code_is_a_notebook_that_shows_student_text_as_it_is():
    """Files and messages stand in code cells and outputs, without control characters."""
    report = make_report(ALL_PASSED | {"test_one": dataclasses.replace(WRONG, message="off \x1b[31m<b>")})
    files = {"conv.py": b"# <script>alert(1)</script> \xff\x1b]0;x\x07\n"}

    notebook = nbformat.reads(code_notebook(ASSIGNMENT, report, files), nbformat.NO_CONVERT)

    nbformat.validate(notebook)
    text = "\n".join(f"{cell.source}\n{cell.get('outputs')}" for cell in notebook.cells)
    assert {cell.cell_type for cell in notebook.cells} == {"code"}
    assert "<script>" in text and "WRONG" in text and "One is one." in text
    assert not any(character in text for character in "\x1b\x07")


@pytest.fixture
def results(tmp_path, made, solution_report):
    """A folder with the report of the solution, as of a student, beside an empty gradebook."""
    shutil.copy(made, tmp_path)
    name = SubmissionName("ada", solution_report.submission.hash)
    write_report(tmp_path / "results", msgspec.structs.replace(solution_report, submission=name))
    return tmp_path / "results"


def run(*words):
    """Run the command."""
    return CliRunner().invoke(main, ["export", "nbgrader", *map(str, words)])


def test_the_command_writes_scores_and_notebooks(results, tmp_path, assignment):
    """All points of the solution arrive, its notebook lies where formgrader looks, and again nothing changes."""
    first, again = run(results, "--course", tmp_path), run(results, "--course", tmp_path)

    assert first.exit_code == 0, first.output
    assert f"1 of 1 students, {len(assignment.problems)} scores that are new" in first.output
    assert "1 of 1 students, 0 scores" in again.output
    assert (tmp_path / "autograded" / "ada" / CODE / f"{CODE}.ipynb").is_file()
    with opened(address_of(tmp_path), assignment.name) as gradebook:
        assert totals(gradebook) == (134.0, 102.0)


def test_a_report_that_is_our_fault_is_not_scored(tmp_path, results, solution_report):
    """It would cost a student points: the others are written, and it is named."""
    [first, *rest] = solution_report.checks
    spoilt = msgspec.structs.replace(first, outcome=Outcome.ERROR, label=Label.GRADER_ERROR, points=0.0)
    name = SubmissionName("bob", "hash")
    write_report(results, msgspec.structs.replace(solution_report, submission=name, checks=[spoilt, *rest]))

    told = run(results, "--course", tmp_path)

    assert "1 of 2 students" in told.output and "no fault of theirs: bob" in told.output
    with opened(address_of(tmp_path), "x") as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]


def test_the_policy_is_what_nbgrader_exports(book):
    """What it takes off is a penalty there; the scores of the problems stay what they are."""
    record(book, FULL, "ada", penalty=0.8)

    submission = book.find_submission(CODE, "ada")
    book.db.refresh(submission)
    assert (submission.score, submission.late_submission_penalty) == (pytest.approx(3.8), 0.8)


def test_results_of_another_assignment_are_refused(tmp_path):
    """Nothing is written of them."""
    write_report(tmp_path, make_report())

    told = run(tmp_path, "--course", tmp_path)

    assert told.exit_code == 2 and "is of another assignment" in told.output
    assert not Path(tmp_path, "gradebook.db").exists()
