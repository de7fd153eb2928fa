"""What a message to a student must not hold, and a way to know what a check expected when it wrote one."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np

from autograder.assignment import Assignment
from autograder.checks import claim
from autograder.errors import StudentError
from autograder.hidden_check import CHECKS
from autograder.mistake import apply, read_mistakes
from autograder.model import Report, SubmissionName
from autograder.reference import read_package
from autograder.sandbox.level import Level
from autograder.scale import Setting

MARKER = "a-word-that-only-the-student-said"
_PATH = re.compile(r"(?<![\w.)\]])/\w[\w.-]*/|\w\.py\b(?<!numnet/\w\.py)")
_OURS = re.compile(r"numnet/\w+\.py")  # a path of the student's own
_NUMBER = re.compile(r"\d+\.\d+(?:e[-+]?\d+)?|\d+")
_WORD = re.compile(r"'(\w+)'")
TELLING_DIGITS = 4  # a number with fewer says how far off an answer is, and not what it should be


class Failure(NamedTuple):
    """One comparison that failed: the message, and what was compared."""

    message: str
    got: Any
    expected: Any
    what: str


def suspicious(text: str) -> list[str]:
    """Say which kinds of things of ours, or of what a student printed, a text holds."""
    found = {
        "what the student printed": MARKER in text,
        "a path": bool(_PATH.search(_OURS.sub("", text))),
        "a traceback": "Traceback" in text or 'File "' in text,
        "a name of ours": "autograder" in text or "reference." in text,
        "an object of ours": " object at 0x" in text,
    }
    return [kind for kind, is_there in found.items() if is_there]


def messages(report: Report) -> Iterator[tuple[str, str]]:
    """Yield everything in a report that is written for its student: check, or nothing, and text."""
    yield "", report.message
    for check in report.checks:
        yield check.id, check.message
        yield check.id, check.hint
        yield check.id, check.picture.text if check.picture else ""


def suspicions(report: Report) -> list[str]:
    """Say which messages of a report hold what they must not."""
    return [f"{check}: {kind}: {text}" for check, text in messages(report) for kind in suspicious(text)]


def tells(failure: Failure) -> bool:
    """Say whether the message of a comparison holds a value that was expected, and that is not the student's own."""
    text = failure.message.removeprefix(failure.what)
    words = set(_WORD.findall(text)) & set(_words(failure.expected)) - set(_words(failure.got))
    numbers = [number for number in _NUMBER.findall(text) if _digits(number) >= TELLING_DIGITS]
    ours, theirs = np.array([*_numbers(failure.expected)]), np.array([*_numbers(failure.got)])
    return bool(words) or any(_shows(number, ours) and not _shows(number, theirs) for number in numbers)


def _digits(number: str) -> int:
    return len(number.partition("e")[0].replace(".", "").strip("0"))


def _shows(number: str, values: np.ndarray) -> bool:
    """Say whether a number is one of these, as far as it is written out."""
    mantissa, _, exponent = number.partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return bool((np.abs(np.abs(values) - float(number)) <= 0.51 * unit).any())


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for entry in value:
            yield from _leaves(entry)
    else:
        yield value


def _words(value: Any) -> Iterator[str]:
    return (leaf for leaf in _leaves(value) if isinstance(leaf, str))


def _numbers(value: Any) -> Iterator[float]:
    for leaf in _leaves(value):
        if isinstance(leaf, np.ndarray | np.number | float | int) and np.asarray(leaf).dtype.kind in "fiu":
            yield from np.asarray(leaf, dtype=float).ravel().tolist()


@contextmanager
def overheard() -> Iterator[list[Failure]]:
    """Note every comparison that fails in the checks of this process, in the block."""
    failures: list[Failure] = []
    modules = [module for module in list(sys.modules.values()) if _is_check(module)]
    patches = [mock.patch.object(module, "agree", _spy(failures)) for module in modules]
    for patch in patches:
        patch.start()
    try:
        yield failures
    finally:
        for patch in patches:
            patch.stop()


def _is_check(module: Any) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).parent == CHECKS and module is not claim and hasattr(module, "agree")


def _spy(failures: list[Failure]) -> Callable[..., None]:
    def agree(got: Any, expected: Any, what: str, *rest: Any, **named: Any) -> None:
        try:
            claim.agree(got, expected, what, *rest, **named)
        except StudentError as error:
            failures.append(Failure(str(error), got, expected, what))
            raise

    return agree


class Scan(NamedTuple):
    """What came of a search for leaks."""

    messages: int
    leaks: list[str]


def scan(assignment: Assignment, problem: str, level: Level) -> Scan:
    """Make every mistake of a problem, and look for leaks in all that is said about it."""
    solution = {path: text for path, text in read_package(assignment.solution / "numnet").items() if "/" not in path}
    chosen = tuple(one for one in assignment.problems if one.id == problem)
    setting = Setting(replace(assignment, problems=chosen), "leaks", b"of the soak", level, training=False)
    grader = setting.grader()
    count, leaks = 0, []
    with overheard() as failures:
        for mistake in read_mistakes(assignment.path.parent / "mistakes"):
            if mistake.problem == problem:
                report = grader.grade(SubmissionName(mistake.name, mistake.name), apply([mistake], solution))
                count += sum(bool(text) for _, text in messages(report))
                leaks += [f"{mistake.name}: {suspicion}" for suspicion in suspicions(report)]
                leaks += [f"{mistake.name}: a fault of ours"] * report.has_errors
    grader.close()
    grader.sandbox.close()
    return Scan(count, [*leaks, *(f"tells what was expected: {one.message}" for one in failures if tells(one))])
