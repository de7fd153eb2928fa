"""The pictures of the READMEs: known to be stale, and drawn the same twice."""

import os
import subprocess
import sys

import pytest

from autograder.tests.conftest import ROOT

ALONE = {"PYTHONPATH": str(ROOT / "solution"), "OPENBLAS_NUM_THREADS": "1"}
ELSEWHERE = """
import sys
from pathlib import Path
from autograder import illustration
illustration.FOLDER = Path(sys.argv.pop(1))
illustration.main()
"""


@pytest.fixture
def illustrate(tmp_path):
    """Run the command with another folder for its pictures: illustrate("one", "--check")."""

    def run(folder, *words):
        return subprocess.run(
            [sys.executable, "-c", ELSEWHERE, tmp_path / folder, *words],
            env=os.environ | ALONE, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return run


def test_the_same_solution_draws_the_same_bytes(illustrate, tmp_path):
    """Two runs write the same files, and they are fresh."""
    ended = [illustrate(folder).stderr for folder in ("one", "two")]
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()} for folder in ("one", "two"))

    assert ended == ["", ""] and one == two and len(one) == 3
    assert illustrate("one", "--check").returncode == 0


def test_a_picture_of_another_solution_is_stale(illustrate, tmp_path):
    """What is missing or was made from something else is named, with what to do."""
    (tmp_path / "old").mkdir()
    for path in (ROOT / "solution" / "pictures").iterdir():
        (tmp_path / "old" / path.name).write_text(path.read_text("utf-8").replace("made from ", "made from f"), "utf-8")
    (tmp_path / "old" / "loss.svg").unlink()

    ended = illustrate("old", "--check")

    assert ended.returncode == 2
    assert "feature-maps.svg, sensitivity.svg, loss.svg: made from something else" in ended.stderr
    assert "make pictures" in ended.stderr


def test_the_pictures_in_the_repository_are_fresh(illustrate):
    """They were made from the solution that is here."""
    assert illustrate(ROOT / "solution" / "pictures", "--check").returncode == 0
