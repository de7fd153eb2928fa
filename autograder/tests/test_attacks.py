"""No attack earns a point that it would not earn without its trick."""

import re
from pathlib import Path

import pytest

from autograder import attacks
from autograder.errors import Label
from autograder.model import SubmissionName
from autograder.sandbox.level import Level
from autograder.scale import Setting
from autograder.tests.conftest import SECRET

FILES = sorted(path for path in Path(attacks.__file__).parent.glob("*.py") if path.stem != "__init__")


def _labels(source: str) -> set[Label]:
    return {Label(name) for name in _head(source, "label").split(" or ")}


def _file(source: str) -> str:
    return _head(source, "file")


def _head(source: str, key: str) -> str:
    [value] = re.findall(rf"^{key}: (.*)$", source, re.MULTILINE)
    return value


def _twin(source: str) -> str:
    """Return the same file without its trick."""
    head, trick, tail = source.rpartition("\ntrick()\n")
    assert trick and not tail
    return head + "\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_attack_earns_nothing_by_its_trick(grade, handout, path):
    """The attack scores no more than its twin, and its checks end with the label that the file names."""
    source = path.read_text("utf-8")

    attack = grade(handout | {_file(source): source.encode()}, path.stem)
    twin = grade(handout | {_file(source): _twin(source).encode()}, path.stem)

    assert attack.score <= twin.score == 0.0
    examined = {check.label for check in attack.checks if check.problem == "A1"}
    assert examined <= _labels(source) | {Label.WRONG}
    assert examined & _labels(source)
    assert not attack.has_errors


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_attack_spoils_nothing_for_the_next_submission(grade, handout, solution, path):
    """After each attack the solution still gets every point."""
    source = path.read_text("utf-8")

    grade(handout | {_file(source): source.encode()}, path.stem)
    control = grade(solution, "control")

    assert control.score == control.max_score


def test_without_a_wall_the_search_finds_the_solution(assignment, handout):
    """At L5 the attack that searches the disk gets points: the wall is what stops it."""
    source = Path(attacks.__file__).with_name("search_for_the_answer.py").read_bytes()
    grader = Setting(assignment, "h", SECRET, Level.L5).grader()

    report = grader.grade(SubmissionName("thief", "0"), handout | {"linear.py": source})
    grader.close()
    grader.sandbox.close()

    assert report.problem("A1").score == report.problem("A1").max_score
