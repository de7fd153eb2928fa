"""A dask worker as a place where submissions are graded: what it must prove first, and what it does then.

Post.setup     same versions, same assignment, a wall that is high enough, a solution that passes here
               ──▶ the worker offers the resource that orders ask for; whoever is refused never offers it
carry_out      one call at a time; errors come back as values, for what raises in a worker is logged with its orders
Post.teardown  ends the grader and its zygote
"""

import asyncio
import platform
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from distributed import Worker, WorkerPlugin

from autograder import scale
from autograder.assignment import choose, read_assignment
from autograder.errors import AssignmentError, AutograderError, UsageError
from autograder.grading import versions
from autograder.lock import temporary_files
from autograder.model import Outcome, SubmissionName, Versions
from autograder.pool import attempt
from autograder.sandbox.level import Level
from autograder.submission import Entry, read_submission

HOME = Path(__file__).parent


@dataclass(frozen=True)
class Terms:
    """What a run asks of a worker. run: its name, which no other run has; assignment: the file, seen from HOME."""

    run: str
    assignment: str
    problems: tuple[str, ...]
    assignment_hash: str
    versions: Versions
    minimum: Level
    secret: bytes = field(repr=False)  # what is shown may be logged
    now: datetime | None = None  # by the clock of who started the run

    def setting(self) -> scale.Setting:
        """Return what the grader is made from here. Raises AutograderError with what is not as it should be."""
        if (ours := versions()) != self.versions:
            raise UsageError(f"it has {_named(ours)}, and this run {_named(self.versions)}; install the same there")
        assignment = replace(choose(read_assignment(HOME / self.assignment), self.problems), now=self.now)
        setting = scale.setting_for(assignment, self.secret, self.minimum)
        if setting.assignment_hash != self.assignment_hash:
            raise AssignmentError(
                f"its assignment, checks and solution are {setting.assignment_hash}, and those of this run "
                f"{self.assignment_hash}; check out the same commit there"
            )
        return replace(setting, level=scale.best_level(assignment, self.minimum))


class Introduction(NamedTuple):
    """Who a worker is: its level of the wall, or why it does not grade."""

    run: str
    host: str
    level: str
    refusal: str


_one_at_a_time = threading.Lock()
_post: "Post | None" = None  # of this worker, the last that was set up


class Post(WorkerPlugin):
    """Makes a dask worker a grader for one run."""

    def __init__(self, terms: Terms) -> None:
        """Ask for these terms."""
        self.name = terms.run
        self.terms = terms
        self.level = ""
        self.refusal = ""

    async def setup(self, worker: Worker) -> None:
        """Prove that this worker can grade, and offer it; take the place of a run that did not end its own."""
        global _post
        if _post is not None:
            await _post.teardown(worker)
        _post = self
        await asyncio.to_thread(self._prepare)
        if not self.refusal:
            await worker.set_resources(**{self.name: 1})

    async def teardown(self, worker: Worker) -> None:
        """End the grader, as soon as it has done what is under way."""
        global _post
        if _post is self:
            _post = None
            await worker.set_resources(**{self.name: 0})
            await asyncio.to_thread(self._leave)

    def _prepare(self) -> None:
        self._open = ExitStack()
        try:
            self._open.enter_context(temporary_files())
            self._grade_solution(self.terms.setting())
        except (AutograderError, OSError) as error:
            self.refusal = str(error)
            self._leave()

    def _grade_solution(self, setting: scale.Setting) -> None:
        """Start the grader; the time that the solution takes is the measure for limits on this machine."""
        grader = scale.take_up(setting)
        self.level = setting.level.value
        submission = read_submission(Entry("solution", setting.assignment.solution))
        report = grader.grade(SubmissionName("solution", submission.hash), submission.files)
        for check in report.counted:
            if check.outcome is not Outcome.PASSED:
                raise AssignmentError(f"the solution does not pass there: {check.id}: {check.label} {check.message}")
        scale.keep_own_time({check.id: check.seconds for check in report.checks})

    def _leave(self) -> None:
        with _one_at_a_time:
            scale.lay_down()
            self._open.close()


def carry_out(function: Any, arguments: tuple[Any, ...]) -> Any:
    """Return what a call returns, or its error."""
    with _one_at_a_time:
        return attempt(function, arguments)


def introduce() -> Introduction:
    """Say who this worker is."""
    if _post is None:
        return Introduction("", platform.node(), "", "")
    return Introduction(_post.name, platform.node(), _post.level, _post.refusal)


def _named(what: Versions) -> str:
    return f"Python {what.python}, NumPy {what.numpy}, autograder {what.autograder}"
