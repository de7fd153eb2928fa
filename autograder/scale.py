"""A class of submissions over several processes: the same code for one core and for many.

Each worker is a process with its own `Grader` and its own zygote, made once. Work and reports are plain values and
travel through the interface of `concurrent.futures.Executor`.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from autograder.assignment import Assignment
from autograder.errors import AssignmentError, AutograderError, SandboxError
from autograder.grading import CHECKS, Examination, Grader
from autograder.model import Report, SubmissionName
from autograder.pool import Pool
from autograder.reference import Reference, read_package
from autograder.sandbox.blame import KILLED
from autograder.sandbox.host import Limits
from autograder.sandbox.level import Level
from autograder.sandbox.proof import build_wall

Work = tuple[SubmissionName, Mapping[str, bytes]]  # a submission and its files
_grader: Grader | AutograderError | None = None  # of this worker, made by start_worker


class Loss(NamedTuple):
    """A submission that has no report, through our fault, and why."""

    submission: SubmissionName
    reason: str


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
def local_pool(setting: Setting, jobs: int) -> Iterator[Pool]:
    """Give an executor of that many worker processes on this machine; an error in the block ends them at once."""
    pool = Pool(start_worker, [(setting, cores) for cores in share_cores(jobs)])
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


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
        _grader = setting.grader()
    except AutograderError as error:
        _grader = error


def grade_one(submission: SubmissionName, files: Mapping[str, bytes], seconds: Mapping[str, float]) -> Report:
    """Grade one submission in this worker; what may be a fault of ours is tried once more."""
    if not isinstance(_grader, Grader):
        raise _grader or SandboxError("this process is no worker")
    report = _grader.grade(submission, files, seconds=seconds)
    if report.has_errors or was_killed(report):
        return _grader.grade(submission, files, seconds=seconds)
    return report


def was_killed(report: Report) -> bool:
    """Say whether a guest was killed: by its own code, or by a machine that is short of memory. Twice is its own."""
    return any(KILLED in check.message for check in report.checks)


def grade_all(
    pool: Executor, works: Iterable[Work], seconds: Mapping[str, float], *, ahead: int
) -> Iterator[Report | Loss]:
    """Yield the report of each submission as soon as there is one, or that there is none.

    seconds: how long the reference took for each check; ahead: how many submissions to read before they are graded
    """
    works = iter(works)
    waiting: dict[Future[Report], SubmissionName] = {}
    while True:
        for name, files in islice(works, ahead - len(waiting)):
            waiting[pool.submit(grade_one, name, files, seconds)] = name
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            name = waiting.pop(future)
            try:
                yield future.result()
            except SandboxError as error:
                yield Loss(name, str(error))
