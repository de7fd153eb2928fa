"""What is measured, in which order, and held against which goal.

Whatever is compared is run by turns, A B A B, in one process; ratios and differences are made pair by pair.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import autograder
from autograder.benchmarks.crossing import cross
from autograder.benchmarks.direct import STUDENT
from autograder.benchmarks.figure import Figure, Findings, Part, describe_machine, figure, figure_ms
from autograder.benchmarks.plain import TEN_CHECKS, PlainPytest, lay_out
from autograder.benchmarks.rival import GOALS, Rival, installed
from autograder.benchmarks.stopwatch import Stopwatch
from autograder.benchmarks.trial import Trial, highest_level, open_trial, setting_for

HOMEWORK = Path(autograder.__file__).parent
GUESTS = 10  # for each round


def measure(rounds: int) -> Findings:
    """Measure everything; this takes some three seconds a round."""
    level = highest_level(HOMEWORK)
    machine = describe_machine(level)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        out = Path(folder)
        with open_trial(setting_for(TEN_CHECKS, level), out / "ten") as trial:
            ten = compare_with_plain_pytest(trial, lay_out(out / "plain"), rounds)
            for name in installed():
                ten += compare_with_rival(trial, Rival(name, out / name), rounds)
        with open_trial(setting_for(HOMEWORK, level), out / "homework") as trial:
            wall = price_of_the_wall(trial, rounds)
            added = price_of_grading(trial, rounds)
            parts, student = where_the_time_goes(trial, rounds)
    return Findings(machine, rounds, [*wall, *ten, *added], parts, student)


def price_of_the_wall(trial: Trial, rounds: int) -> list[Figure]:
    """Measure guests and calls."""
    grader = trial.grader
    crossing = cross(grader.sandbox, grader.reference, trial.submission.files, guests=GUESTS * rounds)
    return [
        figure_ms("a fresh guest", crossing.opens, at_most=8),
        figure_ms("its first call: imports the file", crossing.first_calls),
        figure_ms("a call with small arrays", crossing.calls, at_most=0.2),
        figure_ms("closing a guest", crossing.closes),
    ]


@dataclass(frozen=True)
class Pairs:
    """Seconds of two ways to do the same, measured by turns."""

    ours: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)

    def differences(self) -> list[float]:
        """Return by how many seconds ours takes longer, pair by pair."""
        return [ours - other for ours, other in zip(self.ours, self.other, strict=True)]


def compare_with_plain_pytest(trial: Trial, plain: PlainPytest, rounds: int) -> list[Figure]:
    """Grade the ten checks behind the wall and in plain pytest, by turns."""
    for once in (trial.grade, plain.grade, lambda: trial.run_direct(Stopwatch())):
        once()  # the first time imports and compiles
    pairs, own = Pairs(), []
    for _ in range(rounds):
        pairs.ours.append(trial.grade())
        pairs.other.append(plain.grade())
        own.append(trial.run_direct(Stopwatch()))
    ratios = [other / ours for ours, other in zip(pairs.ours, pairs.other, strict=True)]
    return [
        figure_ms("ten checks, behind the wall", pairs.ours, at_most=50),
        figure_ms("ten checks, plain pytest, no wall", pairs.other),
        figure_ms("ten checks, called directly", own),
        figure("ten checks, plain pytest : ours", ratios, at_least=5),
    ]


def compare_with_rival(trial: Trial, rival: Rival, rounds: int) -> list[Figure]:
    """Grade the ten checks behind the wall and with another grader, by turns."""
    rival.prepare()
    for once in (trial.grade, rival.grade):
        once()
    pairs = Pairs()
    for _ in range(rounds):
        pairs.ours.append(trial.grade())
        pairs.other.append(rival.grade())
    ratios = [other / ours for ours, other in zip(pairs.ours, pairs.other, strict=True)]
    return [
        figure_ms(f"ten checks, {rival.name}, no wall", pairs.other),
        figure(f"ten checks, {rival.name} : ours", ratios, at_least=GOALS[rival.name]),
    ]


def price_of_grading(trial: Trial, rounds: int) -> list[Figure]:
    """Grade the whole homework and call its checks directly, by turns."""
    for once in (trial.grade, lambda: trial.run_direct(Stopwatch())):
        once()
    pairs = Pairs()
    for _ in range(rounds):
        pairs.ours.append(trial.grade())
        pairs.other.append(trial.run_direct(Stopwatch()))
    added = pairs.differences()
    ratios = [more / own for more, own in zip(added, pairs.other, strict=True)]
    return [
        figure_ms("all checks, behind the wall", pairs.ours),
        figure_ms("all checks, called directly", pairs.other),
        figure_ms("added by wall, pytest and report", added, at_most=250),
        figure("added : called directly", ratios, at_most=0.5),
    ]


def where_the_time_goes(trial: Trial, rounds: int) -> tuple[list[Part], Part]:
    """Take a submission of the whole homework apart; return its parts, and what the student's functions take."""
    watches = [trial.take_apart() for _ in range(rounds)]
    parts = [_part(name, watches) for name in watches[0].seconds]
    direct = [Stopwatch() for _ in range(rounds)]
    for watch in direct:
        trial.run_direct(watch)
    return sorted(parts, key=lambda part: -part.milliseconds), _part(STUDENT, direct)


def _part(name: str, watches: Sequence[Stopwatch]) -> Part:
    return Part(name, watches[0].counts[name], 1e3 * float(np.median([watch.seconds[name] for watch in watches])))
