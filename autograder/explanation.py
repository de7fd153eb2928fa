"""Why checks failed: the known mistake that answers as the student did.

A mistake is what the student did if it answers the same, call after call, and fails no check that the student passed.
At first one mistake is looked for that explains all failures of a problem; if there is none, one for each check. Where
several are left whose hints differ, no hint is given: never a guess.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.errors import Label
from autograder.mistake import Mistake
from autograder.rehearsal import Rehearsal
from autograder.transcript import Transcript
from autograder.understudy import Play

EXPLAINED = (Label.WRONG, Label.RAISED, Label.UNSUPPORTED)  # how a check ends that a mistake may explain
MOST_PLAYS = 100  # of mistakes in checks, for one submission; a limit that is the same on every machine


def explain(
    rehearsal: Rehearsal,
    mistakes: Collection[Mistake],
    submission_hash: str,
    failed: Collection[str],
    transcripts: Mapping[str, Transcript],
) -> dict[str, str]:
    """Return a hint for each check of which it is known what went wrong.

    failed: all checks that failed; transcripts: of those whose answers were wrong
    """
    inquiry = Inquiry(rehearsal, submission_hash, frozenset(failed), transcripts, MOST_PLAYS)
    problems: dict[str, list[str]] = {}
    for check in transcripts:
        if check in rehearsal.checks:
            problems.setdefault(rehearsal.checks[check].problem, []).append(check)
    suspects = {
        problem: [mistake for mistake in mistakes if mistake.problem == problem and mistake.caught_by in failed]
        for problem in problems
    }
    hints: dict[str, str] = {}
    for problem, checks in problems.items():
        hints |= inquiry.explain_all(suspects[problem], checks)
    for problem, checks in problems.items():
        if not hints.keys() & set(checks):
            hints |= inquiry.explain_each(suspects[problem], checks)
    return hints


@dataclass
class Inquiry:
    """The search for what one submission did."""

    rehearsal: Rehearsal
    submission_hash: str
    failed: frozenset[str]
    transcripts: Mapping[str, Transcript]
    plays_left: int
    _plays: dict[str, Play | None] = field(default_factory=dict)
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)

    def explain_all(self, suspects: Sequence[Mistake], checks: Sequence[str]) -> dict[str, str]:
        """Look for one mistake that explains all checks of a problem."""
        found = [
            mistake
            for mistake in suspects
            if all(self._matches(mistake, check) for check in sorted(checks, key=lambda c: c != mistake.caught_by))
        ]
        return dict.fromkeys(checks, hint) if (hint := self._common_hint(found)) else {}

    def explain_each(self, suspects: Sequence[Mistake], checks: Sequence[str]) -> dict[str, str]:
        """Look for a mistake for each check; one that explains more of them is preferred."""
        found = {check: [mistake for mistake in suspects if self._matches(mistake, check)] for check in checks}
        explains = Counter(mistake.name for matches in found.values() for mistake in matches)
        hints = {}
        for check, matches in found.items():
            most = max((explains[mistake.name] for mistake in matches), default=0)
            if hint := self._common_hint([mistake for mistake in matches if explains[mistake.name] == most]):
                hints[check] = hint
        return hints

    def _common_hint(self, mistakes: Sequence[Mistake]) -> str:
        """Return the hint of all mistakes that fail nothing which was passed, if it is one."""
        hints = {mistake.hint for mistake in mistakes if not self._contradicts(mistake)}
        return hints.pop() if len(hints) == 1 else ""

    def _contradicts(self, mistake: Mistake) -> bool:
        """Say whether a mistake would fail a check that the student passed."""
        for check in self.rehearsal.likely(mistake, self.rehearsal.checks.keys() - self.failed):
            play = self._play(mistake, check)
            if play is not None and self.rehearsal.fails(play, check, self.submission_hash):
                return True
        return False

    def _matches(self, mistake: Mistake, check: str) -> bool:
        key = (mistake.name, check)
        if key not in self._known:
            if not self.plays_left:
                return False
            self.plays_left -= 1
            play = self._play(mistake, check)
            self._known[key] = play is not None and self.rehearsal.goes_alike(
                play, check, self.submission_hash, self.transcripts[check]
            )
        return self._known[key]

    def _play(self, mistake: Mistake, check: str) -> Play | None:
        if mistake.keeps_state or mistake.name not in self._plays:
            self._plays[mistake.name] = self.rehearsal.cast(mistake, check, self.submission_hash)
        return self._plays[mistake.name]
