"""Other graders beside ours on the same ten checks: each as its users run it, a command for a submission, no wall."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import autograder
from autograder.benchmarks.plain import ENVIRONMENT, lay_out
from autograder.errors import AssignmentError

SCRIPTS = Path(__file__).parent / "rivals"
ROOT = Path(autograder.__file__).parents[1]
ENVIRONMENTS = ROOT / ".venv" / "rivals"  # made by `make bench`
GOALS = {"gradescope": None, "nbgrader": 20.0}  # how many times longer each takes than ours, at least


@dataclass(frozen=True)
class Rival:
    """Another grader, with the ten checks in a folder of its own."""

    name: str
    folder: Path

    def prepare(self) -> None:
        """Do what is done once for an assignment."""
        lay_out(self.folder)
        shutil.copy(SCRIPTS / f"with_{self.name}.py", self.folder)
        if self.name == "nbgrader":
            self._run("prepare")

    def grade(self) -> float:
        """Grade the submission; return the seconds."""
        started = time.perf_counter()
        self._run()
        return time.perf_counter() - started

    def _run(self, *arguments: str) -> None:
        programs = ENVIRONMENTS / self.name / "bin"
        command = [str(programs / "python"), f"with_{self.name}.py", *arguments]
        paths = {"PYTHONPATH": f"{self.folder}:{ROOT}", "PATH": f"{programs}:{os.environ['PATH']}"}
        environment = os.environ | ENVIRONMENT | paths
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise AssignmentError(f"{self.name}: {done.stdout[-1000:]}{done.stderr[-2000:]}")


def installed() -> list[str]:
    """Return the graders that can be measured here."""
    return [name for name in GOALS if (ENVIRONMENTS / name / "ready").exists()]
