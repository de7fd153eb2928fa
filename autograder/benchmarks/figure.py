"""What was measured, as values: figures beside their goals, parts of the time, and the machine."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import autograder
from autograder.sandbox.level import Level

MILLISECONDS, TIMES = "ms", "×"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: the median of many, the quartiles around it, and the goal if there is one."""

    what: str
    unit: str
    low: float
    median: float
    high: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def has_goal(self) -> bool:
        """Say whether there is a goal."""
        return self.at_most is not None or self.at_least is not None

    @property
    def is_met(self) -> bool:
        """Say whether the median reaches the goal, if there is one."""
        below = self.at_most is None or self.median <= self.at_most
        above = self.at_least is None or self.median >= self.at_least
        return below and above


def figure(
    what: str,
    values: Sequence[float],
    *,
    unit: str = TIMES,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Figure:
    """Sum up measured values."""
    low, median, high = (float(quartile) for quartile in np.percentile(values, [25, 50, 75]))
    return Figure(what, unit, low, median, high, at_most, at_least)


def figure_ms(what: str, seconds: Sequence[float], *, at_most: float | None = None) -> Figure:
    """Sum up measured seconds as milliseconds; at_most: milliseconds."""
    return figure(what, [1e3 * value for value in seconds], unit=MILLISECONDS, at_most=at_most)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the time that one submission takes: how often it came, and its milliseconds in all."""

    what: str
    count: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Contest:
    """One work, done by the reference and by what others wrote: milliseconds of each, and their ratio."""

    what: str
    rival: str
    ours: Figure
    theirs: Figure
    ratio: Figure


@dataclass(frozen=True, slots=True)
class Standing:
    """One way to grade a submission: what it takes, and how many times ours that is."""

    grader: str
    wall: str
    seconds: Figure
    processor: Figure  # of it and all that it starts; nan where that cannot be known
    ratio: Figure


@dataclass(frozen=True, slots=True)
class Point:
    """A class that was graded: what it took until the first report, and for each submission after that one."""

    workers: int
    submissions: int
    start_seconds: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Memory:
    """What processes of one kind hold in all, early and late in a run."""

    role: str
    early: float  # MiB
    late: float
    growth: Figure


@dataclass(frozen=True, slots=True)
class Scaling:
    """How time and memory grow with a class."""

    points: Sequence[Point]
    memories: Sequence[Memory]
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one run of the benchmarks found."""

    machine: Mapping[str, str]
    rounds: int
    standings: Sequence[Standing]
    figures: Sequence[Figure]
    parts: Sequence[Part]  # they add up to the whole
    student: Part  # which of it the student's functions take by themselves
    scaling: Scaling = Scaling((), (), ())
    contests: Sequence[Contest] = ()


def describe_machine(level: Level) -> dict[str, str]:
    """Say what the figures were measured with."""
    return {
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "pytest": pytest.__version__,
        "autograder": autograder.__version__,
        "wall": level.value,
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "load": f"{os.getloadavg()[0]:.1f} before the first round",
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
