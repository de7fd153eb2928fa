"""Who handed in: the submissions at some paths, each with an id that is safe in a path, a page and a terminal.

A path that the instructor names is one submission, a folder of submissions, or a download from a course platform.
What lies inside was named by others: it is never taken for a download, and gets its id after what the instructor named.
"""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from autograder.archive import SUFFIXES, Archive, is_archive, is_junk, open_zip, refusing
from autograder.directory import Directory, read_plain
from autograder.download import METADATA, TIMESTAMP, Download, read_timestamp, recognise, user_of_clone
from autograder.errors import SubmissionError, UsageError
from autograder.submission import MODULE, Entry, Files

MAX_DOWNLOAD_BYTES = 1 << 30  # a zip is held in memory
MAX_DIRECTORY_BYTES = 64 << 20  # of a zip: the names of half a million files

LONGEST_STAMP = 100  # bytes of the file in which nbgrader keeps a time

_UNSAFE = re.compile(r"^[.-]|[^A-Za-z0-9._-]")  # in a spreadsheet, what begins with - may be a formula
_RESERVED = {
    "scores.csv",
    "index.html",
    "similar.html",
    "times.csv",
}  # what a run writes beside the submissions' folders
_OURS = ("given", "tests", "submission.zip")  # lie beside the modules of one submission
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Found:
    """The submissions that were found, sorted by id, and what a person should know about them."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A submission before it has an id."""

    name: str  # as others wrote it
    path: Path
    part: Callable[[], Files] | None = None
    is_inside: bool = False  # others named it, not the instructor
    handed_in: datetime | None = None


def find_submissions(paths: Iterable[Path]) -> Found:
    """Find the submissions at these paths."""
    notes: list[str] = []
    candidates: dict[tuple[Path, str], _Candidate] = {}
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder")
        if path.is_file() and not is_archive(path.name):
            raise UsageError(f"{path}: expected a folder, or a zip of one")
        found = list(_zipped(path, notes) if path.is_file() else _unzipped(path, notes))
        if not found:
            raise UsageError(f"{path}: there is no submission in it; one is a folder or a zip with numnet/")
        for one in found:
            candidates.setdefault((one.path.absolute(), one.name if one.part else ""), one)
    entries = _named(candidates.values(), notes)
    return Found(tuple(sorted(entries, key=lambda entry: entry.id)), tuple(notes))


def _named(candidates: Iterable[_Candidate], notes: list[str]) -> list[Entry]:
    """Give everybody an id of their own; whoever gets another than their name is noted."""
    entries = []
    candidates = sorted(candidates, key=lambda one: (one.is_inside, one.name, one.path))
    borne = {_escaped(one.name).lower() for one in candidates} | _RESERVED  # a number may make no other's name
    taken = set(_RESERVED)
    for one in candidates:
        name = _free(_escaped(one.name), taken, borne)
        taken.add(name.lower())
        if name != one.name:
            notes.append(f"{one.name if one.part else one.path.name!a} is graded as {name}")
        entries.append(Entry(name, one.path.resolve(), one.part, one.handed_in))
    return entries


def _zipped(path: Path, notes: list[str]) -> Iterator[_Candidate]:
    """Yield the submissions in a platform's zip, or the one that any other archive is."""
    try:
        packed = open_zip(BytesIO(read_plain(path.resolve(), MAX_DOWNLOAD_BYTES)), MAX_DIRECTORY_BYTES)
    except SubmissionError:  # it is told to whom it belongs, when it is read
        yield _Candidate(_stem(path), path)
        return
    for root in ("", _common_root(packed)):
        entries = _by_top(packed, root)
        if download := recognise(root.rstrip("/"), set(entries), partial(_metadata, path, packed, entries)):
            _note(path, download, entries, notes)
            for student, shares in download.shares.items():
                members = [(one.name + rest, entry) for one in shares for rest, entry in entries[one.top]]
                yield _part(download, student, path, partial(Archive, packed, members))
            return
    yield _Candidate(_stem(path), path)


def _part(download: Download, student: str, path: Path, part: Callable[[], Files]) -> _Candidate:
    """Return what one student has in a download, and when it was handed in; nbgrader says so in a file."""
    handed_in = download.handed_in(student)
    if download.platform == "nbgrader":
        with suppress(SubmissionError, OSError):
            files = part()
            stamps = [name for name in files.names() if name.split("/")[1:] == [TIMESTAMP]]
            times = [read_timestamp(files.read(stamp, LONGEST_STAMP).decode("utf-8", "replace")) for stamp in stamps]
            handed_in = max((time for time in times if time), default=None)
    return _Candidate(student, path, part, is_inside=True, handed_in=handed_in)


def _common_root(packed: ZipFile) -> str:
    """Return the one folder that holds everything in a zip, if there is one."""
    names = [entry.orig_filename.partition("/") for entry in packed.infolist()]
    firsts = {first + slash for first, slash, _ in names if not is_junk(first)}
    return firsts.pop() if len(firsts) == 1 else ""


