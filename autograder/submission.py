"""A submission: the student's own numnet/*.py, in memory.

It comes as a folder or a zip that holds numnet/ or loose .py files, at the top or further down, or as a folder that
holds such a zip. Whatever else lies there is left alone: given/ is ours, byte code and links are nobody's. Nothing is
written to a disk.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from autograder.archive import MAX_FILE_BYTES, MAX_TOTAL_BYTES, is_archive, open_archive
from autograder.directory import Directory, read_plain
from autograder.errors import Label, SubmissionError
from autograder.folder import fingerprint

MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.py")
_OURS = re.compile(r"(check|submit|conftest|test_.*)\.py")  # lies beside loose files, and is no answer


class Files(Protocol):
    """What one student sent, wherever it lies."""

    def names(self) -> Sequence[str]:
        """Return the path of every file."""

    def read(self, name: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
        """Return the content of one of them."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student sent."""

    id: str
    files: Mapping[str, bytes]  # "conv.py": the student's own modules, and no others
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a submission is called, and where it lies: all of a folder or an archive, or some files of it."""

    id: str
    path: Path
    part: Callable[[], Files] | None = None
    handed_in: datetime | None = None  # if what a platform packed says so


def read_submission(entry: Entry) -> Submission:
    """Read one submission, or refuse it as a whole."""
    try:
        files = _read_part(entry.part()) if entry.part else _read_path(entry.path)
    except OSError as error:
        raise SubmissionError(f"cannot be read: {error.strerror}", label=Label.GRADER_ERROR) from error
    return Submission(entry.id, files, fingerprint(files))


def _read_path(path: Path) -> dict[str, bytes]:
    return _unpacked(read_plain(path, MAX_TOTAL_BYTES)) if path.is_file() else _read_part(Directory(path))


def _read_part(files: Files) -> dict[str, bytes]:
    """Read the answer among a student's files: numnet/, or the one archive, or loose modules."""
    names = files.names()
    chosen = _choose(names)
    archives = [name for name in names if is_archive(name)]
    if not archives or any("numnet" in path.split("/")[:-1] for path in chosen.values()):
        return _read_modules(files, names, chosen)
    if chosen or len(archives) > 1:
        both = f"{archives[0]!a} and {([*chosen.values()] or archives[1:])[0]!a}"
        raise SubmissionError(f"which is the answer? There are {both}", label=Label.MISSING)
    return _unpacked(files.read(archives[0], MAX_TOTAL_BYTES))


def _unpacked(content: bytes) -> dict[str, bytes]:
    files = open_archive(content)
    return _read_modules(files, files.names(), _choose(files.names()))


def _read_modules(files: Files, names: Iterable[str], chosen: Mapping[str, str]) -> dict[str, bytes]:
    """Read the chosen modules, or say that there are none."""
    if not chosen:
        notebooks = [name for name in names if name.endswith(".ipynb")]
        instead = f"; {notebooks[0]!a:.100} is a notebook" if notebooks else ""
        raise SubmissionError(f"there is no numnet/ with .py files in it{instead}", label=Label.MISSING)
    read: dict[str, bytes] = {}
    for name, path in chosen.items():
        read[name] = files.read(path)
        if sum(map(len, read.values())) > MAX_TOTAL_BYTES:
            raise SubmissionError(f"the modules are larger than {MAX_TOTAL_BYTES >> 20} MiB together")
    return read


def _choose(paths: Iterable[str]) -> dict[str, str]:
    """Choose the student's own modules: those of the highest numnet/, or of the highest folder that has any."""
    folders: dict[str, dict[str, str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if MODULE.fullmatch(name) and (_last(folder) == "numnet" or not _OURS.fullmatch(name)):
            folders.setdefault(folder, {})[name] = path
    packages = [folder for folder in folders if _last(folder) == "numnet"]
    loose = [folder for folder in folders if _last(folder) not in ("given", "tests")]
    candidates = sorted(packages or loose, key=_depth)
    if not candidates:
        return {}
    if len(candidates) > 1 and _depth(candidates[0]) == _depth(candidates[1]):
        both = f"{candidates[0]!a} and {candidates[1]!a}"
        raise SubmissionError(f"which is the answer? There are {both}", label=Label.MISSING)
    return folders[candidates[0]]


def _last(folder: str) -> str:
    return folder.split("/")[-1]


def _depth(folder: str) -> int:
    return len(Path(folder).parts)
