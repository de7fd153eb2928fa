"""A round through nbgrader as its users know it: release, submit, autograde, grade by hand, feedback, export."""

import copy
import csv
import shutil
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed")

import nbformat
from nbformat.v4 import new_output
from nbgrader.apps import NbGraderAPI
from nbgrader.plugins import CsvExportPlugin
from traitlets.config.loader import PyFileConfigLoader

from autograder.notebooks.code import CODE, code_notebook
from autograder.notebooks.gradebook import address_of, declare, opened, record
from autograder.notebooks.release import CONFIG, HOMEWORK
from autograder.notebooks.written import KEY, NAMES, load_questions
from autograder.tests.conftest import ROOT
from autograder.tests.sample import ASSIGNMENT, make_report

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's, and what it imports

WRITTEN = "08_written"
SOURCE = ROOT / "notebooks" / "source" / HOMEWORK / f"{WRITTEN}.ipynb"
AUTOMATIC = 20.0  # points of the questions with numbers
QUESTIONS = load_questions(ROOT / "solution")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose homework is the written questions, released, handed in by several, and autograded."""
    root = tmp_path_factory.mktemp("course")
    (root / "source" / HOMEWORK).mkdir(parents=True)
    shutil.copy(SOURCE, root / "source" / HOMEWORK)
    with opened(address_of(root), "cnn-rnn-lm") as book:
        declare(book, ASSIGNMENT)
    api = _api(root)
    assert api.generate_assignment(HOMEWORK)["success"]
    blank = nbformat.read(root / "release" / HOMEWORK / SOURCE.name, nbformat.NO_CONVERT)
    for student, change in HANDED_IN.items():
        notebook = copy.deepcopy(blank)
        change(notebook, student)
        folder = root / "submitted" / student / HOMEWORK
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / SOURCE.name)
        told = api.autograde(HOMEWORK, student)
        assert told["success"], told["error"] + told["log"]
    return root


def _api(root):
    config = PyFileConfigLoader(CONFIG, str(ROOT / "notebooks")).load_config()
    config.CourseDirectory.root = str(root)
    config.NbGrader.log_level = "ERROR"
    return NbGraderAPI(config=config)


def _cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def right(notebook, student):
    """Answer every question with numbers."""
    own = QUESTIONS.numbers(student)
    for question, name in NAMES.items():
        _cell(notebook, f"{question}-answer").source += f"\n{name} = {KEY[question](own[question])!r}"


def copied(notebook, student):
    """Answer with the numbers of somebody else."""
    right(notebook, "ada")


def computed(notebook, student):
    """Let Python compute: it would leave a file behind."""
    for question, name in NAMES.items():
        command = f"__import__('pathlib').Path({str(LEFT)!r}).touch()"
        _cell(notebook, f"{question}-answer").source += f"\n{name} = {command}"


def forged(notebook, student):
    """Claim full marks in the outputs and the points, and change what checks."""
    for question in NAMES:
        cell = _cell(notebook, question)
        cell.outputs = [new_output("execute_result", {"text/plain": "1000.0"}, execution_count=1)]
        cell.metadata.nbgrader |= {"points": 1000, "solution": True, "locked": False, "grade_id": question}
        cell.source = "1000.0"


def deleted(notebook, student):
    """Send nothing but a title."""
    notebook.cells = notebook.cells[:1]


def doubled(notebook, student):
    """Send the cells that give points twice, the second time under names of nobody."""
    for question in NAMES:
        again, twice = copy.deepcopy(_cell(notebook, question)), copy.deepcopy(_cell(notebook, question))
        again.metadata.nbgrader.grade_id = again.id = f"{question}-again"
        twice.id = f"{question}-twice"
        notebook.cells += [again, twice]


def broken(notebook, student):
    """Write into the metadata what nbgrader does not expect there."""
    for cell, value in zip(notebook.cells, ("x", {"grade_id": []}, {"grade": True}, {"task": True}) * 9, strict=False):
        cell.metadata["nbgrader"] = value


LEFT = Path(sys.prefix) / "left-by-a-notebook"
TRICKS = {"eve": computed, "mallory": forged, "oscar": deleted, "peggy": doubled, "trent": broken}
HANDED_IN = {"ada": right, "bob": copied, **TRICKS}


def _score(root, student, assignment=HOMEWORK):
    with opened(address_of(root), "cnn-rnn-lm") as book:
        return book.find_submission(assignment, student).score


def test_right_answers_earn_their_points_before_anybody_reads_the_rest(course):
    """Two thirds of the written questions are graded at once; free text waits for a person."""
    assert _score(course, "ada") == AUTOMATIC
    with opened(address_of(course), "cnn-rnn-lm") as book:
        assert book.find_submission(HOMEWORK, "ada").max_score == 30
        assert book.find_submission(HOMEWORK, "ada").needs_manual_grade


@pytest.mark.parametrize("student", TRICKS)
def test_no_trick_earns_a_point(course, student):
    """Neither code, nor forged outputs, nor cells that are missing, there twice, or broken."""
    assert _score(course, student) == 0
    assert not LEFT.exists()


def test_the_numbers_of_somebody_else_are_no_answer(course):
    """Only what happens to be the same for both is right."""
    assert _score(course, "bob") < AUTOMATIC / 2


def test_a_person_reads_why(course):
    """Below each answer stands one sentence, and no right answer."""
    notebook = nbformat.read(course / "autograded" / "bob" / HOMEWORK / SOURCE.name, nbformat.NO_CONVERT)

    [said, points] = _cell(notebook, "W1a").outputs
    assert said.text == "W1a: not right, for the numbers of 'bob'\n"
    assert points.data["text/plain"] == "0.0"


def test_the_round_ends_with_the_right_totals(course, tmp_path):
    """Code beside notebooks, a grade by hand, feedback, export; then a later submission, and all of it again."""
    report = make_report(name="ada")
    _record(course, report)
    with opened(address_of(course), "cnn-rnn-lm") as book:
        grade = book.find_grade("W1d", WRITTEN, HOMEWORK, "ada")
        grade.manual_score, grade.needs_manual_grade = 0.75, False
        book.find_grade("A1", CODE, CODE, "ada").manual_score = 0.25
        book.find_comment("A1", CODE, CODE, "ada").manual_comment = "Well done."
        book.db.commit()

    api = _api(course)
    told = [api.generate_feedback(name, "ada") for name in (HOMEWORK, CODE)]
    _record(course, report)
    again = api.autograde(HOMEWORK, "ada", force=True)

    assert all(one["success"] for one in (*told, again)), (told, again)
    assert "Well done." in (course / "feedback" / "ada" / CODE / f"{CODE}.html").read_text("utf-8")
    assert _exported(course, tmp_path)["ada"] == {HOMEWORK: ("20.75", "30.0"), CODE: ("3.75", "2.8")}


def _record(course, report):
    with opened(address_of(course), "cnn-rnn-lm") as book:
        record(book, report, "ada")
    folder = course / "autograded" / report.submission.id / CODE
    folder.mkdir(parents=True, exist_ok=True)
    files = {"conv.py": b"def a1():\n    return '<script>'\n"}
    (folder / f"{CODE}.ipynb").write_text(code_notebook(ASSIGNMENT, report, files), "utf-8")


def _exported(course, folder):
    """Return score and full score of each student and assignment in the file of `nbgrader export`."""
    with opened(address_of(course), "cnn-rnn-lm") as book:
        CsvExportPlugin(to=str(folder / "grades.csv")).export(book)
    found = {}
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["student_id"], {})[row["assignment"]] = row["score"], row["max_score"]
    return found
