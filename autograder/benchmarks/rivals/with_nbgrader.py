"""The ten checks as `nbgrader autograde` runs them: a notebook with one cell for each, executed in a kernel.

Run in a folder with numnet/, reference/ and test_loop.py: once with "prepare", then for every measurement.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

STUDENT, ASSIGNMENT = "ada", "ten"
HERE = Path.cwd()
SETUP = f"""
import sys; sys.path.insert(0, {str(HERE)!r})
import numpy as np, numnet.loop, reference.loop, test_loop
"""


def _cell(identifier, source, **flags):
    usual = {"grade": False, "locked": True, "solution": False, "task": False, "schema_version": 3}
    return new_code_cell(source, metadata={"nbgrader": {"grade_id": identifier, **usual, **flags}})


def _notebook():
    names = [
        line[4:].split("(")[0] for line in Path("test_loop.py").read_text("utf-8").splitlines() if "def test_" in line
    ]
    checks = [
        _cell(name, f"test_loop.{name}(numnet, reference, np.random.default_rng(0))", grade=True, points=1)
        for name in names
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[_cell("setup", SETUP), *checks], metadata={"kernelspec": kernel})


def _nbgrader(*arguments):
    command = [sys.executable, "-m", "nbgrader", *arguments, "--course-dir", str(HERE)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    if done.returncode:
        raise SystemExit(f"nbgrader {' '.join(arguments)}: {done.stderr[-2000:]}")


def prepare():
    """Release the assignment, and hand the release in."""
    source = HERE / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    nbformat.write(_notebook(), source / f"{ASSIGNMENT}.ipynb")
    _nbgrader("generate_assignment", ASSIGNMENT)
    shutil.copytree(HERE / "release" / ASSIGNMENT, HERE / "submitted" / STUDENT / ASSIGNMENT)


def grade():
    """Autograde it; every cell must have run without an error."""
    _nbgrader("autograde", ASSIGNMENT, "--student", STUDENT, "--force")
    graded = json.loads((HERE / "autograded" / STUDENT / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text("utf-8"))
    wrong = [out["evalue"] for cell in graded["cells"] for out in cell["outputs"] if out["output_type"] == "error"]
    if wrong or len(graded["cells"]) != 11:
        raise SystemExit(f"the ten checks fail in nbgrader: {wrong}")


if __name__ == "__main__":
    prepare() if sys.argv[1:] == ["prepare"] else grade()
