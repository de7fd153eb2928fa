"""What came of the mutants, and what is to be done about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.errors import Label
from autograder.mutants.equivalent import Equivalents


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one mutant: the check that found it, or the reason why none can, or neither."""

    mutant: str
    line: int
    check: str
    label: Label
    message: str
    reason: str

    @property
    def survived(self) -> bool:
        """Say whether no check found it."""
        return not self.check


def complaints(findings: Sequence[Finding], equivalents: Equivalents, files: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong: mutants that survive without a reason, and reasons that do not hold.

    files: those whose mutants were examined
    """
    for one in findings:
        if one.survived and not one.reason:
            yield f"{one.mutant} (line {one.line}): no check finds it; sharpen one, or give the reason"
        elif one.label is Label.GRADER_ERROR:
            yield f"{one.mutant} (line {one.line}): {one.check} blames us: {one.message}"
        elif one.reason and not one.survived:
            yield f"{equivalents.mutants[one.mutant].where}: {one.mutant} is found by {one.check}; strike it out"
    known = {one.mutant for one in findings}
    for listed in equivalents.mutants.values():
        if listed.file in files and listed.mutant not in known:
            yield f"{listed.where}: {listed.mutant} is no mutant; strike it out"


def summary(findings: Sequence[Finding], wrong: Sequence[str]) -> str:
    """Say it all in one line."""
    survived = [one for one in findings if one.survived]
    known = sum(bool(one.reason) for one in survived)
    line = f"{len(findings)} mutants: {len(findings) - len(survived)} found by a check, {known} known to change nothing"
    line += f", {len(survived) - known} unexplained" if len(survived) > known else ""
    return f"{line}; {len(wrong)} to look at" if wrong else line
