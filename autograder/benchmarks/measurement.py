"""What is measured, in which order, and held against which goal.

Whatever is compared is run by turns, A B A B, in one process; ratios and differences are made round by round.
"""

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import autograder
from autograder.benchmarks.comparison import compare
from autograder.benchmarks.crossing import cross
from autograder.benchmarks.direct import STUDENT
from autograder.benchmarks.figure import Figure, Findings, Part, describe_machine, figure, figure_ms
from autograder.benchmarks.plain import TEN_CHECKS
from autograder.benchmarks.processor import Meter, metered
from autograder.benchmarks.scaling import scale
from autograder.benchmarks.stopwatch import Stopwatch
from autograder.benchmarks.trial import Trial, highest_level, open_trial, setting_for

HOMEWORK = Path(autograder.__file__).parent
GUESTS = 10  # for each round


def measure(rounds: int) -> Findings:
    """Measure everything."""
    level = highest_level(HOMEWORK)
    machine = describe_machine(level)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, metered() as meter:
        out = Path(folder)
        with open_trial(setting_for(TEN_CHECKS, level), out / "ten") as trial:
            standings = compare(trial, out, rounds, meter)
        with open_trial(setting_for(HOMEWORK, level), out / "homework") as trial:
            wall = price_of_the_wall(trial, rounds)
            added = price_of_grading(trial, rounds, meter)
            parts, student = where_the_time_goes(trial, rounds)
        without = dataclasses.replace(setting_for(HOMEWORK, level), training=False)
        with open_trial(without, out / "without") as trial:
            added += price_without_training(trial, rounds)
    scaling = scale(level, rounds)
    return Findings(machine, rounds, standings, [*wall, *added], parts, student, scaling)


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


def price_of_grading(trial: Trial, rounds: int, meter: Meter) -> list[Figure]:
    """Grade the whole homework and call its checks directly, by turns."""
    for once in (trial.grade, lambda: trial.run_direct(Stopwatch())):
        once()
    ours, processor, direct = [], [], []
    for _ in range(rounds):
        seconds, used = meter.measure(trial.grade)
        ours.append(seconds)
        processor.append(used)
        direct.append(trial.run_direct(Stopwatch()))
    added = [seconds - own for seconds, own in zip(ours, direct, strict=True)]
    ratios = [more / own for more, own in zip(added, direct, strict=True)]
    return [
        figure_ms("all checks, behind the wall", ours),
        figure_ms("all checks, behind the wall, processor", processor),
        figure_ms("all checks, called directly", direct),
        figure_ms("added by wall, pytest and report", added, at_most=250),
        figure("added : called directly", ratios, at_most=0.5),
    ]


def price_without_training(trial: Trial, rounds: int) -> list[Figure]:
    """Grade the homework without the checks that train a network."""
    trial.grade()
    return [figure_ms("all checks but training, behind the wall", [trial.grade() for _ in range(rounds)], at_most=1000)]


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
