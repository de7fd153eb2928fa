"""The price of the wall itself: a fresh guest, and a call with small arrays, as a check meets them."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from autograder.reference import Reference
from autograder.sandbox.host import Sandbox
from autograder.sitting import Sitting
from autograder.student import Student

CALLS = 20  # in each guest
SECONDS = 60.0  # the limit, never the measure
X, W, B = np.ones((3, 4)), np.ones((5, 4)), np.zeros(5)


@dataclass(frozen=True)
class Crossing:
    """Seconds of each guest that was opened and each call that was made."""

    opens: list[float] = field(default_factory=list)
    first_calls: list[float] = field(default_factory=list)  # these import the student's file
    calls: list[float] = field(default_factory=list)
    closes: list[float] = field(default_factory=list)


def cross(sandbox: Sandbox, reference: Reference, files: Mapping[str, bytes], *, guests: int) -> Crossing:
    """Open guests one after another, and call linear_forward in each."""
    crossing = Crossing()
    for _ in range(guests):
        sitting = Sitting(sandbox, reference, files, SECONDS)
        sitting.begin("A1", SECONDS)
        call = partial(_call, Student(sitting))
        crossing.opens.append(_seconds(partial(_open, sitting)))
        crossing.first_calls.append(_seconds(call))
        crossing.calls.extend(_seconds(call) for _ in range(CALLS))
        crossing.closes.append(_seconds(sitting.close))
    return crossing


def _open(sitting: Sitting) -> None:
    sitting.guest = sitting.sandbox.open(sitting.files, sitting.reference.records)


def _call(student: Student) -> None:
    student.linear.linear_forward(X, W, B)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
