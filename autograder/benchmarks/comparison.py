"""The ten checks side by side: this grader, plain pytest, the checks alone and every other grader, by turns.

In each round every one of them grades the submission once; ratios are made round by round.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import autograder
from autograder.benchmarks.figure import Standing, figure, figure_ms
from autograder.benchmarks.plain import lay_out
from autograder.benchmarks.processor import Meter
from autograder.benchmarks.rival import GOALS, installed, open_rival
from autograder.benchmarks.stopwatch import Stopwatch
from autograder.benchmarks.trial import Trial

OURS = f"autograder {autograder.__version__}"
MOST_MILLISECONDS = 50.0  # of ours
PLAIN_PYTEST = 5.0  # times as long as ours, at least


@dataclass(frozen=True)
class Contender:
    """One way to grade the ten checks, and what was measured of it.

    grade: grades the submission once, and returns the seconds
    at_least: how many times as long as ours it shall take
    """

    name: str
    wall: str
    grade: Callable[[], float]
    at_least: float | None = None
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def take_a_turn(self, meter: Meter) -> None:
        """Grade once, and keep what it took."""
        seconds, processor = meter.measure(self.grade)
        self.seconds.append(seconds)
        self.processor.append(processor)


def compare(trial: Trial, folder: Path, rounds: int, meter: Meter) -> list[Standing]:
    """Let everybody grade the same submission, by turns."""
    with contenders(trial, folder) as found:
        take_turns(found, rounds, meter)
    return [standing(contender, found[0]) for contender in found]


def take_turns(contenders: Sequence[Contender], rounds: int, meter: Meter) -> None:
    """Let everybody grade once in a round."""
    for contender in contenders:
        contender.grade()  # the first time imports and compiles
    for _ in range(rounds):
        for contender in contenders:
            contender.take_a_turn(meter)


@contextmanager
def contenders(trial: Trial, folder: Path) -> Iterator[Sequence[Contender]]:
    """Give everybody that can be measured here, ours first."""
    plain = lay_out(folder / "plain")
    wall = trial.grader.examination.level
    with ExitStack() as stack:
        yield [
            Contender(OURS, wall, trial.grade),
            Contender("the checks called directly", "none", lambda: trial.run_direct(Stopwatch())),
            Contender(f"pytest {pytest.__version__} in a subprocess", "none", plain.grade, PLAIN_PYTEST),
            *(
                Contender(title, "none", stack.enter_context(open_rival(name, folder / name)).grade, GOALS[name])
                for name, title in installed().items()
            ),
        ]


def standing(contender: Contender, ours: Contender) -> Standing:
    """Sum up what was measured of one, beside ours."""
    ratios = [other / own for other, own in zip(contender.seconds, ours.seconds, strict=True)]
    return Standing(
        contender.name,
        contender.wall,
        figure_ms(contender.name, contender.seconds, at_most=MOST_MILLISECONDS if contender is ours else None),
        figure_ms(f"{contender.name}, processor", contender.processor),
        figure(f"{contender.name} : ours", ratios, at_least=contender.at_least),
    )
