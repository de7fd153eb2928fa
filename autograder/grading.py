"""Grade submissions one after another with one pytest session, which collected the hidden checks once.

    Grader.grade(files) ──▶ the session's loop ──▶ a check's `student` ──▶ sitting ──▶ wall
           ▲                                                                            │
           └──────────────── Report ◀── scoring ◀── verdict of each check ◀─────────────┘

pytest owns the thread it runs in, so the session has a thread of its own: `pytest.main` runs there once, and its loop
over tests, which a plugin may own, is a loop over submissions. `pytest.main` per submission would cost 80 ms.
"""

import dataclasses
import gc
import logging
import platform
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

import autograder
from autograder.assignment import Assignment, require_same
from autograder.checks.claim import one_check
from autograder.errors import AssignmentError, Label, SandboxError, StudentError
from autograder.explanation import EXPLAINED, explain
from autograder.hidden_check import CHECKS, GIVEN, HiddenCheck
from autograder.mistake import Mistake, read_mistakes
from autograder.model import Outcome, Report, SubmissionName, Versions
from autograder.reference import Reference
from autograder.rehearsal import Rehearsal
from autograder.sandbox.host import Sandbox
from autograder.sandbox.level import Level
from autograder.scoring import Circumstances, Verdict, score
from autograder.secret import seed_id
from autograder.sitting import Sitting
from autograder.student import Student
from autograder.transcript import MOST_BYTES, Transcript

OPTIONS = [
    "--disable-plugin-autoload",
    "-c",
    "/dev/null",
    "--import-mode=importlib",
    "--strict-markers",
    "--noconftest",
]
log = logging.getLogger(__name__)
NOT_KNOWN: Mapping[str, float] = {}
LEFT_OUT = Verdict(Outcome.SKIPPED, Label.NOT_CHOSEN, "it trains a network, which was not asked for")
UNUSED_PLUGINS = """
cacheprovider capture debugging doctest faulthandler junitxml logging pastebin recwarn setuponly setupplan skipping
stepwise subtests terminal threadexception tmpdir unittest unraisableexception warnings
"""


@dataclass(frozen=True)
class Examination:
    """What a run needs to know besides the submissions."""

    assignment: Assignment
    assignment_hash: str
    secret: bytes = field(repr=False)  # what is shown may be logged
    level: str
    checks: Path = CHECKS  # the folder of the hidden checks
    training: bool = True  # whether the checks that train a network are chosen, too

    def circumstances(self) -> Circumstances:
        """Return what every report of this run says of it."""
        return Circumstances(self.assignment_hash, self.level, seed_id(self.secret), versions())


def versions() -> Versions:
    """Return what grades here."""
    return Versions(platform.python_version(), np.__version__, autograder.__version__)


@dataclass(frozen=True)
class Work:
    """What goes into the session: one submission."""

    submission: SubmissionName
    files: Mapping[str, bytes]
    seconds: Mapping[str, float]


class Grader:
    """A pytest session that grades one submission after another.

    Raises AssignmentError if checks and assignment contradict each other.
    """

    def __init__(self, examination: Examination, reference: Reference, sandbox: Sandbox) -> None:
        """Collect the checks."""
        self.examination = examination
        self.reference = reference
        self.sandbox = sandbox
        self._inbox: queue.Queue[Work | None] = queue.Queue()
        self._outbox: queue.Queue[Report | Exception | None] = queue.Queue()
        self._session = Session(self)
        self._thread = threading.Thread(target=self._run, name="checks", daemon=True)
        self._thread.start()
        answer = self._outbox.get()
        if isinstance(answer, Exception):
            raise answer

    def grade(
        self,
        submission: SubmissionName,
        files: Mapping[str, bytes],
        *,
        seconds: Mapping[str, float] = NOT_KNOWN,
        patience: float | None = None,
    ) -> Report:
        """Grade one submission.

        files: path inside numnet to source; seconds: how long the reference took for each check here; patience: after
        how many seconds to return what there is, with errors of ours for the rest. Such a grader is of no further use
        """
        work = Work(submission, files, seconds)
        self._inbox.put(work)
        try:
            answer = self._outbox.get(timeout=patience)
        except queue.Empty:
            return self._session.report(work)
        if not isinstance(answer, Report):
            raise answer or SandboxError("the checks ended")
        return answer

    def close(self) -> None:
        """End the session."""
        self._inbox.put(None)
        self._thread.join()

    def works(self) -> Iterator[Work]:
        """Yield what is to be graded, until the end; called by the session."""
        return iter(self._inbox.get, None)

    def answer(self, answer: Report | Exception | None) -> None:
        """Give a report back, or why there is none; called by the session."""
        self._outbox.put(answer)

    def _run(self) -> None:
        folder = self.examination.checks
        plugins = [f"-pno:{name}" for name in UNUSED_PLUGINS.split()]
        code = pytest.main([*OPTIONS, *plugins, f"--rootdir={folder}", str(folder)], plugins=[self._session])
        reason = "\n".join(self._session.problems) or f"pytest ended with {code!r}"
        self._outbox.put(AssignmentError(f"the hidden checks do not run: {reason}"))


