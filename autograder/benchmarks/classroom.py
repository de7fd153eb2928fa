"""A class of the ten checks, graded as `autograder grade` does it, in a process of its own that says what it took.

    python -m autograder.benchmarks.classroom '{"level": "L1", "workers": 2, "submissions": 30, "folder": "thirty"}'

No two submissions are alike. The process is the head of a session, so that its memory can be told from others'.
"""

import dataclasses
import os
import sys
import time
from pathlib import Path

import msgspec

from autograder.benchmarks.plain import TEN_CHECKS
from autograder.benchmarks.trial import setting_for
from autograder.errors import SandboxError
from autograder.model import Report
from autograder.roster import find_submissions
from autograder.run import grade_class
from autograder.sandbox.level import Level
from autograder.scale import Setting, local_pool
from autograder.soak.family import TRUSTED, by_role

MODULE = "numnet/loop.py"


class Lesson(msgspec.Struct, frozen=True):
    """What is to be graded.

    folder: where the class is written, and what comes of it; marks: the numbers of reports at which memory is measured
    """

    level: Level
    workers: int
    submissions: int
    folder: str
    marks: list[int] = []


class Attendance(msgspec.Struct, frozen=True):
    """What it took: seconds to the first report, seconds for all others, and the MiB of each role at each mark."""

    start_seconds: float
    seconds: float
    memory: dict[int, dict[str, float]]


def main(order: str) -> None:
    """Grade a class; say what it took."""
    lesson = msgspec.json.decode(order, type=Lesson)
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    folder = Path(lesson.folder)
    write_class(folder, lesson.submissions)
    sys.stdout.buffer.write(msgspec.json.encode(hold(lesson, folder)))


def write_class(folder: Path, size: int) -> None:
    """Write so many right submissions, no two of them alike, and a handout with nothing in it."""
    solution = (TEN_CHECKS / "solution" / MODULE).read_text("utf-8")
    texts = {f"class/student-{number:04}": f"{solution}\n# student {number}\n" for number in range(size)}
    for name, text in {**texts, "handout": ""}.items():
        (folder / name / MODULE).parent.mkdir(parents=True)
        (folder / name / MODULE).write_text(text, "utf-8")


def hold(lesson: Lesson, folder: Path) -> Attendance:
    """Grade the class in a folder."""
    moments: list[float] = []
    memory: dict[int, dict[str, float]] = {}

    def watch(_: Report) -> None:
        moments.append(time.perf_counter())
        if len(moments) in lesson.marks:
            memory[len(moments)] = resident(lesson.level)

    setting = _setting(lesson.level, folder / "handout")
    found = find_submissions([folder / "class"])
    started = time.perf_counter()
    with local_pool(setting, lesson.workers) as pool:
        run = grade_class(pool, setting, found, folder / "out", fresh=True, watch=watch)
        ended = time.perf_counter()
    if run.errors or len(run.submissions) != lesson.submissions:
        raise SandboxError(f"{len(run.submissions)} of {lesson.submissions} graded, {len(run.errors)} of them not well")
    return Attendance(moments[0] - started, ended - moments[0], memory)


def _setting(level: Level, handout: Path) -> Setting:
    setting = setting_for(TEN_CHECKS, level)
    return dataclasses.replace(setting, assignment=dataclasses.replace(setting.assignment, handout=handout))


def resident(level: Level) -> dict[str, float]:
    """Return how many MiB the trusted processes of this run hold, by role."""
    found = by_role(os.getpid(), level)
    return {role.value: sum(one.memory_info().rss for one in found.get(role, ())) / 2**20 for role in TRUSTED}


if __name__ == "__main__":
    main(sys.argv[1])
