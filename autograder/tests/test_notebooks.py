"""The notebooks: what they show, what they tell students, and that nothing is given away in what is released."""

import json
import re
from itertools import pairwise

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed")

import nbformat

from autograder.errors import HandoutError
from autograder.notebooks import release
from autograder.notebooks.literal import NoLiteral, read_literal
from autograder.notebooks.written import KEY, NAMES, judge, load_questions
from autograder.tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's, and what it imports

SOURCES = sorted((ROOT / "notebooks" / "source" / "homework").glob("*.ipynb"))
NO_PICTURE = {"save", "to_svg"}
QUESTIONS = load_questions(ROOT / "solution")


def cells(path):
    """Return the cells of a notebook."""
    return nbformat.read(path, nbformat.NO_CONVERT).cells


def test_every_picture_of_the_homework_is_shown():
    """What numnet.given.plots can draw is drawn somewhere."""
    text = (ROOT / "solution" / "numnet" / "given" / "plots" / "__init__.py").read_text("utf-8")
    pictures = set(re.findall(r'^    "(\w+)",$', text, re.MULTILINE)) - NO_PICTURE
    shown = {name for path in SOURCES for cell in cells(path) for name in re.findall(r"\bplots\.(\w+)", cell.source)}

    assert len(pictures) == 46
    assert pictures - shown == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_before_each_run_stands_what_to_expect(path):
    """A cell of code follows a sentence that says what comes, and how long it takes; answers are no runs."""
    runs = [(before, cell) for before, cell in pairwise(cells(path)) if cell.cell_type == "code"]

    for before, cell in runs:
        if "own[" not in cell.source and "check_form(" not in cell.source:
            assert re.search(r"\*\*Expect\*\*.*\(\d+ s\)", before.source, re.DOTALL), cell.id


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_source_is_written_so_that_a_change_is_a_line(path):
    """It has no outputs, and is what nbformat writes."""
    notebook = nbformat.read(path, nbformat.NO_CONVERT)

    nbformat.validate(notebook)
    assert path.read_text("utf-8") == nbformat.writes(notebook) + "\n"
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


def test_the_written_questions_are_worth_thirty_points():
    """Ten of them are free text, each with a mark scheme whose points add up."""
    own = [cell for cell in cells(SOURCES[-1]) if "points" in cell.metadata.get("nbgrader", {})]
    tasks = [cell for cell in own if cell.metadata.nbgrader.task]

    assert sum(cell.metadata.nbgrader.points for cell in own) == 30
    assert sum(cell.metadata.nbgrader.points for cell in tasks) == 10
    for cell in tasks:
        lines = re.findall(r"^([\d.]+)( for each filter)?: ", cell.source, re.MULTILINE)
        assert sum(float(points) * (2 if twice else 1) for points, twice in lines) == cell.metadata.nbgrader.points


def test_the_answers_of_the_source_are_right():
    """Whoever hands in as `solution` has the numbers that the source answers."""
    sources = {cell.id: cell.source for cell in cells(SOURCES[-1])}

    verdicts = [judge(QUESTIONS, question, "solution", sources[f"{question}-answer"]) for question in NAMES]

    assert [verdict.message for verdict in verdicts if not verdict.right] == []


@pytest.mark.parametrize("question", NAMES)
def test_everybody_has_an_answer_and_hardly_two_the_same(question):
    """The key answers whatever is drawn, by the rules of the form; and somebody else's answer is seldom right."""
    names = [f"student-{number}" for number in range(60)]
    answers = [repr(KEY[question](QUESTIONS.numbers(name)[question])) for name in names]

    for name, answer in zip(names, answers, strict=True):
        assert judge(QUESTIONS, question, name, f"{NAMES[question]} = {answer}").right
    assert question == "W2a" or len(set(answers)) > 5


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("size = (2 * 5, 8)", "not written out"),
        ("size = open('x')", "not written out"),
        ("length = 3", "there is no line"),
        ("size = (1", "is no Python"),
        ("size = " + "(" * 500, "is no Python"),
        ("size = " + "-" * 3000 + "1", ""),
        ("size = " + "9" * 5000, "more than 4000 characters"),
        ("size = {[]: 1}", "not written out"),
        ("size = \0", "is no Python"),
    ],
)
def test_what_is_no_literal_is_named(source, reason):
    """An answer that cannot be read is one sentence, whatever it is."""
    with pytest.raises(NoLiteral, match=reason):
        read_literal(source, "size")


def test_a_literal_is_read_as_the_last_line_says():
    """Lines of IPython and other statements are left alone."""
    assert read_literal("%time\nprint(own)\nsize = None\nsize = (1, -2.5)  # mine", "size") == (1, -2.5)


@pytest.mark.parametrize("answer", ["10**400", "1e999", "float('nan')", "'3'", "True", "[]", "{}", str(10**350)])
def test_a_strange_number_is_wrong_and_nothing_else(answer):
    """Neither too large nor too small a number troubles anybody."""
    assert not judge(QUESTIONS, "W5c", "ada", f"bound = {answer}").right


@pytest.fixture(scope="module")
def released(assignment):
    """The release notebooks, made anew."""
    return release.build(assignment)


def test_the_release_in_the_handout_is_the_one_that_nbgrader_makes(assignment, released):
    """To the byte, so that nothing in it depends on the day or on who made it."""
    found = {path.name: path.read_bytes() for path in (assignment.handout / "notebooks").iterdir()}

    assert found == released and len(found) == 9


def test_a_release_tells_nothing_but_the_questions(released):
    """No output, no count of runs, no answer, no mark scheme, no path and no user."""
    for name, content in released.items():
        notebook = json.loads(content)
        assert notebook["metadata"].keys() <= {"kernelspec", "language_info"}, name
        for cell in notebook["cells"]:
            assert not cell.get("outputs") and cell.get("execution_count") is None
            assert cell["metadata"].keys() <= {"nbgrader", "deletable", "editable"}
        assert not re.search(rb"SOLUTION|MARK SCHEME|/(home|root|Users|tmp)/", content), name


def test_a_release_has_no_answer(released):
    """Every answer is None, and the answers of the source stand nowhere."""
    sources = {cell["id"]: "".join(cell["source"]) for cell in json.loads(released["08_written.ipynb"])["cells"]}

    assert {read_literal(sources[f"{question}-answer"], name) for question, name in NAMES.items()} == {None}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"source": "### BEGIN SOLUTION\n"}, "would give an answer away"),
        ({"outputs": [nbformat.v4.new_output("stream", text="x")]}, "was run"),
        ({"execution_count": 3}, "was run"),
        ({"metadata": {"jupyter": {}}}, "has the metadata 'jupyter'"),
    ],
)
def test_a_notebook_that_tells_more_is_refused(change, reason):
    """The cell is named."""
    cell = nbformat.v4.new_code_cell("x = 1", id="here") | change
    notebook = nbformat.from_dict({"metadata": {}, "cells": [cell]})

    with pytest.raises(HandoutError, match=f"the cell here .*{reason}|the cell here {reason}"):
        release._require_bare("x.ipynb", notebook)
