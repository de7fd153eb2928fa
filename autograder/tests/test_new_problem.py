"""A newcomer adds a problem as solution/README.md says: it is handed out, graded and explained."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.secret import VARIABLE
from autograder.tests.conftest import ROOT

STEP = re.compile(r"^\d\. ([^\n]*)`([^`\n]+)`[^\n]*:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^Then these commands[^\n]*\n\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_COPIED = shutil.ignore_patterns("tests", "attacks", "__pycache__", ".secret")


@pytest.fixture(scope="module")
def text():
    """What solution/README.md says."""
    return (ROOT / "solution" / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, without other mistakes: `make handout` runs the public checks on each of two hundred."""
    copy = tmp_path_factory.mktemp("newcomer") / "project"
    for name in ("solution", "handout", "datasets"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copytree(ROOT / "autograder", copy / "autograder", ignore=NOT_COPIED)
    for path in (copy / "autograder" / "mistakes").glob("*.toml"):
        path.unlink()
    shutil.copy2(ROOT / "Makefile", copy)
    (copy / ".venv").symlink_to(sys.prefix)
    return copy


@pytest.fixture(scope="module")
def said(text, project):
    """Write every block to the place that the text names, run its commands, and return what each of them said."""
    for told, path, block in STEP.findall(text):
        before = (project / path).read_text("utf-8") + "\n" if "to the end of" in told else ""
        (project / path).write_text(before + block, "utf-8")
    [commands] = COMMANDS.findall(text)
    return [_run(line.partition("#")[0].strip(), project) for line in commands.splitlines()]


def _run(command: str, project: Path) -> str:
    """Run a line in the shell with the grader of the copy, and nothing installed anew."""
    line = re.sub(r"^make ", "make --old-file=.venv/ready --old-file=.venv/ready-dev ", command)
    environment = os.environ | {VARIABLE: "of the tests", "NO_COLOR": "1", "PYTHONPATH": str(project), "MAKEFLAGS": ""}
    ended = subprocess.run(
        ["bash", "-c", line],
        cwd=project,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return f"{ended.stdout}{ended.stderr}exit code {ended.returncode}"


def test_the_text_names_every_place_that_a_problem_needs(text):
    """A function, a public check, a hidden one, a mistake and the points; each block goes to one file."""
    assert [path for _, path, _ in STEP.findall(text)] == [
        "solution/numnet/dropout.py",
        "solution/tests/test_dropout.py",
        "autograder/checks/test_dropout.py",
        "autograder/mistakes/dropout.toml",
        "autograder/assignment.toml",
    ]


def test_the_handout_gets_a_stub(said, project):
    """`make handout` leaves the docstring and takes the answer."""
    stub = (project / "handout" / "numnet" / "dropout.py").read_text("utf-8")

    assert said[0].endswith("exit code 0")
    assert 'raise NotImplementedError("K1 dropout: not written yet")' in stub
    assert "Leave units out" in stub and "x * keep" not in stub


def test_the_solution_gets_the_points_and_the_handout_none(said):
    """The comment beside the command says what is printed."""
    assert "solution: 2 of 2 points\nhandout: 0 of 2 points\n" in said[1]
    assert said[1].endswith("exit code 0")


def test_the_mistake_is_caught_and_explained(said):
    """`make mistakes` says that its own check catches it, and that the report gives its own hint."""
    assert re.search(r"K1a +dropout_without_making_up +test_units_that_stay\w+ +WRONG +own", said[2])
    assert said[2].endswith("exit code 0")


def test_a_student_sees_what_is_to_be_written(said):
    """The public check's sentence stands in what check.py prints."""
    assert "not written yet  Of 3 and 5 only the first stays; with p = 0.5 it becomes 6." in said[3]
    assert "K1  Dropout: 2 points" in said[3]
