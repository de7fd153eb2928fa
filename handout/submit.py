"""Pack what you wrote into submission.zip: the files of numnet/, without given/.

The same files give the same zip, to the byte, so that its SHA-256 tells whether two of them are the same answer.
"""

import ast
import hashlib
import os
import re
import sys
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
ALLOWED = {"numpy", "numnet", *sys.stdlib_module_names}
MAX_BYTES = 1 << 20  # of one file
MIDNIGHT = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold


class Refused(Exception):
    """What is wrong with the answer, in one sentence."""


def main() -> int:
    """Check and pack the answer; say what is in it, or the one thing that is wrong."""
    try:
        files = read_answer()
    except Refused as refused:
        print(f"Nothing was packed: {refused}.", file=sys.stderr)
        return 2
    packed = pack(files)
    beside = HERE / "submission.zip.new"
    beside.write_bytes(packed)
    beside.replace(HERE / "submission.zip")
    for name, content in files.items():
        stubs = content.count(b"not written yet")
        say(f"{name:24}{len(content):>9,} bytes{f'   {stubs} not written yet' if stubs else ''}")
    say(f"{'submission.zip':24}{len(packed):>9,} bytes   SHA-256 {hashlib.sha256(packed).hexdigest()}")
    return 0


def say(line: str = "") -> None:
    """Print a line, or stop in silence if whoever reads, such as `head`, has gone."""
    try:
        print(line, flush=True)
    except OSError:
        os._exit(1)  # an exception would become a traceback, and so would what is left to flush


def read_answer() -> dict[str, bytes]:
    """Read numnet/*.py, or refuse it: every module that the public checks use has to be there, and to be fit."""
    files = {f"numnet/{path.name}": path.read_bytes() for path in sorted((HERE / "numnet").glob("*.py"))}
    for name in ("numnet/__init__.py", *used_modules()):
        if name not in files:
            raise Refused(f"{name} is not there")
    for name, content in files.items():
        require_fit(name, content)
    return files


def used_modules() -> Iterator[str]:
    """Yield the modules that the public checks import, as files."""
    for path in sorted((HERE / "tests").glob("test_*.py")):
        for module in re.findall(r"^(?:from|import) numnet\.(\w+)(?: import|$)", path.read_text("utf-8"), re.MULTILINE):
            yield f"numnet/{module}.py"


def require_fit(name: str, content: bytes) -> None:
    """Refuse a file that is too large, is no Python, or leaves the homework to a library."""
    if len(content) > MAX_BYTES:
        raise Refused(f"{name} is larger than {MAX_BYTES >> 20} MiB")
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(content, name)
            compile(tree, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise Refused(f"{name}{f' line {error.lineno}' if error.lineno else ''}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Refused(f"{name}: {error}") from error
    for line, library in imported(tree):
        if library not in ALLOWED:
            raise Refused(f"{name} line {line}: imports {library}; NumPy and the standard library are all it takes")


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every library that a module imports, and the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.partition(".")[0]


def pack(files: dict[str, bytes]) -> bytes:
    """Return a zip of files; without dates and compression, nothing but the files decides its bytes."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, MIDNIGHT)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16  # the same on every system
            archive.writestr(entry, content)
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
