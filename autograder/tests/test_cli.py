"""The command: what it prints, its exit codes, and that bad input is told in one sentence and leaves nothing behind."""

import csv
import dataclasses
import io
import json
import re
import time

import psutil
import pytest
from click.testing import CliRunner
from rich.console import Console

from autograder import cli
from autograder.cli import main
from autograder.errors import Label
from autograder.model import Outcome
from autograder.pool import Worker
from autograder.run import grade_class
from autograder.scoring import Verdict
from autograder.tests.sample import ALL_PASSED, make_report


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a command in an empty folder, with a secret of its own: run("grade", path) -> result."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOGRADER_SECRET", "of the tests")

    def invoke(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def small_class(tmp_path, solution, handout):
    """A class of three: perfect, blank, and no archive at all."""
    folder = tmp_path / "class"
    for name, files in {"perfect": solution, "blank": handout}.items():
        (folder / name / "numnet").mkdir(parents=True)
        for path, source in files.items():
            (folder / name / "numnet" / path).write_bytes(source)
    (folder / "broken.zip").write_bytes(b"this is no zip")
    return folder


def test_class_is_graded_and_written(run, small_class, tmp_path, assignment):
    """Every submission has a report and a line in scores.csv, one that cannot be read too."""
    result = run("grade", small_class, "--jobs", 1, "--json")

    assert result.exit_code == 0, result.stderr
    reports = {report["submission"]["id"]: report for report in json.loads(result.stdout)["reports"]}
    assert {name: report["score"] for name, report in reports.items()} == {
        "perfect": assignment.core_points,
        "blank": 0,
        "broken": 0,
    }
    assert reports["broken"]["label"] == "BAD_ARCHIVE"
    with (tmp_path / "results" / "scores.csv").open(encoding="utf-8") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert rows["perfect"]["score"] == rows["perfect"]["max_score"] == f"{assignment.core_points:g}"
    assert rows["broken"]["label"] == "BAD_ARCHIVE"
    assert (
        json.loads((tmp_path / "results" / "perfect" / "report.json").read_bytes())["score"] == assignment.core_points
    )
    assert "<h1>broken</h1>" in (tmp_path / "results" / "broken" / "report.html").read_text("utf-8")
    assert "graded 3 of 3" in result.stderr


def test_unchanged_submissions_are_kept(run, small_class, tmp_path):
    """A second run grades only what changed, and mends a page that a loss of power cut; --fresh grades everything."""
    run("grade", small_class, "--jobs", 1, "--problems", "G2")
    (small_class / "blank" / "numnet" / "ngram.py").write_bytes(b"changed = True\n")
    page = tmp_path / "results" / "perfect" / "report.html"
    whole = page.read_bytes()
    page.write_bytes(whole[: len(whole) // 2])

    again = run("grade", small_class, "--jobs", 1, "--problems", "G2")
    mended = page.read_bytes()
    fresh = run("grade", small_class, "--jobs", 1, "--problems", "G2", "--fresh")

    assert "1 of them unchanged" in again.stderr
    assert mended == whole
    assert "unchanged" not in fresh.stderr


def test_chosen_problems_are_the_whole_denominator(run, small_class):
    """With --problems, a report has these problems and no others."""
    result = run("grade", small_class / "perfect", "--jobs", 1, "--problems", "G6,G2", "--json")

    [report] = json.loads(result.stdout)["reports"]
    assert [problem["id"] for problem in report["problems"]] == ["G2", "G6"]
    assert report["score"] == report["max_score"] == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["grade", "nowhere"], "nowhere"),
        (["grade", "."], "there is no submission"),
        (["grade", "class", "--problems", "Z9"], "there is no problem 'Z9'; there are A1"),
        (["grade", "class", "--min-level", "L5"], "--allow-unsafe"),
        (["grade", "class", "--out", "class/broken.zip"], "broken.zip"),
        (["explain", "class/broken.zip"], "is no report"),
        (["grade"], "PATH"),
        (["grade", "class", "--assignment", "class/broken.zip"], "broken.zip"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(run, small_class, tmp_path, arguments, sentence):
    """Bad input never gives a traceback, and no results."""
    if arguments == ["grade", "."]:
        (tmp_path / "class").rename(tmp_path / ".class")

    result = run(*arguments)

    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "results").exists()


def test_a_tree_that_is_wrong_stops_the_run(run, small_class, tmp_path, monkeypatch, assignment):
    """If the solution loses a point, nobody is graded: the check is named, and nothing is written."""
    swapped = dataclasses.replace(assignment, solution=assignment.handout, handout=assignment.solution)
    monkeypatch.setattr(cli, "read_assignment", lambda path: swapped)

    result = run("grade", small_class, "--jobs", 1, "--problems", "G6")

    assert result.exit_code == 2
    assert "the solution must pass every check and the handout none" in result.stderr
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(("kills", "errors"), [(1, 0), (2, 1)])
def test_a_worker_that_dies_is_replaced(run, small_class, monkeypatch, kills, errors):
    """Its submission is graded by another; if that one dies, too, the submission is named, and the next run goes on."""
    remaining = iter(range(kills))

    def killing(worker, function, arguments):
        if b"perfect" in arguments[0] and next(remaining, None) is not None:
            worker.process.kill()
        return call(worker, function, arguments)

    call = Worker.call
    monkeypatch.setattr(Worker, "call", killing)

    first = run("grade", small_class, "--jobs", 1, "--problems", "G6")
    second = run("grade", small_class, "--jobs", 1, "--problems", "G6")

    assert first.exit_code == (1 if errors else 0)
    assert f"graded {3 - errors} of 3" in first.stderr and "replaced" in first.stderr
    assert ("to be graded again: perfect" in first.stderr) == bool(errors)
    assert second.exit_code == 0 and "graded 3 of 3" in second.stderr and "unchanged" in second.stderr


def test_a_class_that_was_stopped_goes_on(run, small_class, tmp_path, monkeypatch):
    """Ctrl-C ends the run with one sentence, without its workers, and keeps what was graded."""

    def interrupted(*arguments, **named):
        named["watch"] = press_control_c
        return grade_class(*arguments, **named)

    def press_control_c(report):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "grade_class", interrupted)
    first = run("grade", small_class, "--jobs", 1, "--problems", "G6")
    left = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    monkeypatch.setattr(cli, "grade_class", grade_class)
    second = run("grade", small_class, "--jobs", 1, "--problems", "G6")

    assert first.exit_code == 1 and "stopped" in first.stderr and "Traceback" not in first.output
    assert left == []
    assert second.exit_code == 0 and "graded 3 of 3" in second.stderr


def test_explain_shows_what_was_lost(run, small_class):
    """Each failed check is shown with its claim, label and message."""
    run("grade", small_class / "blank", "--jobs", 1, "--problems", "G6")

    result = run("explain", "results/blank")

    assert result.exit_code == 0
    assert "0 of 1 points" in result.stdout
    assert "NOT_WRITTEN" in result.stdout and "sample_sentence: not written yet" in result.stdout


def test_handout_is_fresh(run):
    """The committed handout is what `make handout` would write."""
    result = run("handout", "--check")

    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("watched", [True, False])
def test_whoever_watches_sees_how_far_it_is(monkeypatch, watched):
    """How many of how many, how fast, how much longer, and how many to look at; a file gets nothing."""
    screen = io.StringIO()
    monkeypatch.setattr(cli, "err", Console(file=screen, force_terminal=watched, width=100))
    timeout = ALL_PASSED | {"test_one": Verdict(Outcome.FAILED, Label.TIMEOUT)}

    with cli._progress(5) as watch:
        for verdicts in (ALL_PASSED, timeout, ALL_PASSED):
            time.sleep(0.01)
            watch(make_report(verdicts))

    shown = screen.getvalue()
    assert all(re.search(part, shown) for part in ("3/5", r"\d a minute", "0:00:0", "1 to look at")) or not watched
    assert watched or not shown.strip()
