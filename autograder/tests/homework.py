"""The given modules of the solution as a student has them, loaded from their files, with the data beside."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def load_given() -> ModuleType:
    """Return numnet.given with data.py and all that it imports, and leave no numnet behind for others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "solution"))
        importlib.import_module("numnet.given.data")
        package = sys.modules["numnet.given"]
        for name in [name for name in sys.modules if name.partition(".")[0] == "numnet"]:
            del sys.modules[name]
    return package
