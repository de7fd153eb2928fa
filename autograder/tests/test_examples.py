"""The examples of every help text run as they stand, in a folder like an instructor's."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from autograder import cli
from autograder.assignment import choose_named, read_assignment
from autograder.results import write_report
from autograder.secret import VARIABLE
from autograder.tests.conftest import ROOT
from autograder.tests.sample import make_report
from autograder.tests.test_documents import COMMANDS, _examples

ELSEWHERE = {  # what needs more than a folder, or writes into the repository; the test that runs it
    "grade submissions/ --cluster tcp://head-node:8786": "test_cluster.py",
    "explain --all": "test_messages.py",
    "handout": "test_new_problem.py",
    "handout --check": "test_documents.py",
    "notebooks": "test_notebooks.py",
    "notebooks --check": "test_notebooks.py",
    "station gradescope /autograder --leaderboard": "test_station.py",
    "export nbgrader results --submissions class": "test_gradebook.py",
    "export nbgrader results --db postgresql+psycopg://grader@localhost/course": "test_gradebook.py",
}
EXAMPLES = sorted({" ".join(words): words for name in COMMANDS for words in _examples(COMMANDS[name])}.items())
HERE = [words for line, words in EXAMPLES if line.replace("'", "") not in ELSEWHERE]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
MODULES = sorted(set(re.findall(r"-m (autograder[.\w]*)", MAKEFILE)) - {"autograder.loopback"})  # `autograder grade`
FILES = {
    "gradebook.csv": "Student,ID,SIS User ID,Section,Homework 3 (7)\nPoints Possible,,,,2.8\nBob,7,student-07,A,\n",
    "worksheet.csv": "Identifier,ID number,Full name,Grade,Maximum Grade\nParticipant 7,student-07,Bob,,4.00\n",
    "students.csv": "student,canvas\nstudent-07,bob_7\n",
    "times.csv": "submission,handed_in\nstudent-07,2026-12-01T00:00:01+00:00\n",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An instructor's folder: a submission, as a folder and as a zip; a report on it; what other platforms export."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "of the tests")
    shutil.copytree(ROOT / "handout" / "numnet", tmp_path / "submissions" / "student-07" / "numnet")
    shutil.make_archive(str(tmp_path / "student-07"), "zip", ROOT / "handout", "numnet")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    write_report(tmp_path / "results", make_report(name="student-07"))
    return tmp_path


@pytest.mark.parametrize("words", HERE, ids=" ".join)
def test_example_runs(words, folder, monkeypatch):
    """Whoever copies an example from a help text gets what it says, and no error; two problems are enough."""
    if words[0] in ("grade", "regrade"):
        monkeypatch.setattr(cli, "read_assignment", lambda path: choose_named(read_assignment(path), "A3,D2"))

    ended = CliRunner().invoke(cli.main, words)

    assert ended.exit_code == 0, ended.output
    assert "--out" not in words or (folder / words[words.index("--out") + 1]).exists()


def test_what_is_not_run_here_is_run_elsewhere():
    """The list names examples that there are, and tests that there are."""
    lines = {line.replace("'", "") for line, _ in EXAMPLES}

    assert ELSEWHERE.keys() - lines == set()
    assert all((ROOT / "autograder" / "tests" / file).is_file() for file in ELSEWHERE.values())


@pytest.mark.parametrize("name", MODULES)
def test_module_of_the_makefile_explains_itself(name):
    """What a target runs has a help text with an example, whose options are listed below it."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "solution")}
    command = [sys.executable, "-m", name, "--help"]

    shown = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True).stdout

    examples = re.findall(rf"^ +python -m {re.escape(name)}\b(.*)", shown, re.MULTILINE)
    options = shown.partition("Options:")[2]
    assert examples
    assert [word for line in examples for word in re.findall(r"--[\w-]+", line) if f"{word} " not in options] == []
