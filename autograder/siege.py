"""A siege: attacks on one wall, one after another, and after each of them an honest submission that must not suffer.

The assignment is reduced to the one problem that the attacks are answers to, and to short limits: what is proved is who
gets what, not how long a course lets a check run.
"""

import dataclasses
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import msgspec

from autograder.assignment import Assignment, Limits
from autograder.attack import Attack
from autograder.errors import Label, SubmissionError
from autograder.model import Outcome, Report, SubmissionName
from autograder.reference import read_package
from autograder.sandbox.level import Level
from autograder.scale import Setting
from autograder.scoring import Verdict, score_alike
from autograder.submission import Entry, read_submission
from autograder.traces import Traces

PROBLEM = "A1"
LIMITS = Limits(seconds_per_check=0.05, times_reference=1.0, seconds_per_submission=60.0, memory_mib=256)
PATIENCE = 5.0  # seconds for a check of a submission that is not expected to be slow
SECRET = b"of no course"


class Result(msgspec.Struct, frozen=True):
    """What came of one attack at one level."""

    row: str
    attack: str
    who: str  # as whom the grader ran
    level: str
    wanted: str
    got: str
    seconds: float
    is_right: bool
    remark: str = ""


class Siege:
    """One grader behind a wall of one level, for attacks."""

    def __init__(self, assignment: Assignment, level: Level, *, who: str = "", watched: Sequence[Path] = ()) -> None:
        """Build the wall. Raises SandboxError if the level does not hold here.

        who: as whom we run; watched: folders in which nobody else writes, so that nothing may be new there
        """
        chosen = tuple(problem for problem in assignment.problems if problem.id == PROBLEM)
        self.assignment = dataclasses.replace(assignment, problems=chosen, limits=LIMITS)
        self.level, self.who = level, who
        self.solution, self.handout = _own(assignment.solution), _own(assignment.handout)
        self.grader = Setting(self.assignment, "", SECRET, level).grader()
        self.watched, self._there = watched, _names(watched)
        self._patience = {check.id: PATIENCE for problem in chosen for check in problem.checks}
        self._before = _timeless(self.control())
        self._traces = Traces(self.grader.sandbox)

    def __enter__(self) -> "Siege":
        """Use the wall for a block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Take the wall down."""
        self.grader.close()
        self.grader.sandbox.close()

    def results(self, attacks: Iterable[Attack]) -> Iterator[Result]:
        """Yield what comes of each attack; one that this level cannot hold is named, and not let in."""
        for attack in attacks:
            yield self.result(attack) if attack.is_held_at(self.level) else self._not_held(attack)

    def result(self, attack: Attack) -> Result:
        """Grade an attack, then the solution, and say what is wrong."""
        started = time.monotonic()
        report = self.grade(attack)
        seconds = time.monotonic() - started
        remarks = [*self._complaints(attack, report, seconds), *self._damage()]
        got = " or ".join(sorted({str(check.label) for check in report.checks}))
        return self._result(attack, got, round(seconds, 2), not remarks, "; ".join(remarks))

    def grade(self, attack: Attack, *, seed: str = "0") -> Report:
        """Grade an attack as a run would, from the folder or archive that a student sent."""
        with tempfile.TemporaryDirectory() as folder:
            return self._grade(attack, attack.write(Path(folder), self.solution, self.handout), seed)

    def grade_twin(self, attack: Attack, *, seed: str = "0") -> Report:
        """Grade the same submission without its trick."""
        with tempfile.TemporaryDirectory() as folder:
            return self._grade(attack, attack.write_twin(Path(folder), self.solution, self.handout), seed)

    def control(self) -> Report:
        """Grade the solution."""
        return self.grader.grade(SubmissionName("control", "0"), self.solution, seconds=self._patience)

    def _grade(self, attack: Attack, path: Path, seed: str) -> Report:
        name = SubmissionName(attack.name, seed)
        try:
            files = read_submission(Entry(attack.name, path)).files
        except SubmissionError as error:
            return self._refuse(name, error)
        return self.grader.grade(
            name, files, seconds={} if Label.TIMEOUT in attack.labels_at(self.level) else self._patience
        )

    def _refuse(self, name: SubmissionName, error: SubmissionError) -> Report:
        verdict = Verdict(Outcome.FAILED, error.label, str(error))
        circumstances = self.grader.examination.circumstances()
        return score_alike(self.assignment, name, verdict, titles={}, circumstances=circumstances)

    def _complaints(self, attack: Attack, report: Report, seconds: float) -> Iterator[str]:
        due = attack.points(report.max_score)
        if report.score != due:
            yield f"earned {report.score:g} of {report.max_score:g} points, not {due:g}"
        if not attack.is_answered_by((check.label for check in report.checks), self.level):
            yield "another label"
        if seconds > attack.seconds:
            yield f"took more than {attack.seconds:g} s"

    def _damage(self) -> Iterator[str]:
        control = self.control()
        if control.score != control.max_score:
            failed = sorted({str(check.label) for check in control.checks if check.label is not Label.OK})
            yield f"after it the solution earned {control.score:g} of {control.max_score:g}: {', '.join(failed)}"
        elif _timeless(control) != self._before:
            yield "after it the solution's report is another"
        if left := _names(self.watched) - self._there:
            yield f"left {', '.join(sorted(left))}"
        traces = Traces(self.grader.sandbox)
        if more := traces.beyond(self._traces):
            self._traces = traces  # each is told once
            yield f"left {', '.join(more)}"

    def _not_held(self, attack: Attack) -> Result:
        return self._result(attack, "not held", 0.0, True, f"only {attack.holds.value} and higher hold it")

    def _result(self, attack: Attack, got: str, seconds: float, is_right: bool, remark: str) -> Result:
        wanted = " or ".join(attack.labels_at(self.level))
        return Result(attack.row, attack.name, self.who, self.level.value, wanted, got, seconds, is_right, remark)


def _timeless(report: Report) -> Report:
    """Return a report without what differs from run to run."""
    return msgspec.structs.replace(report, checks=[msgspec.structs.replace(c, seconds=0.0) for c in report.checks])


def _names(folders: Iterable[Path]) -> set[str]:
    return {str(path) for folder in folders for path in folder.iterdir()}


def _own(tree: Path) -> dict[str, bytes]:
    return {path: source for path, source in read_package(tree / "numnet").items() if "/" not in path}
