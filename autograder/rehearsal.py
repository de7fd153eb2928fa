"""A rehearsal: known mistakes, played in hidden checks by understudies, on our side of the wall."""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np

from autograder.errors import AssignmentError, StudentError
from autograder.hidden_check import HiddenCheck
from autograder.mistake import Mistake, apply
from autograder.reference import Reference
from autograder.sitting import Sitting
from autograder.student import Student
from autograder.transcript import Comparison, Diverged, Transcript
from autograder.understudy import Play

NOBODY = "of nobody"  # the hash of a submission that there is not


@dataclass
class Rehearsal:
    """What mistakes can be played in.

    checks: those that train no network, by name
    """

    reference: Reference
    secret: bytes
    checks: Mapping[str, HiddenCheck]
    _reaches: dict[str, frozenset[str]] = field(default_factory=dict)

    def prepare(self, mistake: Mistake) -> Play | None:
        """Return a mistake as a package that has done nothing yet, or None if it is one of another solution."""
        try:
            return Play(apply([mistake], self.reference.files), self.reference)
        except AssignmentError:
            return None

    def cast(self, mistake: Mistake, check: str, submission_hash: str) -> Play | None:
        """Return a mistake in the state in which it comes to a check: a guest serves a problem check by check."""
        play = self.prepare(mistake)
        if play and mistake.keeps_state:
            problem = [name for name, other in self.checks.items() if other.problem == self.checks[check].problem]
            for earlier in problem[: problem.index(check)]:
                self._fails(play, earlier, submission_hash, Transcript())
        return play

    def goes_alike(self, play: Play, check: str, submission_hash: str, transcript: Transcript) -> bool:
        """Say whether a mistake fails a check, with the inputs of a submission, in the way that this one did."""
        comparison = Comparison(transcript)
        return self._fails(play, check, submission_hash, comparison) and comparison.is_complete()

    def likely(self, mistake: Mistake, passed: Collection[str]) -> list[str]:
        """Return those of these checks of its problem that a mistake is likely to fail."""
        return sorted(self._reach(mistake) & set(passed))

    def fails(self, play: Play, check: str, submission_hash: str) -> bool:
        """Say whether a mistake fails a check, with the inputs of a submission."""
        return self._fails(play, check, submission_hash, Transcript())

    def _reach(self, mistake: Mistake) -> frozenset[str]:
        """Return the checks of its problem that a mistake fails, with inputs that are always the same."""
        if mistake.name not in self._reaches:
            play = self.prepare(mistake)
            own = [name for name, check in self.checks.items() if play and check.problem == mistake.problem]
            failed = [name for name in own if play and self._fails(play, name, NOBODY, Transcript())]
            self._reaches[mistake.name] = frozenset(failed)
        return self._reaches[mistake.name]

    def _fails(self, play: Play, check: str, submission_hash: str, transcript: Transcript) -> bool:
        """Play a mistake in a check, and say whether the check fails because of it."""
        sitting = Sitting(play, self.reference, {}, float("inf"))
        sitting.begin(self.checks[check].problem, float("inf"))
        sitting.transcript = transcript
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # a student's are not shown either
                self.checks[check].run(Student(sitting), self.reference, self.secret, submission_hash)
        except StudentError:
            return True
        except (Diverged, Exception):  # a check that stumbles over a mistake explains nothing
            return False
        return False
