"""Processes that are killed in the middle of a run, and what is true after the next run."""

import contextlib
import random
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import psutil

from autograder.sandbox.level import Level
from autograder.soak.course import Course, compare
from autograder.soak.family import Role, by_role, wait_for_the_end

VICTIMS = (Role.GRADER, Role.WORKER, Role.ZYGOTE, Role.GUEST)
SECONDS_TO_VANISH = 10.0


@dataclass(frozen=True)
class Strike:
    """Who is killed, and when: so many seconds after there are so many reports, as soon as there is one to kill."""

    victim: Role
    reports: int
    seconds: float = 0.0


@dataclass(frozen=True)
class Aftermath:
    """What came of a run with strikes, and of the run after it."""

    strikes: Sequence[Strike]
    struck: int  # how many of them found a victim
    graded: int  # submissions that had a report after the run with strikes
    seconds: float  # from the first run's end until none of its processes was left
    complaints: Sequence[str]  # whatever is not as it should be


def endure(
    course: Course, strikes: Sequence[Strike], right: Mapping[str, Any], level: Level, rng: random.Random
) -> Aftermath:
    """Grade a class while processes are killed, then grade it again; right: what the reports must be.

    Unless the grader itself is killed, the first run must come to its end by itself.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        process = course.start(told)
        struck = sum([_strike(course, process, strike, level, rng=rng) for strike in strikes])
        process.wait()
        ended = time.monotonic()
        complaints = _left(process.pid)
        judgement = judge(process.returncode, told)
    seconds = time.monotonic() - ended
    first = course.reports()
    if not any(strike.victim is Role.GRADER for strike in strikes):
        complaints += judgement + compare(first, right)
    prints = course.prints()
    complaints += grade_quietly(course)
    again = course.prints()
    complaints += [f"{name} was graded twice" for name, print_ in prints.items() if again[name] != print_]
    complaints += compare(course.reports(), right)
    complaints += [f"left behind: {name}" for name in course.litter()]
    return Aftermath(strikes, struck, len(first), seconds, complaints)


def grade_quietly(course: Course) -> list[str]:
    """Grade a class to the end; return what there is to complain about."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        process = course.start(told)
        process.wait()
        return judge(process.returncode, told) + _left(process.pid)


def judge(code: int, told: IO[str]) -> list[str]:
    """Complain about the way a run ended, and about a traceback of ours."""
    told.seek(0)
    text = told.read().strip()
    complaints = [f"the command ended with {code}: {text[-300:]}"] if code else []
    return complaints + [f"a traceback was printed: {text[-300:]}"] * ("Traceback" in text)


def _left(session: int) -> list[str]:
    """Name the processes of a run that did not end with it."""
    names = []
    for process in wait_for_the_end(session, seconds=SECONDS_TO_VANISH):
        with contextlib.suppress(psutil.NoSuchProcess):
            names.append(f"still there: {process.pid} {' '.join(process.cmdline())[:80]}")
    return names


def _strike(
    course: Course, process: "subprocess.Popen[str]", strike: Strike, level: Level, *, rng: random.Random
) -> bool:
    """Kill one of those that a strike is meant for; say whether there was one before the run ended."""
    while process.poll() is None and len(course.prints()) < strike.reports:
        time.sleep(0.005)
    time.sleep(strike.seconds)
    while process.poll() is None:
        if victims := by_role(process.pid, level).get(strike.victim):
            with contextlib.suppress(psutil.NoSuchProcess):
                rng.choice(victims).kill()
                return True
    return False
