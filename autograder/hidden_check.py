"""One hidden check: a function, the problem that it belongs to, and what it asks for."""

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from autograder import checks
from autograder.assignment import Assignment
from autograder.errors import AssignmentError
from autograder.reference import Reference
from autograder.secret import generator

CHECKS = Path(checks.__file__).parent
GIVEN = ("student", "reference", "rng")  # what a check may ask for


@dataclass(frozen=True)
class HiddenCheck:
    """A function of `student`, `reference` and `rng`, marked with `checks.claim.problem`."""

    function: Callable[..., None]

    @cached_property
    def name(self) -> str:
        """Return its name, which stands in assignment.toml."""
        return self.function.__name__

    @cached_property
    def title(self) -> str:
        """Return the sentence that says what it examines."""
        return (self.function.__doc__ or self.name).strip().splitlines()[0]

    @cached_property
    def source(self) -> str:
        """Return its text."""
        return inspect.getsource(self.function)

    @cached_property
    def problem(self) -> str:
        """Return the problem that it belongs to, or "" if it names none."""
        return str(self._mark.args[0]) if self._mark else ""

    @cached_property
    def trains(self) -> bool:
        """Say whether it trains a network."""
        return bool(self._mark and self._mark.kwargs.get("training"))

    @cached_property
    def _mark(self) -> pytest.Mark | None:
        marks: list[pytest.Mark] = getattr(self.function, "pytestmark", [])
        return next((mark for mark in marks if mark.name == "problem"), None)

    @cached_property
    def _asks(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.function).parameters)

    def run(self, student: Any, reference: Reference, secret: bytes, submission_hash: str) -> None:
        """Examine a student, on the inputs that a submission gets; raise StudentError for what is wrong."""
        given = {"student": student, "reference": reference}
        if "rng" in self._asks:
            given["rng"] = generator(secret, submission_hash, self.name)
        self.function(**{name: given[name] for name in self._asks})


def load_checks(assignment: Assignment, folder: Path) -> list[HiddenCheck]:
    """Return the checks that an assignment lists, in its order, from the files in a folder; without pytest."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        if spec is None or spec.loader is None:
            raise AssignmentError(f"{path.name} is no module")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found |= vars(module)
    return [HiddenCheck(found[check.id]) for problem in assignment.problems for check in problem.checks]
