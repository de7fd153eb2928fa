"""A class of submissions over several processes: the same code for one core and for many.

Each worker is a process with its own `Grader` and its own zygote, made once. Work goes out and reports come back as
bytes, through the interface of `concurrent.futures.Executor`: to the local pool, or to a cluster.
"""

import os
import queue
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import msgspec

from autograder.assignment import Assignment, hash_of
from autograder.errors import AssignmentError, AutograderError, SandboxError
from autograder.folder import fingerprint
from autograder.grading import Examination, Grader
from autograder.hidden_check import CHECKS
from autograder.model import Report, SubmissionName
from autograder.pool import Pool
from autograder.reference import Reference, read_package
from autograder.sandbox.blame import KILLED
from autograder.sandbox.host import Limits
from autograder.sandbox.level import Level
from autograder.sandbox.proof import build_wall

Work = tuple[SubmissionName, Mapping[str, bytes]]  # a submission and its files
AHEAD = 2  # submissions that are read before a worker is free, for each worker
SECONDS_OF_PATIENCE = 10.0  # after which we look whether anybody is at work
_grader: Grader | AutograderError | None = None  # of this worker, made by start_worker
_seconds: Mapping[str, float] = {}  # how long the reference took for each check here, if this worker measured it


class Workforce(Protocol):
    """Workers that take submissions, on this machine or on many."""

    @property
    def size(self) -> int:
        """How many there are now. Raises ClusterError if there will be none."""

    @property
    def replaced(self) -> int:
        """How many have ended before their time."""

    def submit(self, function: Any, /, *arguments: Any) -> Future[Any]:
        """Let a worker make a call, when one is free."""


class Order(msgspec.Struct, frozen=True):
    """A submission that a worker shall grade; seconds: how long the reference took for each check."""

    submission: SubmissionName
    files: dict[str, bytes]
    seconds: dict[str, float]


class Loss(NamedTuple):
    """A submission that has no report, through our fault, and why."""

    submission: SubmissionName
    reason: str


@dataclass(frozen=True)
class Setting:
    """What every worker is made from."""

    assignment: Assignment
    assignment_hash: str
    secret: bytes = field(repr=False)  # what is shown may be logged
    level: Level
    checks: Path = CHECKS
    training: bool = True  # whether the checks that train a network are chosen, too

    def grader(self) -> Grader:
        """Build the wall at this level, load the reference and collect the checks."""
        sources = read_package(self.assignment.solution / "numnet")
        reference = Reference(sources)
        require_functions(self.assignment, reference)
        wall = build_wall(self.level, given(sources), limits(self.assignment), best=self.level)
        examination = Examination(
            self.assignment, self.assignment_hash, self.secret, wall.level.value, self.checks, self.training
        )
        try:
            return Grader(examination, reference, wall.sandbox)
        except AutograderError:
            wall.sandbox.close()
            raise


def require_functions(assignment: Assignment, reference: Reference) -> None:
    """Refuse an assignment that lists a function which the solution does not have."""
    for problem in assignment.problems:
        for function in problem.functions:
            if not reference.has(function):
                where = f"{assignment.path.name} line {problem.line}"
                raise AssignmentError(f"{where}: {problem.id} lists {function}, which is not in the solution")


def given(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of numnet that are ours in every submission."""
    return {path: source for path, source in sources.items() if path.startswith("given/") or path == "__init__.py"}


def limits(assignment: Assignment) -> Limits:
    """Return what a guest may use."""
    seconds = int(assignment.limits.seconds_per_submission) + 1
    return Limits(memory_bytes=int(assignment.limits.memory_mib) << 20, cpu_seconds=seconds)


def setting_for(assignment: Assignment, secret: bytes, level: Level) -> Setting:
    """Return what the workers of a run are made from."""
    chosen = " ".join(problem.id for problem in assignment.problems)
    return Setting(assignment, fingerprint({hash_of(assignment): chosen.encode()}), secret, level)


def best_level(assignment: Assignment, minimum: Level) -> Level:
    """Return the highest level of the wall that was proved to hold here. Raises SandboxError if it is too low."""
    wall = build_wall(minimum, given(read_package(assignment.solution / "numnet")), limits(assignment))
    wall.sandbox.close()
    return wall.level


def local_pool(setting: Setting, jobs: int) -> Pool:
    """Return an executor of that many worker processes on this machine."""
    return Pool(start_worker, [(setting, cores) for cores in share_cores(jobs)])


def share_cores(jobs: int) -> list[set[int]]:
    """Return the cores that each worker, with its guests, may use.

    While a worker waits its guest computes, so they share one core: a message that stays on a core takes a quarter of
    the time. With fewer workers than cores the system is left to choose.
    """
    cores = sorted(os.sched_getaffinity(0))
    return [{cores[i % len(cores)]} if jobs >= len(cores) else set(cores) for i in range(jobs)]


def start_worker(setting: Setting, cores: set[int]) -> None:
    """Make this process a worker. What goes wrong is told with the first submission."""
    global _grader
    os.sched_setaffinity(0, cores)
    try:
        take_up(setting)
    except AutograderError as error:
        _grader = error


def take_up(setting: Setting) -> Grader:
    """Make the grader of this process. Raises what is wrong with the wall or with the assignment."""
    global _grader
    _grader = setting.grader()
    return _grader


def keep_own_time(seconds: Mapping[str, float]) -> None:
    """Take the reference's time on this machine as the measure, whatever it took where orders come from."""
    global _seconds
    _seconds = seconds


def lay_down() -> None:
    """End the grader of this process, and its zygote."""
    global _grader
    if isinstance(_grader, Grader):
        _grader.close()
        _grader.sandbox.close()
    _grader = None


def grade_one(order: bytes) -> bytes:
    """Grade one submission in this worker; what may be a fault of ours is tried once more."""
    if not isinstance(_grader, Grader):
        raise _grader or SandboxError("this process is no worker")
    work = msgspec.msgpack.decode(order, type=Order)
    seconds = _seconds or work.seconds
    report = _grader.grade(work.submission, work.files, seconds=seconds)
    if report.has_errors or was_killed(report):
        report = _grader.grade(work.submission, work.files, seconds=seconds)
    return msgspec.msgpack.encode(report)


def was_killed(report: Report) -> bool:
    """Say whether a guest was killed: by its own code, or by a machine that is short of memory. Twice is its own."""
    return any(KILLED in check.message for check in report.checks)


def grade_all(pool: Workforce, works: Iterable[Work], seconds: Mapping[str, float]) -> Iterator[Report | Loss]:
    """Yield the report of each submission as soon as there is one, or that there is none.

    seconds: how long the reference took for each check
    """
    works = iter(works)
    waiting: dict[Future[bytes], SubmissionName] = {}
    ended: queue.SimpleQueue[Future[bytes]] = queue.SimpleQueue()
    while True:
        for name, files in islice(works, max(0, AHEAD * pool.size - len(waiting))):
            order = msgspec.msgpack.encode(Order(name, dict(files), dict(seconds)))
            future = pool.submit(grade_one, order)
            waiting[future] = name
            future.add_done_callback(ended.put)
        if not waiting:
            return
        try:
            future = ended.get(timeout=SECONDS_OF_PATIENCE)
        except queue.Empty:
            continue
        name = waiting.pop(future)
        try:
            yield msgspec.msgpack.decode(future.result(), type=Report)
        except SandboxError as error:
            yield Loss(name, str(error))
