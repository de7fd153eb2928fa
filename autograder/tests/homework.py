"""The given modules of the solution as a student has them, loaded from their files, with the data beside."""

import importlib
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
