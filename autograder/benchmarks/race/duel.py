"""Two processes that do the same work by turns, A B A B, on one core."""

import importlib.util
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import autograder
from autograder.benchmarks.figure import Contest, figure, figure_ms
from autograder.benchmarks.race.event import EVENTS, Event
from autograder.errors import UsageError

SOLUTION = Path(autograder.__file__).parents[1] / "solution"
REFERENCE = "numnet"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Duel:
    """Seconds of the reference and of its rival, round by round."""

    event: Event
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)


class Runner:
    """A process that does what it is told and says how long it took."""

    def __init__(self, name: str) -> None:
        """Start the process of "numnet", "torch" or "nltk"."""
        command = [sys.executable, "-m", f"autograder.benchmarks.race.with_{name}"]
        path = os.pathsep.join([str(SOLUTION), str(SOLUTION.parent)])
        self._process = subprocess.Popen(
            command,
            env=os.environ | ONE_THREAD | {"PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self.versions: dict[str, str] = json.loads(self._read())

    def __enter__(self) -> "Runner":
        """Belong to a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End the process."""
        self._process.communicate()

    def seconds(self, work: str) -> float:
        """Have a work done; return what it took."""
        assert self._process.stdin
        self._process.stdin.write(f"{work}\n")
        self._process.stdin.flush()
        return float(self._read())

    def _read(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise UsageError(f"a runner of the race ended: {' '.join(map(str, self._process.args))}")  # type: ignore[arg-type]
        return line


def missing() -> list[str]:
    """Return the rivals that are not installed."""
    return [rival for rival in ("torch", "nltk") if importlib.util.find_spec(rival) is None]


def race(rounds: int) -> tuple[list[Contest], dict[str, str]]:
    """Run every event that many rounds; return what came of it, and the versions of all who ran."""
    with ExitStack() as stack:
        runners = {name: stack.enter_context(Runner(name)) for name in (REFERENCE, "torch", "nltk")}
        contests = [contest(_duel(event, runners, rounds)) for event in EVENTS]
        versions = {name: version for runner in runners.values() for name, version in runner.versions.items()}
    return contests, versions


def contest(duel: Duel) -> Contest:
    """Sum up a duel: milliseconds, for each thousand tokens where there are tokens, and the ratio round by round."""
    event = duel.event
    thousands = event.tokens / 1000 or 1.0
    ours, theirs = ([seconds / thousands for seconds in side] for side in (duel.ours, duel.theirs))
    pairs = list(zip(ours, theirs, strict=True))
    if event.at_least is not None:
        ratio = figure(event.title, [other / own for own, other in pairs], at_least=event.at_least)
    else:
        ratio = figure(event.title, [own / other for own, other in pairs], at_most=event.at_most)
    return Contest(event.title, event.rival, figure_ms("reference", ours), figure_ms(event.rival, theirs), ratio)


def _duel(event: Event, runners: dict[str, Runner], rounds: int) -> Duel:
    duel = Duel(event)
    for _ in range(rounds):
        duel.ours.append(runners[REFERENCE].seconds(event.work))
        duel.theirs.append(runners[event.rival].seconds(event.work))
    return duel
