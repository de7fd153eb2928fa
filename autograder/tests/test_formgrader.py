"""formgrader, served as a grader sees it: the code of a submission is a page, and a grade by hand is kept."""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

pytest.importorskip("nbgrader", reason="nbgrader is not installed")

from autograder.notebooks.code import CODE, blank_notebook, code_notebook
from autograder.notebooks.gradebook import address_of, declare, opened, record
from autograder.results import write_whole
from autograder.tests.sample import ALL_PASSED, ASSIGNMENT, WRONG, make_report
from autograder.tests.server import free_port

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's, and what it imports

TOKEN = "of-the-tests"
REPORT = make_report(ALL_PASSED | {"test_one": WRONG})
FILES = {"conv.py": b"def a1():\n    return '<script>alert(1)</script>'\n"}
EXTENSIONS = {"nbgrader.server_extensions.formgrader": True}


@pytest.fixture
def course(tmp_path):
    """A course with one student's code in it."""
    with opened(address_of(tmp_path), "hw") as book:
        declare(book, ASSIGNMENT)
        record(book, REPORT, "ada")
    write_whole(tmp_path / "source" / CODE / f"{CODE}.ipynb", blank_notebook(ASSIGNMENT).encode())
    shown = code_notebook(ASSIGNMENT, REPORT, FILES)
    write_whole(tmp_path / "autograded" / "ada" / CODE / f"{CODE}.ipynb", shown.encode())
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'hw'\n", "utf-8")
    return tmp_path


@contextmanager
def served(course):
    """Serve a course; yield what asks for a page: ask(path) -> text, ask(path, change) after a change."""
    port = free_port()
    options = {"port": port, "open_browser": False, "allow_root": True, "jpserver_extensions": EXTENSIONS}
    config = {"ServerApp": options, "IdentityProvider": {"token": TOKEN}}
    (course / "jupyter_server_config.json").write_text(json.dumps(config), "utf-8")
    environment = os.environ | {"JUPYTER_CONFIG_DIR": str(course), "JUPYTER_NO_CONFIG": "", "HOME": str(course)}
    with (course / "server.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "jupyter_server"], cwd=course, env=environment, stderr=log)

    def ask(path, change=None):
        body = None if change is None else json.dumps(change).encode()
        request = Request(f"http://127.0.0.1:{port}/formgrader/{path}", body, {"Authorization": f"token {TOKEN}"})
        request.method = "PUT" if body else "GET"
        with urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    try:
        _wait(server, ask)
        yield ask
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait(server, ask):
    """Wait for the first answer."""
    until = time.monotonic() + 300
    while True:
        try:
            return ask("api/status")
        except URLError:
            assert server.poll() is None and time.monotonic() < until
            time.sleep(0.2)


def test_a_grader_sees_the_code_and_gives_points_that_stay(course):
    """The page has the student's file as text and each check's outcome; a grade by hand outlives our next visit."""
    with served(course) as ask:
        assignments = json.loads(ask("api/assignments"))
        [submitted] = json.loads(ask(f"api/submitted_notebooks/{CODE}/{CODE}"))
        page = ask(f"submissions/{submitted['id']}/")
        grades = {grade["name"]: grade for grade in json.loads(ask(f"api/grades?submission_id={submitted['id']}"))}
        ask(f"api/grade/{grades['A1']['id']}", {"manual_score": 0.25, "extra_credit": None})
        with opened(address_of(course), "hw") as book:
            record(book, make_report(), "ada")
        [after] = json.loads(ask(f"api/submitted_notebooks/{CODE}/{CODE}"))

    assert [(one["name"], one["max_score"]) for one in assignments] == [(CODE, pytest.approx(2.8))]
    assert (submitted["score"], submitted["student"]) == (pytest.approx(3.7), "ada")
    assert "One is one." in page and "f: off" in page and "alert(1)" in page
    assert "<script>alert" not in page
    assert {name: grade["auto_score"] for name, grade in grades.items()} == {"A1": 0.2, "A2": 2.5, "X1": 1.0}
    assert after["score"] == pytest.approx(0.25 + 2.5 + 1)
