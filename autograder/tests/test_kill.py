"""Whoever is killed, whenever: after the next run every submission has its one right report, and nothing is left."""

import os
import random
import shutil
import signal
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.lock import PREFIX, temporary_files
from autograder.results import opened
from autograder.sandbox.proof import candidates
from autograder.soak.course import Course, compare, verdicts
from autograder.soak.crowd import write_small
from autograder.soak.disaster import Strike, endure, grade_quietly
from autograder.soak.family import Role, wait_for_the_end

STUDENTS = 40  # `make soak` takes 200, twenty times
LEVEL = candidates()[0]


@pytest.fixture(scope="module")
def course(assignment, tmp_path_factory):
    """A class with a known answer for each way to answer A1, and its reports from a quiet run."""
    folder = tmp_path_factory.mktemp("kill")
    write_small(assignment, folder / "class", problem="A1", size=STUDENTS)
    return Course(folder / "class", folder / "quiet", folder / "temporary", problems="A1", jobs=2)


@pytest.fixture(scope="module")
def right(course):
    """What the reports must be."""
    assert grade_quietly(course) == []
    reports = course.reports()
    assert {report.score for report in reports.values()} >= {0.0, 6.0}
    return {name: verdicts(report) for name, report in reports.items()}


@pytest.mark.parametrize(
    "strikes",
    [
        pytest.param([Strike(Role.GUEST, 2), Strike(Role.ZYGOTE, 8), Strike(Role.WORKER, 14)], id="helpers"),
        pytest.param([Strike(Role.GRADER, 9)], id="grader"),
    ],
)
def test_nothing_is_lost(course, right, strikes, tmp_path):
    """Guest, zygote and worker of one run are killed, and the grader of another."""
    course = replace(course, out=tmp_path / "results", temporary=tmp_path / "temporary")

    aftermath = endure(course, strikes, right, LEVEL, random.Random(0))

    assert aftermath.struck == len(strikes)
    assert aftermath.complaints == []


def test_control_c_stops_cleanly(course, right, tmp_path):
    """As from a keyboard, to all processes at once: one sentence, nothing left, and the next run does the rest."""
    shutil.copytree(course.submissions, tmp_path / "class")
    (endless := tmp_path / "class" / "student-999" / "numnet").mkdir(parents=True)
    (endless / "linear.py").write_text("while True: pass", "utf-8")  # so that the run does not end before it is stopped
    course = replace(course, submissions=tmp_path / "class", out=tmp_path / "results", temporary=tmp_path / "temporary")
    with (tmp_path / "told").open("w+", encoding="utf-8") as told:
        process = course.start(told)
        while process.poll() is None and len(course.prints()) < 5:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        process.wait()
    graded = course.prints()

    assert process.returncode == 1
    assert (tmp_path / "told").read_text("utf-8").splitlines() == [
        "autograder: stopped; what was written is whole, and the same command goes on"
    ]
    assert wait_for_the_end(process.pid, seconds=10) == [] and course.litter() == []
    assert 5 <= len(graded) <= STUDENTS
    shutil.rmtree(endless.parent)
    assert grade_quietly(course) == [] and compare(course.reports(), right) == []
    assert graded.items() <= course.prints().items()


def test_two_runs_do_not_share_a_folder(tmp_path):
    """The second is refused with a sentence; once the first has ended, its half reports are removed."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / ".report.json-half").touch()
    (tmp_path / ".scores.csv-half").touch()

    with opened(tmp_path):
        assert [path.name for path in tmp_path.rglob("*")] == ["ada"]
        with pytest.raises(UsageError, match="another run writes there"), opened(tmp_path):
            pass


def test_a_folder_that_another_run_removes_before_it_is_locked_is_made_anew(tmp_path, monkeypatch):
    """Between making and locking it, it looks as if its run had been killed."""
    made = tempfile.mkdtemp
    taken = []

    def mkdtemp(**options):
        folder = made(dir=tmp_path, **options)
        if not taken:
            taken.append(folder)
            Path(folder).rmdir()
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)

    with temporary_files() as folder:
        assert folder.is_dir() and str(folder) not in taken


def test_temporary_files_of_a_killed_run_are_removed(tmp_path, monkeypatch):
    """Those of a run that lives are not, nor is what has another name."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"{PREFIX}dead" / "canary").mkdir(parents=True)
    (tmp_path / "somebody-elses").mkdir()

    with temporary_files() as outer:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        with temporary_files() as inner:
            left = set(tmp_path.iterdir())

    assert left == {outer, inner, tmp_path / "somebody-elses"}
    assert [path.name for path in tmp_path.iterdir()] == ["somebody-elses"]
