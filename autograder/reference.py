"""The reference: the solution's numnet, loaded on our side of the wall, where only checks use it."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.errors import AssignmentError
from autograder.folder import read_folder
from autograder.sandbox.guest.package import Package

NAME = "numnet"
GIVEN = ("given/caches.py", "given/data.py")  # what checks use of it: the records, and data whose truth is known


class Reference:
    """A package of functions that are right: `reference.conv.conv2d_forward(...)`.

    files: path inside numnet to source. records: the NamedTuples of given/caches.py by name
    Raises AssignmentError if a file does not import.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Import every module of the package, under no name that anybody else could import."""
        self.files = dict(files)
        package = Package(NAME, files)
        package.install()
        try:
            for path in sorted(files):
                if "/" not in path or path in GIVEN:
                    importlib.import_module(_dotted(path))
        except Exception as error:
            raise AssignmentError(f"the solution does not import: {type(error).__name__}: {error}") from error
        finally:
            modules = package.remove()
        self.modules = {name.removeprefix(f"{NAME}."): module for name, module in modules.items() if name != NAME}
        caches = self.modules.get("given.caches", ModuleType("none"))
        self.records: dict[str, Any] = {n: value for n, value in vars(caches).items() if hasattr(value, "_fields")}

    def __getattr__(self, module: str) -> ModuleType:
        """Return one module of the package."""
        try:
            return self.__dict__["modules"][module]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"the solution has no module {module!r}") from None

    def has(self, target: str) -> bool:
        """Say whether there is a function or class of this name, such as "conv.conv2d_forward"."""
        module, name = target.split(".")
        return hasattr(self.modules.get(module), name)

    def find(self, target: str) -> Any:
        """Return a function or class by its name, such as "conv.conv2d_forward"."""
        module, name = target.split(".")
        return getattr(getattr(self, module), name)


def read_package(folder: Path) -> dict[str, bytes]:
    """Return the sources of a numnet folder, path inside it to bytes."""
    return {path: source for path, source in read_folder(folder).items() if path.endswith(".py")}


def _dotted(path: str) -> str:
    return f"{NAME}.{path.removesuffix('.py').replace('/', '.')}".removesuffix(".__init__")
