"""A thousand submissions in one run: nothing grows, and everybody gets the score that they get alone."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.model import Report
from autograder.results import REPORT
from autograder.sandbox.level import Level
from autograder.soak.course import Course
from autograder.soak.disaster import SECONDS_TO_VANISH, grade_quietly, judge
from autograder.soak.family import TRUSTED, wait_for_the_end
from autograder.soak.leak import suspicions
from autograder.soak.vitals import Life, Vitals

SECONDS_PER_SAMPLE = 0.25
MOST_GROWTH = 0.05


@dataclass(frozen=True)
class Marathon:
    """What came of a long run."""

    submissions: int
    seconds: float
    lives: Sequence[Life]
    alone: int  # how many submissions were graded alone, too
    complaints: Sequence[str]


def run(course: Course, level: Level, *, size: int, alone: int, watch: Callable[[int], None]) -> Marathon:
    """Grade a large class while its processes are watched, then some of it again, each alone.

    watch: is told how many have a report
    """
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        process = course.start(told)
        vitals = Vitals(process.pid, level)
        while process.poll() is None:
            vitals.sample()
            watch(sum(1 for _ in course.out.glob(f"*/{REPORT}")))
            time.sleep(SECONDS_PER_SAMPLE)
        complaints = judge(process.returncode, told)
    seconds = time.monotonic() - started
    complaints += [f"still there: {left.pid}" for left in wait_for_the_end(process.pid, seconds=SECONDS_TO_VANISH)]
    complaints += [f"left behind: {name}" for name in course.litter()]
    reports = course.reports()
    complaints += [f"{len(reports)} reports of {size} submissions"] * (len(reports) != size)
    complaints += [suspicion for report in reports.values() for suspicion in suspicions(report)]
    complaints += growths(vitals.lives())
    complaints += _grade_alone(course, reports, alone)
    return Marathon(size, seconds, vitals.lives(), alone, complaints)


def growths(lives: Sequence[Life]) -> list[str]:
    """Say what grew, and of which kind of process nothing can be said."""
    unseen = set(TRUSTED) - {life.role for life in lives}
    complaints = [f"{role}: no process lived long enough to say anything" for role in sorted(unseen)]
    for life in lives:
        if not life.growth() <= MOST_GROWTH:
            complaints.append(f"{life.role}: memory grew by {life.growth():.1%}, goal ≤ {MOST_GROWTH:.0%}")
        if life.opened() > 0:
            complaints.append(f"{life.role}: {life.opened()} descriptors were left open")
    return complaints


def _grade_alone(course: Course, reports: dict[str, Report], count: int) -> list[str]:
    """Grade some submissions in runs of their own; return whose score is another."""
    names = sorted(reports)
    chosen = names[:: max(1, len(names) // max(1, count))][:count]
    different = []
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            single = replace(course, submissions=course.submissions / name, out=Path(folder, "out"), jobs=1)
            complaints = grade_quietly(single)
            [report] = single.reports().values()
        different += complaints
        if _scores(report) != _scores(reports[name]):
            different.append(f"{name}: {reports[name].score:g} points in the class, {report.score:g} alone")
    return different


def _scores(report: Report) -> list[tuple[str, float]]:
    return [(check.id, check.points) for check in report.checks]
