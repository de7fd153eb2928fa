"""The checks with nothing around them: no wall, no pytest, no report. What they cost so is their own time.

`DirectStudent` has the manners of `autograder.student.Student`, but the functions behind it are the reference's, in
this process.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from autograder.benchmarks.stopwatch import Stopwatch
from autograder.desk import Offered
from autograder.errors import Label, StudentError
from autograder.hidden_check import HiddenCheck
from autograder.reference import Reference

STUDENT = "the student's functions"


@dataclass(frozen=True)
class DirectStudent:
    """The reference as a submission; the stopwatch learns what its functions take."""

    package: Reference
    watch: Stopwatch

    def __getattr__(self, module: str) -> "DirectModule":
        """Return one module."""
        return DirectModule(getattr(self.package, module), self.watch)

    def with_ours(self, *_: str) -> "DirectStudent":
        """Return the same package: its functions are ours already."""
        return self


@dataclass(frozen=True)
class DirectModule:
    """One module."""

    module: ModuleType
    watch: Stopwatch

    def __getattr__(self, function: str) -> "DirectFunction":
        """Return one function or class."""
        return DirectFunction(getattr(self.module, function), self.watch)


@dataclass(frozen=True)
class DirectFunction:
    """One function."""

    function: Callable[..., Any]
    watch: Stopwatch

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it; what is offered is passed as it is, and what it raises is told as the wall tells it."""
        named = {name: _unwrap(value) for name, value in kwargs.items()}
        try:
            with self.watch.part(STUDENT):
                answer = self.function(*map(_unwrap, args), **named)
        except Exception as error:
            raise StudentError(str(error), label=Label.RAISED, exception=type(error).__name__) from error
        return DirectInstance(answer, self.watch) if inspect.isclass(self.function) else answer

    def output(self, *args: Any, **kwargs: Any) -> Any:
        """Call it, and keep only the first of its results."""
        return self(*args, **kwargs)[0]

    def each(self, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call it once for each tuple of arguments."""
        return [self(*args) for args in calls]

    def purely(self, *args: Any, **kwargs: Any) -> Any:
        """Call it; nobody watches the arguments."""
        return self(*args, **kwargs)


@dataclass(frozen=True)
class DirectInstance:
    """An object of one of the package's classes."""

    target: Any
    watch: Stopwatch

    def __getattr__(self, method: str) -> DirectFunction:
        """Return one method."""
        return DirectFunction(getattr(self.target, method), self.watch)


def _unwrap(value: Any) -> Any:
    return value.target if isinstance(value, Offered | DirectInstance) else value


@dataclass(frozen=True)
class DirectChecks:
    """The checks of an assignment, in its order."""

    checks: Sequence[HiddenCheck]
    reference: Reference
    secret: bytes

    def run(self, submission_hash: str, watch: Stopwatch) -> None:
        """Run every check once, on the inputs that this submission gets."""
        student = DirectStudent(self.reference, watch)
        for check in self.checks:
            check.run(student, self.reference, self.secret, submission_hash)
