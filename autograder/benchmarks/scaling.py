"""The scaling curve: what a submission of the ten checks takes in classes of many sizes, with one worker and with two.

Each class is graded in a process of its own. What comes before the first report, two seconds whatever the size, is told
apart: workers start, the wall is proved, solution and handout are graded.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from statistics import fmean, median

import msgspec

from autograder.benchmarks.classroom import Attendance, Lesson
from autograder.benchmarks.figure import Memory, Point, Scaling, figure
from autograder.errors import SandboxError
from autograder.sandbox.level import Level

SIZES = (10, 30, 100, 300, 1000)
WORKERS = (1, 2)
CLASSROOM = f"{__package__}.classroom"
ROUNDS = 9  # of everything else, for one of these
Curve = dict[tuple[int, int], list[Attendance]]  # by workers and submissions: on the way up, and on the way down


def scale(level: Level, rounds: int, sizes: Sequence[int] = SIZES) -> Scaling:
    """Grade a class of each size with each number of workers."""
    curves = [draw(level, sizes) for _ in range(max(1, rounds // ROUNDS))]
    points = [point(key, [curve[key] for curve in curves]) for key in curves[0]]
    early, late = sizes[-3], sizes[-1]
    figures = [
        figure(
            f"a submission of {late:,} : of {early:,}, {workers} worker{'s' * (workers > 1)}",
            [_each(curve[workers, late], late) / _each(curve[workers, early], early) for curve in curves],
            at_most=1.1,
        )
        for workers in WORKERS
    ]
    one, *_, most = WORKERS
    gains = [_each(curve[one, late], late) / _each(curve[most, late], late) for curve in curves]
    figures.append(figure(f"one worker : {most}, {late:,} submissions", gains, at_least=1.8))
    return Scaling(points, memories([attendance for curve in curves for attendance in curve[most, late]]), figures)


def draw(level: Level, sizes: Sequence[int]) -> Curve:
    """Grade every class, from the smallest to the largest and back: what drifts meanwhile drifts for all of them.

    Memory is measured in the largest. Nothing is removed before the end: for half a minute, ext4 without a journal
    passes every inode that was freed whenever a file is made.
    """
    marks = {sizes[-1]: [sizes[-3], sizes[-1]]}
    curve: Curve = {(workers, size): [] for size in sizes for workers in WORKERS}
    with tempfile.TemporaryDirectory(prefix="classes-") as folder:
        for number, (workers, size) in enumerate([*curve, *reversed(curve)]):
            lesson = Lesson(level, workers, size, f"{folder}/{number}", marks.get(size, []))
            curve[workers, size].append(attend(lesson))
    return curve


def attend(lesson: Lesson) -> Attendance:
    """Grade one class in a process of its own."""
    command = [sys.executable, "-m", CLASSROOM, msgspec.json.encode(lesson).decode()]
    done = subprocess.run(command, capture_output=True, start_new_session=True)
    if done.returncode:
        raise SandboxError(f"a class of {lesson.submissions} was not graded: {done.stderr.decode()[-2000:]}")
    return msgspec.json.decode(done.stdout, type=Attendance)


def point(key: tuple[int, int], classes: Sequence[Sequence[Attendance]]) -> Point:
    """Sum up what one class took, each time that it was graded."""
    workers, size = key
    start = median(attendance.start_seconds for attendances in classes for attendance in attendances)
    return Point(workers, size, start, median(_each(attendances, size) for attendances in classes))


def memories(attendances: Sequence[Attendance]) -> list[Memory]:
    """Sum up what the processes of a class hold at its first mark and at its last."""
    early, late = min(attendances[0].memory), max(attendances[0].memory)
    return [
        Memory(
            role,
            median(attendance.memory[early][role] for attendance in attendances),
            median(attendance.memory[late][role] for attendance in attendances),
            figure(
                f"memory of {role}, report {late:,} : {early:,}",
                [attendance.memory[late][role] / attendance.memory[early][role] for attendance in attendances],
                at_most=1.05,
            ),
        )
        for role in attendances[0].memory[early]
    ]


def _each(attendances: Sequence[Attendance], size: int) -> float:
    return fmean(attendance.seconds for attendance in attendances) / (size - 1)
