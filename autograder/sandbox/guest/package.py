"""Import a package from bytes: the student's files never touch a disk.

The same finder serves both sides: in the guest for what the student sent, on the host for the reference.
"""

import importlib.util
import marshal
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, MappingProxyType, ModuleType

NOTHING: Mapping[str, bytes] = MappingProxyType({})


class Package(MetaPathFinder, InspectLoader):
    """Finds and runs the modules of one package whose sources are in memory.

    files: path inside the package, such as "given/caches.py", to source; codes: what `compile` returned for them
    """

    def __init__(self, name: str, files: Mapping[str, bytes], codes: Mapping[str, bytes] = NOTHING) -> None:
        """Keep the sources by module name."""
        self.name = name
        self.codes = codes
        self.sources = {_module(name, path): (path, source) for path, source in sorted(files.items())}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module of the package is found, or None for any other."""
        if fullname not in self.sources:
            return None
        origin = f"{self.name}/{self.sources[fullname][0]}"
        spec = ModuleSpec(fullname, self, origin=origin, is_package=self.is_package(fullname))
        spec.has_location = True  # it has a __file__: many a module looks where it lies
        return spec

    def is_package(self, fullname: str) -> bool:
        """Say whether a module is an __init__.py."""
        return self.sources[fullname][0].endswith("__init__.py")

    def get_source(self, fullname: str) -> str:
        """Return the text of a module, with the encoding that its bytes declare."""
        return importlib.util.decode_source(self.sources[fullname][1])

    def get_code(self, fullname: str) -> CodeType:
        """Compile a module, if it was not yet; its file name is shown in tracebacks."""
        if fullname in self.codes:
            return marshal.loads(self.codes[fullname])  # type: ignore[no-any-return] # noqa: S302 - our own `compile`
        name = f"{self.name}/{self.sources[fullname][0]}"
        try:
            return compile(self.get_source(fullname), name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, LookupError) as error:  # for a null byte or a codec, without a place
            if isinstance(error, SyntaxError) and error.filename:
                raise
            raise SyntaxError(str(error), (name, 1, 0, None)) from error
        except (MemoryError, RecursionError) as error:
            raise SyntaxError("nested too deeply", (name, 1, 0, None)) from error

    def compile(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Compile the files of these paths that can be; return the codes by module name."""
        codes = {}
        for fullname in (_module(self.name, path) for path in paths):
            with suppress(SyntaxError):
                codes[fullname] = marshal.dumps(self.get_code(fullname))
        self.codes = codes
        return codes

    def install(self) -> None:
        """Make the package importable, before any other of the same name."""
        sys.meta_path.insert(0, self)

    def remove(self) -> dict[str, ModuleType]:
        """Make the package unimportable and return the modules that were imported from it."""
        sys.meta_path.remove(self)
        inside = [name for name in sys.modules if name == self.name or name.startswith(f"{self.name}.")]
        return {name: sys.modules.pop(name) for name in inside}


def _module(package: str, path: str) -> str:
    dotted = path.removesuffix(".py").replace("/", ".")
    return f"{package}.{dotted}".removesuffix(".__init__")
