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
from autograder.tests.browser import blank, chromium
from autograder.tests.sample import ALL_PASSED, ASSIGNMENT, WRONG, make_report
from autograder.tests.server import free_port

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's, and what it imports

TOKEN = "of-the-tests"
REPORT = make_report(ALL_PASSED | {"test_one": WRONG})
FILES = {"conv.py": b"def a1():\n    return '<script>alert(1)</script>'\n"}
MATHJAX = "MathJax = {Hub: {Config() {}, Startup: {signal: {Interest() {}}}}}"  # nbgrader's pages fetch it from afar
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
    """Serve a course; yield ask(path) -> a page, ask(path, change) after a change, and the address of the site."""
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
        yield ask, f"http://127.0.0.1:{port}/"
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
    with served(course) as (ask, _):
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


@contextmanager
def formgrader(course):
    """Serve a course to a browser, which is given a still MathJax in the place of anything from afar."""
    with served(course) as (_, site), chromium() as browser, blank(browser) as seen:
        seen.page.set_extra_http_headers({"Authorization": f"token {TOKEN}"})
        seen.page.route(
            lambda address: not address.startswith(site),
            lambda route: route.fulfill(body=MATHJAX, content_type="text/javascript"),
        )
        yield seen, f"{site}formgrader"


def table(page, address):
    """Return the filled cells of each row of a table, once the page's script has written them."""
    page.goto(address)
    page.wait_for_function("models && models.loaded")
    rows = [row.inner_text().split("\t") for row in page.locator("#main-table tr").all()]
    return [[cell for cell in row if cell] for row in rows]


def test_the_pages_show_the_scores_in_a_browser(course):
    """In the tables of assignments, students and submissions, as nbgrader's own scripts write them."""
    with formgrader(course) as (seen, site):
        assignments = table(seen.page, f"{site}/gradebook")
        students = table(seen.page, f"{site}/manage_students")
        submissions = table(seen.page, f"{site}/gradebook/{CODE}/{CODE}")

    assert assignments == [[CODE, "None", "0", "3.7 / 2.8"]]
    assert students == [["None, None", "ada", "None", "3.7 / 2.8"]]
    assert submissions == [["Submission #1", "3.7 / 2.8", "3.7 / 2.8", "0 / 0", "0 / 0"]]
    assert seen.said == []


def test_a_grader_reads_the_code_in_a_browser_and_types_a_grade(course):
    """From the table to the notebook: source and outcomes are text, our points and comments wait in the fields."""
    with formgrader(course) as (seen, site):
        page, rows = seen.page, f"{site}/gradebook/{CODE}/{CODE}"
        table(page, rows)
        page.locator("#main-table .name a:visible").click()
        page.wait_for_function("formgrader.grades && formgrader.grades.loaded && formgrader.comments.loaded")
        text = page.get_by_role("main").inner_text()
        points = {name: page.locator(f"#{name}").get_attribute("placeholder") for name in ("A1", "A2", "X1")}
        comment = page.locator("#A1-comment").get_attribute("placeholder")
        with page.expect_response(lambda answer: "/api/grade/" in answer.url):
            page.locator("#A1").fill("0.25")
            page.locator("#A1").blur()
        after = table(page, rows)

    assert "return '<script>alert(1)</script>'" in text
    assert "A1.1 One is one." in text and "f: off" in text
    assert (points, comment) == ({"A1": "0.2", "A2": "2.5", "X1": "1"}, "2 of 3 checks passed")
    assert after[0][1] == "3.75 / 2.8"
    assert seen.said == []
