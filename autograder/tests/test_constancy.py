"""A score does not depend on the seed, and the command that says so sees a check that wavers."""

import os
from dataclasses import replace
from functools import partial

import pytest
from click.testing import CliRunner

from autograder import constancy
from autograder.constancy import patient, read_submissions, regrade, spread, tally
from autograder.mistake import read_mistakes
from autograder.sandbox.proof import candidates
from autograder.scale import Setting
from autograder.tests.conftest import ROOT, SECRET

CHECKS = ROOT / "autograder" / "checks"
STYLES = [ROOT / "autograder" / "tests" / "styles" / name for name in ("algorithms", "functional", "renamed")]
SAMPLE = ("A1", "A4", "C3", "E2", "G6", "H1")  # of the problems
SEEDS = 3

LOTTERY = """
from autograder.checks.claim import holds, problem

@problem("B2")
def test_luck(student, rng):
    \"\"\"Chance alone decides.\"\"\"
    holds(bool(rng.random() < 0.5), "no luck")
"""


def some(assignment, *names):
    """Return the assignment with some of its problems."""
    return replace(assignment, problems=tuple(one for one in assignment.problems if one.id in names))


def test_the_same_submission_gets_the_same_score_with_every_seed(assignment):
    """So it is for the solution, ten mistakes and three styles; `make seeds` tries all problems, and 50 seeds."""
    chosen = patient(some(assignment, *SAMPLE))
    setting = Setting(chosen, "h", SECRET, candidates()[0], training=False)
    submissions = read_submissions(chosen, STYLES, 10)

    tallies = tally(regrade(setting, submissions, seeds=SEEDS, jobs=os.cpu_count() or 1))

    assert tallies.keys() == submissions.keys()
    assert {name: one.waverings() for name, one in tallies.items() if one.waverings()} == {}
    assert {one.scores.total() for one in tallies.values()} == {SEEDS}
    right = float(sum(problem.points for problem in chosen.problems))
    for name, one in tallies.items():
        is_right = name in ("solution", *(style.name for style in STYLES))
        assert (list(one.scores) == [right]) is is_right, name


def test_mistakes_are_spread_over_the_problems():
    """Ten of them are of ten problems."""
    mistakes = read_mistakes(ROOT / "autograder" / "mistakes")

    assert len({mistake.problem for mistake in spread(mistakes, 10)}) == 10
    assert len(spread(mistakes, 10_000)) == len(mistakes)


@pytest.fixture
def lottery(tmp_path, monkeypatch, assignment):
    """Let the command grade by a check that lets chance decide."""
    (tmp_path / "test_lottery.py").write_text(LOTTERY, "utf-8")
    [problem] = some(assignment, "B2").problems
    luck = replace(problem, checks=(replace(problem.checks[0], id="test_luck", points=problem.points),))
    monkeypatch.setattr(constancy, "read_assignment", lambda _: replace(assignment, problems=(luck,)))
    monkeypatch.setattr(constancy, "Setting", partial(Setting, checks=tmp_path))


def test_a_check_that_wavers_is_named(lottery):
    """The command says which check, of which submission, how often it ended how; its exit code is 1."""
    ended = CliRunner().invoke(constancy.main, ["--seeds", "20", "--mistakes", "0", "--jobs", "1"])

    assert ended.exit_code == 1
    assert "solution: test_luck: " in ended.output
    assert "OK" in ended.output and "WRONG" in ended.output


def test_a_constant_score_ends_well():
    """Where no check wavers the exit code is 0, and each submission has its line."""
    arguments = ["--seeds", "2", "--mistakes", "1", "--problems", "B2", "--no-training", "--jobs", "1"]

    ended = CliRunner().invoke(constancy.main, [*arguments, str(STYLES[0])])

    assert ended.exit_code == 0, ended.output
    assert [line.split()[0] for line in ended.output.splitlines()] == ["submission", "B2a", "algorithms", "solution"]
