"""A disk that is full ends a run with one sentence, and when there is room again the run goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.model import from_json
from autograder.results import PAGE, REPORT
from autograder.soak.crowd import write_small

CRAMPED = Path(__file__).with_name("cramped.py")
KIBIBYTES = 120  # room for a few reports of one problem
STUDENTS = 20


@pytest.fixture(scope="module")
def runs(assignment, tmp_path_factory):
    """What came of a run on a small disk, and of the same command after the disk has grown."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    folder = tmp_path_factory.mktemp("full")
    write_small(assignment, folder / "class", problem="A1", size=STUDENTS)
    (folder / "out").mkdir()
    command = [Path(sys.executable).with_name("autograder"), "grade", folder / "class", "--out", folder / "out"]
    done = subprocess.run(
        [sys.executable, CRAMPED, folder / "out", str(KIBIBYTES), *command, "--problems", "A1", "--jobs", "2"],
        env=os.environ | {"AUTOGRADER_SECRET": "of the tests"}, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return json.loads(done.stdout)


def reports_of(run):
    """Return the reports among the files of a run."""
    return {name: content for name, content in run["files"].items() if Path(name).name == REPORT}


def test_a_full_disk_is_one_sentence(runs):
    """It names the file and what to do; the exit code says that somebody was not graded."""
    full, _ = runs

    [sentence] = full["stderr"].strip().splitlines()
    assert full["code"] == 1
    assert REPORT in sentence or PAGE in sentence
    assert "No space left on device" in sentence and "the same command goes on" in sentence


def test_a_full_disk_holds_no_half_file(runs):
    """Every file that is there is a whole report, or its page."""
    full, _ = runs

    assert 0 < len(reports_of(full)) < STUDENTS
    assert {Path(name).name for name in full["files"]} == {REPORT, PAGE}
    assert all(from_json(content.encode()).checks for content in reports_of(full).values())
    assert all(content.endswith("</html>") for name, content in full["files"].items() if Path(name).name == PAGE)


def test_the_run_goes_on_when_there_is_room(runs):
    """The same command keeps what was written, byte for byte, and grades the others."""
    full, roomy = runs

    assert roomy["code"] == 0, roomy["stderr"]
    assert f"graded {STUDENTS} of {STUDENTS}, {len(reports_of(full))} of them unchanged" in roomy["stderr"]
    assert roomy["files"].items() > full["files"].items()
    assert len(roomy["files"]) == 2 * STUDENTS + 2  # and scores.csv, and the page of the class
