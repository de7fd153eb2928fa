"""Everything that can go wrong, as one tree, sorted by whose fault it is.

AutograderError
├── AssignmentError      assignment.toml, a check or a mistake is wrong: the instructor's to mend
├── HandoutError         the solution cannot become a handout: the TA's to mend
├── UsageError           a command was given something it cannot use
├── SubmissionError      a submission cannot be read at all; it is reported and the class goes on
├── StudentError         the student's side, during a check; the check fails and earns nothing
├── NotScored            a submission has no score, through our fault, and somebody wants one: it is to be graded again
├── ResultsError         the disk refuses what a run writes: it is full, or closed to us; the run can go on later
├── ClusterError         the workers on other machines are gone; the run can go on when there are others
└── SandboxError         our side: the wall could not be built or broke; nothing a submission does may lead here

A message says where, what was expected, what came and, if known, what to do.
"""

from enum import StrEnum

from autograder.picture import Picture


class Label(StrEnum):
    """How a check ended, in one word. Only OK earns points."""

    OK = "OK"
    WRONG = "WRONG"  # answered, but not what was asked for
    NOT_WRITTEN = "NOT_WRITTEN"  # the stub is still there
    RAISED = "RAISED"  # their code raised
    SYNTAX = "SYNTAX"  # their file does not compile
    IMPORT = "IMPORT"  # their file imports what is not there
    MISSING = "MISSING"  # a file or function is not there
    FORBIDDEN = "FORBIDDEN"  # their file imports a library that does the homework
    UNSUPPORTED = "UNSUPPORTED"  # the answer is of a type that cannot cross the wall
    TIMEOUT = "TIMEOUT"
    CPU = "CPU"  # more processor time than the limit
    MEMORY = "MEMORY"
    DISK = "DISK"  # wrote more than the limit
    CRASH = "CRASH"  # ended by a signal
    EXITED = "EXITED"  # ended its own process
    PROTOCOL = "PROTOCOL"  # sent something that is no answer
    BAD_ARCHIVE = "BAD_ARCHIVE"  # cannot be unpacked safely
    POSTPONED = "POSTPONED"  # runs after the due date
    NOT_CHOSEN = "NOT_CHOSEN"  # left out of this run
    GRADER_ERROR = "GRADER_ERROR"  # our fault: to be graded again


class AutograderError(Exception):
    """The root of the tree: anything this package raises on purpose."""


class AssignmentError(AutograderError):
    """The assignment, a check or a mistake contradicts itself or the others."""


class HandoutError(AutograderError):
    """The solution cannot become a handout: where, and what to mend."""


class UsageError(AutograderError):
    """A command was given something it cannot use."""


class SubmissionError(AutograderError):
    """A submission cannot be read; `label` says why in one word."""

    def __init__(self, message: str, *, label: Label = Label.BAD_ARCHIVE) -> None:
        """Keep the label beside the message."""
        super().__init__(message)
        self.label = label


class StudentError(AutograderError):
    """The student's code failed a check; `label` says how in one word, the message in the student's words."""

    def __init__(
        self, message: str, *, label: Label = Label.WRONG, exception: str = "", picture: Picture | None = None
    ) -> None:
        """Keep the label, the name of the exception if their code raised one, and where an answer differs."""
        super().__init__(message)
        self.label = label
        self.exception = exception
        self.picture = picture

    def about(self, what: str) -> "StudentError":
        """Return the same error, with what it is about before the message."""
        return StudentError(f"{what}: {self}", label=self.label, exception=self.exception)


class NotScored(AutograderError):
    """A submission has no score, through our fault; a receiver that knows scores alone would take it for a zero."""


class ResultsError(AutograderError):
    """Results cannot be written; what was written before is whole."""


class ClusterError(AutograderError):
    """There are no workers on other machines any more; what was written before is whole."""


class SandboxError(AutograderError):
    """The wall could not be built, or broke by itself."""
