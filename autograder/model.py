"""A report: how one submission did, as a value. It holds no HTML and no colour; exporters and reports know those.

`report.json` is a Report encoded by msgspec. Its schema is versioned: fields may be added, none is renamed or removed.
"""

from decimal import Decimal
from enum import StrEnum

import msgspec

from autograder.errors import Label
from autograder.picture import Picture

SCHEMA = 1
ENDINGS = {Label.TIMEOUT, Label.CPU, Label.MEMORY, Label.DISK, Label.CRASH, Label.EXITED, Label.PROTOCOL}


class Outcome(StrEnum):
    """How one check ended. No outcome that a student can provoke earns points, but passing."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"  # not chosen for this run, or postponed
    ERROR = "error"  # our fault: to be graded again


class AssignmentName(msgspec.Struct, frozen=True):
    """Which assignment, and the hash of everything that a score depends on."""

    name: str
    hash: str


class SubmissionName(msgspec.Struct, frozen=True):
    """Which submission, and the hash of its files."""

    id: str
    hash: str


class Versions(msgspec.Struct, frozen=True):
    """What graded it."""

    python: str
    numpy: str
    autograder: str


class ProblemResult(msgspec.Struct, frozen=True):
    """What one problem earned; max_score is 0 while all of it is postponed, so that nothing is lost."""

    id: str
    title: str
    score: float
    max_score: float
    extra_credit: bool


class CheckResult(msgspec.Struct, frozen=True):
    """How one check ended, and what it earned."""

    id: str
    problem: str
    title: str
    outcome: Outcome
    label: Label
    points: float
    max_points: float
    message: str = ""
    hint: str = ""
    seconds: float = 0.0
    visibility: str = "after_published"
    picture: Picture | None = None

    def __post_init__(self) -> None:
        """Refuse a grade that cannot exist."""
        earned = self.max_points if self.outcome is Outcome.PASSED else 0.0
        if self.points != earned or not 0 <= self.max_points < 1e6:
            raise ValueError(f"{self.id}: {self.points} points of {self.max_points} for {self.outcome}")
        if (self.outcome is Outcome.PASSED) != (self.label is Label.OK):
            raise ValueError(f"{self.id}: {self.outcome} and {self.label} contradict each other")


class Figure(msgspec.Struct, frozen=True):
    """What a check measured of a student's network, on our side of the wall. It earns nothing."""

    name: str
    value: float
    unit: str = ""
    is_better_low: bool = False


class Report(msgspec.Struct, frozen=True):
    """How one submission did.

    score counts no extra credit, max_score neither; label is OK, or why the whole submission failed
    """

    assignment: AssignmentName
    submission: SubmissionName
    level: str
    seed_id: str
    versions: Versions
    score: float
    max_score: float
    extra_credit: float
    label: Label
    problems: list[ProblemResult]
    checks: list[CheckResult]
    message: str = ""
    notes: list[str] = []
    schema: int = SCHEMA
    figures: list[Figure] = []  # of checks that passed

    @property
    def postponed(self) -> list[CheckResult]:
        """The checks that run after the due date; their points are neither earned nor lost."""
        return [check for check in self.checks if check.label is Label.POSTPONED]

    @property
    def points_postponed(self) -> Decimal:
        """What those checks are worth, extra credit included."""
        return sum((Decimal(str(check.max_points)) for check in self.postponed), Decimal(0))

    @property
    def counted(self) -> list[CheckResult]:
        """The checks that are not postponed."""
        return [check for check in self.checks if check.label is not Label.POSTPONED]

    @property
    def has_errors(self) -> bool:
        """Say whether something went wrong on our side, so that the submission must be graded again."""
        return any(check.outcome is Outcome.ERROR for check in self.checks)

    @property
    def needs_a_person(self) -> bool:
        """Say whether somebody should look at it: all of it failed, or its process was ended or ended itself."""
        return self.label is not Label.OK or any(check.label in ENDINGS for check in self.checks if check.max_points)

    def problem(self, identifier: str) -> ProblemResult:
        """Return what one problem earned."""
        return next(problem for problem in self.problems if problem.id == identifier)

    def check(self, identifier: str) -> CheckResult:
        """Return how one check ended."""
        return next(check for check in self.checks if check.id == identifier)


def to_json(report: Report) -> bytes:
    """Encode a report: the same report, the same bytes."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def from_json(data: bytes) -> Report:
    """Decode a report. Raises msgspec.MsgspecError, or ValueError for a grade that cannot exist."""
    return msgspec.json.decode(data, type=Report)
