"""The demonstration class is forty submissions that can be read, the same ones for the same seed."""

import ast
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from autograder import demo_class
from autograder.assignment import Assignment, read_assignment
from autograder.demo_class import build, write
from autograder.errors import AssignmentError, UsageError
from autograder.folder import read_folder
from autograder.handout import build as build_handout
from autograder.mistake import Mistake, read_mistakes
from autograder.roster import find_submissions
from autograder.submission import read_submission

OURS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    """Return our own assignment."""
    return read_assignment(OURS / "assignment.toml")


@pytest.fixture(scope="module")
def mistakes() -> tuple[Mistake, ...]:
    """Return our own mistakes."""
    return read_mistakes(OURS / "mistakes")


def classmates(folder: Path) -> list[dict[str, bytes]]:
    """Read every submission of a class."""
    return [dict(read_submission(entry).files) for entry in find_submissions([folder]).entries]


def test_forty_submissions_are_written_and_can_be_read(tmp_path: Path, assignment: Assignment) -> None:
    """They are student-01 to student-40, folders and zips, and nothing is worth a note."""
    write(assignment, tmp_path / "class")

    found = find_submissions([tmp_path / "class"])
    assert [entry.id for entry in found.entries] == [f"student-{number:02}" for number in range(1, 41)]
    assert found.notes == ()
    assert min(Counter(entry.path.suffix for entry in found.entries).values()) >= 10
    assert all(b"SOLUTION" not in text for files in classmates(tmp_path / "class") for text in files.values())


def test_every_kind_of_student_is_in_the_class(tmp_path: Path, assignment: Assignment) -> None:
    """Among them: one who wrote nothing, one who is right, a typo, a loop without end, an exit."""
    write(assignment, tmp_path / "class")

    answers = classmates(tmp_path / "class")
    handout = {path[7:]: text for path, text in build_handout(assignment).items() if path.count("/") == 1}
    blank = {name: handout[name] for name in answers[0]}
    everything = [b"".join(files.values()) for files in answers]
    assert answers.count(blank) >= 1
    assert sum(b"while True:\n        pass" in text for text in everything) == 1
    assert sum(b"os._exit(0)" in text for text in everything) == 1
    assert sum(not compiles(files) for files in answers) == 1
    assert sum(b"not written yet" in text for text in everything) == 1 + demo_class.UNFINISHED
    assert len(set(everything)) > 25


def compiles(files: dict[str, bytes]) -> bool:
    """Tell whether every module of an answer is Python."""
    try:
        return all(ast.parse(text) for text in files.values())
    except SyntaxError:
        return False


def test_the_seed_decides_every_byte(assignment: Assignment, mistakes: tuple[Mistake, ...]) -> None:
    """The same seed gives the same class, another seed another one."""
    first, again, other = (build(assignment, mistakes, np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_only_a_class_of_ours_is_replaced(
    tmp_path: Path, assignment: Assignment, mistakes: tuple[Mistake, ...]
) -> None:
    """What was written before is replaced whole; anybody else's folder stays."""
    write(assignment, tmp_path / "class", seed=1)
    write(assignment, tmp_path / "class", seed=2)
    (tmp_path / "thesis").mkdir()

    with pytest.raises(UsageError, match="thesis: not a demonstration class"):
        write(assignment, tmp_path / "thesis")

    again = build(assignment, mistakes, np.random.default_rng(2))
    assert read_folder(tmp_path / "class") == {path: text for path, text in again.items() if not path.startswith(".")}


def test_a_class_needs_mistakes(assignment: Assignment) -> None:
    """Without mistakes there is nothing to show."""
    with pytest.raises(AssignmentError, match="there are no mistakes"):
        build(assignment, (), np.random.default_rng())
