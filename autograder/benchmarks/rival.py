"""Other graders beside ours on the same ten checks: each as its users run it, without a wall.

One command grades one submission. Where the grader is a function it is given its best: imported once, called again.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import autograder
from autograder.benchmarks.plain import ENVIRONMENT, lay_out
from autograder.errors import AssignmentError

SCRIPTS = Path(__file__).parent / "rivals"
ROOT = Path(autograder.__file__).parents[1]
ENVIRONMENTS = ROOT / ".venv" / "rivals"  # made by `make bench`
PACKAGES = {"gradescope": "gradescope-utils", "nbgrader": "nbgrader", "otter": "otter-grader"}
GOALS = {"gradescope": None, "nbgrader": 20.0, "otter": 30.0}  # how many times longer each takes than ours, at least
PREPARED = ("nbgrader", "otter")
FUNCTIONS = ("otter",)


@dataclass
class Rival:
    """Another grader, with the ten checks in a folder of its own."""

    name: str
    folder: Path

    def prepare(self) -> None:
        """Do what is done once for an assignment."""
        lay_out(self.folder)
        shutil.copy(SCRIPTS / f"with_{self.name}.py", self.folder)
        if self.name in PREPARED:
            self._require_success(self._start("prepare"))

    def grade(self) -> float:
        """Grade the submission; return the seconds."""
        started = time.perf_counter()
        self._require_success(self._start())
        return time.perf_counter() - started

    def close(self) -> None:
        """End; each command has ended already."""

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        programs = ENVIRONMENTS / self.name / "bin"
        command = [str(programs / "python"), f"with_{self.name}.py", *arguments]
        paths = {"PYTHONPATH": f"{self.folder}:{ROOT}", "PATH": f"{programs}:{os.environ['PATH']}"}
        environment = os.environ | ENVIRONMENT | paths
        pipe = subprocess.PIPE
        with (self.folder / "errors.txt").open("w", encoding="utf-8") as errors:
            return subprocess.Popen(
                command, cwd=self.folder, env=environment, stdin=pipe, stdout=pipe, stderr=errors, text=True
            )

    def _require_success(self, process: "subprocess.Popen[str]") -> None:
        told, _ = process.communicate()
        if process.returncode:
            errors = (self.folder / "errors.txt").read_text("utf-8", "replace")
            raise AssignmentError(f"{self.name}: {told[-1000:]}{errors[-2000:]}")


@dataclass
class Service(Rival):
    """A grader that is a function, in a process that grades once for every line it is sent."""

    process: "subprocess.Popen[str] | None" = None

    def grade(self) -> float:
        """Have the submission graded; return the seconds. The first time, the grader is imported."""
        if self.process is None:
            self.process = self._start("serve")
        assert self.process.stdin and self.process.stdout
        started = time.perf_counter()
        self.process.stdin.write("grade\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        seconds = time.perf_counter() - started
        if not answer:
            self._require_success(self.process)
        return seconds

    def close(self) -> None:
        """Let the process end."""
        if self.process is not None:
            self.process.communicate()


@contextmanager
def open_rival(name: str, folder: Path) -> Iterator[Rival]:
    """Prepare a grader for the ten checks, and end it after the block."""
    rival = Service(name, folder) if name in FUNCTIONS else Rival(name, folder)
    rival.prepare()
    try:
        yield rival
    finally:
        rival.close()


def installed() -> dict[str, str]:
    """Return the graders that can be measured here, and the full title of each."""
    return {name: f"{PACKAGES[name]} {_version(name)}" for name in GOALS if (ENVIRONMENTS / name / "ready").exists()}


def _version(name: str) -> str:
    places = [str(path) for path in (ENVIRONMENTS / name / "lib").glob("python*/site-packages")]
    return next(found.version for found in distributions(name=PACKAGES[name], path=places))