class Session:
    """The pytest plugin: owns the loop, gives the checks what they ask for, keeps the verdicts."""

    def __init__(self, grader: Grader) -> None:
        """Belong to a grader."""
        self.grader = grader
        self.examination = grader.examination
        self.problems: list[str] = []
        self.rehearsal: Rehearsal | None = None  # made, and the mistakes read, when a check fails
        self.mistakes: tuple[Mistake, ...] = ()
        self.verdicts: dict[str, Verdict] = {}
        self.work = Work(SubmissionName("", ""), {}, {})

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the one mark there is."""
        config.addinivalue_line("markers", "problem(identifier, training): the problem that a check belongs to")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember why a file of checks could not be read."""
        if report.failed:
            self.problems.append(f"{report.nodeid}: {str(report.longrepr).strip()[-500:]}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Grade submissions until there are no more."""
        found = [item for item in session.items if isinstance(item, pytest.Function)]
        checks = {item.name: HiddenCheck(item.obj) for item in found}
        self.problems += [] if self.problems else self._misfits(found, checks)
        if self.problems:
            return True
        self.titles = {name: check.title for name, check in checks.items()}
        gc.collect()
        gc.freeze()  # what is there now stays: no collection shall walk through all of it again and again
        assignment = self.examination.assignment
        now = [problem for problem in assignment.problems if assignment.opening(problem) is None]
        chosen = [checks[check.id] for problem in now for check in problem.checks]
        self.grader.answer(None)
        for work in self.grader.works():
            try:
                self.grader.answer(self._grade(chosen, work))
            except Exception as error:
                self.grader.answer(error)
        return True

    def _misfits(self, items: list[pytest.Function], checks: Mapping[str, HiddenCheck]) -> list[str]:
        """Say why these checks cannot run, or nothing."""
        if len(checks) != len(items):
            return ["two checks have one name"]
        try:
            require_same(self.examination.assignment, {name: check.problem for name, check in checks.items()})
        except AssignmentError as error:
            return [str(error)]
        asked = [(item.name, name) for item in items for name in item.fixturenames]
        return [
            f"{check} asks for {name}; a check gets {' or '.join(GIVEN)}" for check, name in asked if name not in GIVEN
        ]

    def _grade(self, checks: list[HiddenCheck], work: Work) -> Report:
        left_out = {check.name for check in checks if check.trains and not self.examination.training}
        self.verdicts = dict.fromkeys(left_out, LEFT_OUT)
        self.work = work  # from here on, the verdicts are its own
        checks = [check for check in checks if check.name not in left_out]
        limits = self.examination.assignment.limits
        seconds = max(limits.seconds_per_submission, limits.times_reference * sum(work.seconds.values()))
        self.sitting = Sitting(self.grader.sandbox, self.grader.reference, work.files, seconds)
        transcripts: dict[str, Transcript] = {}
        try:
            for check in checks:
                self.verdicts[check.name] = self._examine(check)
                known = [*transcripts.values(), self.sitting.transcript]
                if self.verdicts[check.name].label in EXPLAINED and sum(one.bytes for one in known) <= MOST_BYTES:
                    transcripts[check.name] = self.sitting.transcript
        finally:
            self.sitting.close()
        self._explain(checks, transcripts)
        return self.report(work)

    def report(self, work: Work) -> Report:
        """Return the report on what ended until now; called from outside, too, when time runs out."""
        return score(
            self.examination.assignment,
            work.submission,
            dict(self.verdicts) if self.work is work else {},
            titles=self.titles,
            circumstances=self.examination.circumstances(),
            notes=["unsandboxed"] if self.examination.level == Level.L5.value else [],
        )

    def _explain(self, checks: list[HiddenCheck], transcripts: dict[str, Transcript]) -> None:
        """Give the verdicts that a known mistake explains its hint."""
        if not transcripts:
            return
        if self.rehearsal is None:
            playable = {check.name: check for check in checks if not check.trains}
            self.rehearsal = Rehearsal(self.grader.reference, self.examination.secret, playable)
            self.mistakes = read_mistakes(self.examination.assignment.path.parent / "mistakes")
        failed = {name for name, verdict in self.verdicts.items() if verdict.outcome is Outcome.FAILED}
        try:
            found = explain(self.rehearsal, self.mistakes, self.work.submission.hash, failed, transcripts)
        except Exception as error:  # a score does not depend on what explains it
            log.warning("no explanation of %.80r: %.200r", self.work.submission.id, error)
            return
        for check, hint in found.items():
            self.verdicts[check] = dataclasses.replace(self.verdicts[check], hint=hint)

    def _examine(self, check: HiddenCheck) -> Verdict:
        """Run one check, without pytest's protocol of hooks and fixtures: it would cost more than a call."""
        limits = self.examination.assignment.limits
        reference = self.work.seconds.get(check.name, 0.0)
        self.sitting.begin(check.problem, max(limits.seconds_per_check, limits.times_reference * reference))
        started = time.perf_counter()
        try:
            with one_check() as figures, np.errstate(all="ignore"):  # a student's numbers are no news on a terminal
                check.run(
                    Student(self.sitting), self.grader.reference, self.examination.secret, self.work.submission.hash
                )
            verdict = _verdict(None, time.perf_counter() - started)
            return dataclasses.replace(verdict, figure=figures[-1]) if figures else verdict
        except BaseException as error:
            return _verdict(error, time.perf_counter() - started)
        finally:
            self.sitting.end()


def _verdict(error: BaseException | None, seconds: float) -> Verdict:
    """Say how a check ended, from what came out of it: whatever is not the student's is ours."""
    if error is None:
        return Verdict(Outcome.PASSED, Label.OK, "", seconds)
    if isinstance(error, StudentError):
        return Verdict(Outcome.FAILED, error.label, str(error), seconds, picture=error.picture)
    text = str(error) if isinstance(error, SandboxError) else f"the check raised {type(error).__name__}: {error}"
    return Verdict(Outcome.ERROR, Label.GRADER_ERROR, text[:500], seconds)
