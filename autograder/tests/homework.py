"""The homework as a student has it: its given modules, loaded from their files, and a folder with all written."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load(*names: str) -> dict[str, ModuleType]:
    """Import modules of the solution, such as "given.data", and what they import; leave no numnet behind for others.

    returns: the modules by their names inside numnet
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "solution"))
        for name in names:
            importlib.import_module(f"numnet.{name}")
        loaded = [name for name in sys.modules if name.partition(".")[0] == "numnet"]
        return {name.removeprefix("numnet."): sys.modules.pop(name) for name in loaded}


def load_given() -> ModuleType:
    """Return numnet.given with data.py and all that it imports."""
    return load("given.data")["given"]


def copy_written(folder: Path) -> Path:
    """Copy the handout into a folder, with everything written."""
    shutil.copytree(ROOT / "handout", folder)
    shutil.copytree(ROOT / "solution" / "numnet", folder / "numnet", dirs_exist_ok=True)
    return folder


def run_python(homework: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python where a homework lies, with no data but what came with it."""
    own = {"XDG_CACHE_HOME": str(homework / "no cache"), "OPENBLAS_NUM_THREADS": "1"} | variables
    variables = {name: value for name, value in os.environ.items() if name != "NUMNET_DATA"} | own
    return subprocess.run(
        [sys.executable, *words], cwd=homework, env=variables,
        capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
