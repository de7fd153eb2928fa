"""Run every notebook of the course with the solution, as students will with theirs: `make trial`.

Only here are notebooks executed, and only our own.
"""

import os
import sys
import time
from pathlib import Path

import click
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[2]
SECONDS = 300  # all of them together, on two cores that nobody else uses


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run every notebook with the solution, say how long each took, and name the cell that failed.

    \b
    Example:
        python -m autograder.notebooks.trial
    """
    os.environ["PYTHONPATH"] = str(ROOT / "solution")
    began, failed = time.monotonic(), False
    for path in sorted((ROOT / "notebooks" / "source").glob("homework/*.ipynb")):
        before = time.monotonic()
        fault = run(path)
        print(f"{path.name:34}{time.monotonic() - before:6.1f} s  {fault}", flush=True)
        failed = failed or bool(fault)
    total = time.monotonic() - began
    print(f"{'together':34}{total:6.1f} s  of {SECONDS}")
    sys.exit(failed or total > SECONDS)


def run(path: Path) -> str:
    """Run one notebook; return what went wrong, or ""."""
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    try:
        NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(path.parent)}}).execute()
    except CellExecutionError as error:
        return str(error)
    wrong = [output for cell in notebook.cells for output in cell.get("outputs", ()) if output.get("name") == "stderr"]
    return wrong[0].text if wrong else ""


if __name__ == "__main__":
    main()
