"""A class of submissions over several processes: the same code for one core and for many.

Each worker is a process with its own `Grader` and its own zygote, made once. Work and reports are plain values and
travel through the interface of `concurrent.futures.Executor`.
"""

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import AssignmentError, AutograderError, SandboxError
from autograder.grading import CHECKS, Examination, Grader
from autograder.model import Report, SubmissionName
from autograder.reference import Reference, read_package
from autograder.sandbox.host import Limits
from autograder.sandbox.level import Level
from autograder.sandbox.proof import build_wall

_grader: Grader | AutograderError | None = None  # of this worker, made by start_worker


@dataclass(frozen=True)
class Setting:
    """What every worker is made from."""

    assignment: Assignment
    assignment_hash: str
    secret: bytes
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


@contextmanager
def local_pool(setting: Setting, jobs: int) -> Iterator[Executor]:
    """Give an executor of that many worker processes on this machine."""
    context = multiprocessing.get_context("spawn")  # a fork would take our threads' locks and memory along
    cores: SimpleQueue[set[int]] = context.SimpleQueue()
    for core in share_cores(jobs):
        cores.put(core)
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=start_worker, initargs=(setting, cores)) as pool:
        yield pool


def share_cores(jobs: int) -> list[set[int]]:
    """Return the cores that each worker, with its guests, may use.

    While a worker waits its guest computes, so they share one core: a message that stays on a core takes a quarter of
    the time. With fewer workers than cores the system is left to choose.
    """
    cores = sorted(os.sched_getaffinity(0))
    return [{cores[i % len(cores)]} if jobs >= len(cores) else set(cores) for i in range(jobs)]


def start_worker(setting: Setting, cores: SimpleQueue[set[int]]) -> None:
    """Make this process a worker. What goes wrong is told with the first submission."""
    global _grader
    os.sched_setaffinity(0, cores.get())
    try:
        _grader = setting.grader()
    except AutograderError as error:
        _grader = error


def grade_one(submission: SubmissionName, files: Mapping[str, bytes], seconds: Mapping[str, float]) -> Report:
    """Grade one submission in this worker; an error of ours is tried once more."""
    if not isinstance(_grader, Grader):
        raise _grader or SandboxError("this process is no worker")
    report = _grader.grade(submission, files, seconds=seconds)
    return _grader.grade(submission, files, seconds=seconds) if report.has_errors else report


def grade_all(
    pool: Executor, works: Sequence[tuple[SubmissionName, Mapping[str, bytes]]], seconds: Mapping[str, float]
) -> Iterator[Report]:
    """Yield the report of each submission as soon as there is one.

    seconds: how long the reference took for each check
    """
    futures: list[Future[Report]] = [pool.submit(grade_one, name, files, seconds) for name, files in works]
    for future in as_completed(futures):
        try:
            yield future.result()
        except BrokenExecutor as error:
            raise SandboxError("a worker process ended; run again: what was graded is kept") from error
