"""One submission under examination: it opens guests when they are needed, keeps the time, and what was answered."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from autograder.errors import Label, SandboxError, StudentError
from autograder.reference import Reference
from autograder.sandbox.deadline import Deadline
from autograder.sandbox.guest.value import Packer
from autograder.sandbox.guest.wire import Arguments, Call, Done
from autograder.sandbox.host import Offers
from autograder.transcript import Transcript


class Performer(Protocol):
    """Answers calls: a guest behind the wall, or an understudy of ours."""

    is_alive: bool

    @property
    def received(self) -> int:
        """Return how many bytes were received from it."""

    def packer(self, instance: Any) -> Packer:
        """Start a message."""

    def call(
        self, call: Call, arrays: Sequence[np.ndarray], offers: Offers, *, deadline: Deadline
    ) -> tuple[list[Any], Done]:
        """Make one call; return its answers, and what was seen of the arguments."""

    def waited(self) -> float:
        """Return how many seconds it was ready to run and had no processor."""

    def close(self) -> None:
        """End it."""


class House(Protocol):
    """Gives a fresh performer for some files."""

    def open(self, files: Mapping[str, bytes], records: Mapping[str, Any]) -> Performer:
        """Return one that has these files."""

    def restart(self) -> None:
        """Begin anew after a fault of ours."""


OF_A_FILE = {Label.SYNTAX, Label.IMPORT, Label.FORBIDDEN, Label.MISSING}  # such an error names the file


@dataclass
class Sitting:
    """One submission under examination: its files, its guest, its time.

    seconds: what the submission has left in all; transcript: what was answered in the check under way
    """

    sandbox: House
    reference: Reference
    files: Mapping[str, bytes]
    seconds: float
    guest: Performer | None = None
    deadline: Deadline = field(default_factory=lambda: Deadline(0.0))
    problem: str = ""
    imported: set[str] = field(default_factory=set)  # modules that the guest has
    broken: dict[str, StudentError] = field(default_factory=dict)  # modules whose import failed, in any guest
    transcript: Transcript = field(default_factory=Transcript)
    _started: float = field(default=0.0, repr=False)

    def begin(self, problem: str, seconds: float) -> None:
        """Start a check: a fresh guest if its problem is another, or if the last one died."""
        if self.guest is not None and (problem != self.problem or not self.guest.is_alive):
            self.close()
        self.problem = problem
        self.transcript = Transcript()
        self._started = time.monotonic()
        self.deadline = Deadline(min(seconds, self.seconds))
        if self.guest is not None:
            self.deadline.watch(self.guest.waited)

    def end(self) -> None:
        """End a check, and take its time from what is left."""
        self.seconds -= time.monotonic() - self._started - self.deadline.lost

    def close(self) -> None:
        """End the guest."""
        if self.guest is not None:
            self.guest.close()
            self.guest = None

    def open(self, module: str) -> Performer:
        """Return a guest that has imported a module; an import that failed once has failed for the whole submission."""
        if module in self.broken:
            raise StudentError(str(self.broken[module]), label=self.broken[module].label)
        if self.seconds <= 0:
            raise StudentError("no time is left: earlier checks used all that a submission has", label=Label.TIMEOUT)
        if self.guest is None:
            asked = time.monotonic()
            try:
                self.guest = self.sandbox.open(self.files, self.reference.records)
            except SandboxError:
                self.sandbox.restart()  # once: a fault that comes again is told
                self.guest = self.sandbox.open(self.files, self.reference.records)
            self.deadline.extend(time.monotonic() - asked)  # our time, not the student's
            self.deadline.watch(self.guest.waited)
            self.imported.clear()
        if module not in self.imported:
            self._import(self.guest, module)
        return self.guest

    def _import(self, guest: Performer, module: str) -> None:
        try:
            guest.call(
                Call(module, None, [Arguments([], {})], False, False, {}, []), [], Offers(), deadline=self.deadline
            )
        except StudentError as error:
            self.broken[module] = _of_import(error, f"numnet/{module}.py")
            raise self.broken[module] from error
        self.imported.add(module)


def _of_import(error: StudentError, file: str) -> StudentError:
    """Return what went wrong in an import: no exception of a call, since none was made."""
    named = error if error.label in OF_A_FILE else error.about(f"the import of {file}")
    return StudentError(str(named), label=named.label)
