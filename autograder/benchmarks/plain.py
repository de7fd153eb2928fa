"""The usual way to grade, for comparison: a copy of submission and checks, and pytest in a subprocess. No wall.

It is given its best: byte code that is compiled already, no third-party plugins, one thread for linear algebra.
"""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AssignmentError

TEN_CHECKS = Path(__file__).parent / "ten_checks"
ENVIRONMENT = {
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTEST_ADDOPTS": "",
    "PYTHONDONTWRITEBYTECODE": "",  # empty is off: byte code is kept
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class PlainPytest:
    """The ten checks in a folder of their own."""

    folder: Path

    def grade(self) -> float:
        """Run the checks in a fresh interpreter; return the seconds."""
        command = [sys.executable, "-m", "pytest", "-q"]
        started = time.perf_counter()
        done = subprocess.run(command, cwd=self.folder, env=os.environ | ENVIRONMENT, capture_output=True, text=True)
        seconds = time.perf_counter() - started
        if done.returncode:
            raise AssignmentError(f"the ten checks fail in plain pytest:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return seconds


def lay_out(folder: Path) -> PlainPytest:
    """Copy checks, submission and reference into an empty folder."""
    shutil.copytree(TEN_CHECKS / "solution" / "numnet", folder / "numnet")
    shutil.copytree(TEN_CHECKS / "solution" / "numnet", folder / "reference")
    shutil.copy(TEN_CHECKS / "plain" / "conftest.py", folder)
    shutil.copy(TEN_CHECKS / "checks" / "test_loop.py", folder)
    return PlainPytest(folder)
