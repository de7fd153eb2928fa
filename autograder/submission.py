"""A submission: the student's own numnet/*.py, in memory.

It comes as a folder or a zip that holds numnet/ or loose .py files, at the top or further down. Whatever else lies
there is left alone: given/ is ours, byte code and links are nobody's. Nothing is written to a disk.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.archive import MAX_DEPTH, MAX_FILE_BYTES, MAX_TOTAL_BYTES, SUFFIXES, is_junk, read_archive
from autograder.errors import Label, SubmissionError, UsageError
from autograder.folder import fingerprint

_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\.py")
_OURS = re.compile(r"(check|submit|conftest|test_.*)\.py")  # lies beside loose files, and is no answer
_UNSAFE = re.compile(r"^[.-]|[^A-Za-z0-9._-]")  # in a spreadsheet, what begins with - may be a formula
_RESERVED = {"scores.csv", "index.html"}  # what a run writes beside the submissions' folders
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student sent."""

    id: str
    files: Mapping[str, bytes]  # "conv.py": the student's own modules, and no others
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a submission is called, and where it lies."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Found:
    """The submissions that were found, sorted by id, and what a person should know about them."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


def find_submissions(paths: Iterable[Path]) -> Found:
    """Find the submissions at these paths; each path is one submission, or a folder of them."""
    notes: list[str] = []
    candidates: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        if path.is_file() and not _is_archive(path):
            raise UsageError(f"{path}: expected a folder, or a zip of one")
        found = [path] if path.is_file() or _is_submission(path) else list(_members(path, notes))
        if not found:
            raise UsageError(f"{path}: there is no submission in it; one is a folder or a zip with numnet/")
        candidates |= dict.fromkeys(one.absolute() for one in found)
    entries: list[Entry] = []
    for path in sorted(candidates, key=lambda path: (path.name, path)):
        entries.append(Entry(_free(_escaped(_stem(path)), entries), path.resolve()))
        if entries[-1].id != _stem(path):
            notes.append(f"{path.name!a} is graded as {entries[-1].id}")
    return Found(tuple(sorted(entries, key=lambda entry: entry.id)), tuple(notes))


def _is_submission(folder: Path) -> bool:
    """Tell a submission from a folder of submissions: numnet/ lies in it, or modules and no other folder."""
    inside = [path for path in folder.iterdir() if not is_junk(path.name)]
    others = [path for path in inside if path.name not in ("given", "tests") and (path.is_dir() or _is_archive(path))]
    if (folder / "numnet").is_dir() and any((path / "numnet").is_dir() or _is_archive(path) for path in others):
        raise UsageError(f"{folder}: numnet/ lies beside other submissions; is it one of them? Give it another name")
    return (folder / "numnet").is_dir() or (not others and any(_MODULE.fullmatch(path.name) for path in inside))


def _members(folder: Path, notes: list[str]) -> Iterator[Path]:
    """Yield the folders and archives of a class; whatever else lies there is named in the notes."""
    for path in sorted(folder.iterdir()):
        if is_junk(path.name):
            continue
        if not path.is_symlink() and (path.is_dir() or (path.is_file() and _is_archive(path))):
            yield path
        else:
            notes.append(f"{path.name!a} is neither a folder nor an archive: left alone")


def _is_archive(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


def _stem(path: Path) -> str:
    """Return a folder's name, or an archive's without what makes it one."""
    suffixes = [suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)]
    return path.name if path.is_dir() else path.name[: len(path.name) - len(max(suffixes, key=len, default=""))]


def _escaped(name: str) -> str:
    """Return a name that is safe in a path, a page and a terminal: a byte that is not becomes %XX."""
    escaped = _UNSAFE.sub(lambda unsafe: "".join(f"%{byte:02X}" for byte in os.fsencode(unsafe[0])), name)
    return escaped[:_LONGEST_ID] or "unnamed"


def _free(name: str, entries: list[Entry]) -> str:
    """Return the name, with a number behind it if it is taken; capital letters make no other name."""
    taken = {entry.id.lower() for entry in entries} | _RESERVED
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def read_submission(entry: Entry) -> Submission:
    """Read one submission, or refuse it as a whole."""
    try:
        files = _read_zip(entry.path) if entry.path.is_file() else _read_folder(entry.path)
    except OSError as error:
        raise SubmissionError(f"cannot be read: {error.strerror}", label=Label.GRADER_ERROR) from error
    if not files:
        raise SubmissionError("there is no numnet/ with .py files in it", label=Label.MISSING)
    return Submission(entry.id, files, fingerprint(files))


def _read_zip(path: Path) -> dict[str, bytes]:
    files = read_archive(_read_file(path, MAX_TOTAL_BYTES))
    return {name: files[chosen] for name, chosen in _choose(files).items()}


def _read_folder(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, path in _choose(_names(folder)).items():
        files[name] = _read_file(folder / path, MAX_FILE_BYTES)
        if sum(map(len, files.values())) > MAX_TOTAL_BYTES:
            raise SubmissionError(f"the modules are larger than {MAX_TOTAL_BYTES >> 20} MiB together")
    return files


def _names(folder: Path, prefix: str = "") -> Iterator[str]:
    """Yield the paths of the files in a folder. Links are not followed, and only plain files are named."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if is_junk(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False) and prefix.count("/") < MAX_DEPTH:
                yield from _names(Path(entry.path), f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                yield prefix + entry.name


def _choose(paths: Iterable[str]) -> dict[str, str]:
    """Choose the student's own modules: those of the highest numnet/, or of the highest folder that has any."""
    folders: dict[str, dict[str, str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if _MODULE.fullmatch(name) and (_last(folder) == "numnet" or not _OURS.fullmatch(name)):
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


def _read_file(path: Path, max_bytes: int) -> bytes:
    """Read a plain file. A link or a pipe in its place is not opened in a way that follows or waits."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as stream:  # noqa: PTH123
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError(f"{path.name!a} is not a plain file")
        content = stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise SubmissionError(f"{path.name!a} is larger than {max_bytes >> 20} MiB")
    return content