def _by_top(packed: ZipFile, root: str) -> dict[str, list[tuple[str, ZipInfo]]]:
    """Return what lies below each file and folder at the top of a zip, or of the one folder in it."""
    below: dict[str, list[tuple[str, ZipInfo]]] = defaultdict(list)
    for entry in packed.infolist():
        top, slash, rest = entry.orig_filename.removeprefix(root).partition("/")
        if top and (rest or not slash):
            below[top + slash].append((rest, entry))
    return below


def _metadata(path: Path, packed: ZipFile, entries: Mapping[str, Sequence[tuple[str, ZipInfo]]]) -> bytes:
    try:
        with refusing(), packed.open(entries[METADATA][0][1]) as stream:
            return stream.read(MAX_DIRECTORY_BYTES)
    except SubmissionError as error:
        raise UsageError(f"{path}: {METADATA} in it is broken; download it again") from error


def _unzipped(path: Path, notes: list[str]) -> Iterator[_Candidate]:
    """Yield the submissions in a folder, or the one that it is."""
    if (path / "submitted").is_dir() and not (path / "numnet").is_dir():
        path = path / "submitted"  # of an nbgrader course
    tops = [f"{one.name}/" if one.is_dir() else one.name for one in path.iterdir() if not one.is_symlink()]
    download = recognise(path.resolve().name, tops, partial(read_plain, path / METADATA, MAX_DIRECTORY_BYTES))
    if download:
        _note(path, download, tops, notes)
        for student, shares in download.shares.items():
            roots = tuple((one.top, one.name) for one in shares)
            yield _part(download, student, path, partial(Directory, path, roots))
    elif _is_submission(path):
        yield _Candidate(path.name, path)
    else:
        yield from _members(path, notes)


def _note(path: Path, download: Download, tops: Iterable[str], notes: list[str]) -> None:
    """Say what a path was taken for, and what of it is not graded."""
    notes.append(f"{path.name!a} is a download from {download.platform}, of {len(download.shares)} submissions")
    notes += [f"{one!a:.200} is marked LATE, not when: name it in a CSV, --times" for one in download.late()]
    used = {one.top for shares in download.shares.values() for one in shares}
    for top in sorted({*tops} - used - {METADATA}):
        if not is_junk(top.rstrip("/")):
            why = "there is a newer attempt" if top in download.outdated else "it is nobody's"
            notes.append(f"{top!a:.200} is left alone: {why}")


def _is_submission(folder: Path) -> bool:
    """Tell a submission from a folder of submissions: numnet/ lies in it, or modules and no other folder."""
    inside = [path for path in folder.iterdir() if not is_junk(path.name)]
    others = [path for path in inside if path.name not in _OURS and _is_one(path)]
    if (folder / "numnet").is_dir() and any((path / "numnet").is_dir() or path.is_file() for path in others):
        raise UsageError(f"{folder}: numnet/ lies beside other submissions; is it one of them? Give it another name")
    return (folder / "numnet").is_dir() or (not others and any(MODULE.fullmatch(path.name) for path in inside))


def _is_one(path: Path) -> bool:
    """Say whether a path in a folder of submissions can be one of them."""
    return path.is_dir() or (path.is_file() and is_archive(path.name))


def _members(folder: Path, notes: list[str]) -> Iterator[_Candidate]:
    """Yield the folders and archives of a class; whatever else lies there is noted."""
    for path in sorted(folder.iterdir()):
        if is_junk(path.name):
            continue
        if path.is_symlink() or not _is_one(path):
            notes.append(f"{path.name!a} is neither a folder nor an archive: left alone")
        elif (path / ".git").exists():
            yield _Candidate(user_of_clone(path.name, folder.resolve().name), path, is_inside=True)
        else:
            yield _Candidate(_stem(path), path, is_inside=True)


def _stem(path: Path) -> str:
    """Return a folder's name, or an archive's without what makes it one."""
    suffixes = [suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)]
    return path.name if path.is_dir() else path.name[: len(path.name) - len(max(suffixes, key=len, default=""))]


def _escaped(name: str) -> str:
    """Return a name that is safe in a path, a page and a terminal: a byte that is not becomes %XX."""
    escaped = _UNSAFE.sub(lambda unsafe: "".join(f"%{byte:02X}" for byte in os.fsencode(unsafe[0])), name)
    return escaped[:_LONGEST_ID] or "unnamed"


def _free(name: str, taken: set[str], borne: set[str]) -> str:
    """Return the name, with a number behind it if it is taken; capital letters make no other name."""
    number, free = 1, name
    while free.lower() in taken or (number > 1 and free.lower() in borne):
        number += 1
        free = f"{name}-{number}"
    return free
