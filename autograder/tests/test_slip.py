"""check.py recognises a known mistake by a few sums of its answers, and nothing else is given away."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from autograder.mistake import apply, read_mistakes
from autograder.slip import is_fresh
from autograder.tests.conftest import ROOT
from autograder.tests.homework import load

MISTAKES = {mistake.id: mistake for mistake in read_mistakes(ROOT / "autograder" / "mistakes")}


@pytest.fixture(scope="module")
def slip():
    """The module that makes marks, as a student has it."""
    return load("given.slip")["given.slip"]


@pytest.fixture
def check(tmp_path):
    """Run check.py on the solution with a mistake in it: check("A3g") -> what it prints."""
    shutil.copytree(ROOT / "solution", tmp_path / "answer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "handout" / "slips.json", tmp_path / "answer")

    def run(mistake):
        module = tmp_path / "answer" / "numnet" / mistake.file
        edited = apply([mistake], {mistake.file: module.read_bytes()})
        module.write_bytes(edited[mistake.file])
        command = [sys.executable, "-B", tmp_path / "answer" / "check.py", mistake.problem]
        return " ".join(subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stdout.split())

    return run


@pytest.mark.parametrize("name", ["A3d", "B1d", "H3c"])
def test_a_known_mistake_is_named_in_a_public_check(check, name):
    """In the words of its hint."""
    assert MISTAKES[name].hint in check(MISTAKES[name])


def test_another_mistake_is_not(check):
    """It gets what was measured, and the usual slip of the docstring."""
    mistake = MISTAKES["A3d"]
    unknown = mistake.replace.replace("[-1]", "[0]")

    said = check(
        mistake.__class__(**{name: getattr(mistake, name) for name in mistake.__slots__} | {"replace": unknown})
    )

    assert "The usual slip" in said
    assert mistake.hint not in said


def test_the_slips_of_the_handout_are_fresh(assignment):
    """They are made from these mistakes, this solution and these public checks."""
    assert is_fresh(assignment)


def test_slips_hold_hints_and_a_few_numbers_for_each_answer():
    """Four numbers for each quantity, however large it is: nobody can make an answer of them."""
    slips = json.loads((ROOT / "handout" / "slips.json").read_text("utf-8"))
    entries = [entry for entries in slips["checks"].values() for entry in entries]

    assert set(slips["hints"]) == {mistake.hint for mistake in MISTAKES.values()}
    assert len(entries) > 100
    assert all(len(mark) == 4 for _, marks in entries for mark in marks)


@pytest.mark.parametrize("seed", range(5))
def test_marks_are_the_same_but_for_rounding(slip, seed):
    """A sum that is taken in another order, or by another machine, makes no other slip."""
    rng = np.random.default_rng(seed)
    dx = 10.0 ** rng.integers(-3, 6) * rng.normal(size=(3, 4))
    answer = {"dx": dx, "words": ["a", "b"], "loss": 3.5}

    rounded = answer | {"dx": dx * (1 + 1e-13 * rng.normal(size=(3, 4)))}
    others = [
        answer | {"dx": dx[::-1]},
        answer | {"dx": dx.ravel()},
        answer | {"dx": 2 * dx},
        answer | {"words": ["b", "a"]},
        answer | {"loss": 35},
    ]

    assert slip.is_same([slip.mark(answer)], [slip.mark(rounded)])
    assert not any(slip.is_same([slip.mark(answer)], [slip.mark(other)]) for other in others)
    assert not slip.is_same([slip.mark(answer)], [])
