"""What a course platform packs for an instructor: the submissions of a class in one folder or zip.

It is recognised by what it contains. Names at its top are the platform's; below them, or behind a number in them,
they are the students' own, and are judged as theirs.

    Gradescope   submission_metadata.yml, submission_7/conv.py       the number grows with every attempt
    Canvas       lovelaceada_LATE_12_345_conv-1.py                   user, attachment; -1 is Canvas's own
    Moodle       Ada Lovelace_12_assignsubmission_file_/conv.py      or the same in one name, without a folder
    nbgrader     submitted/ada/homework/conv.py
    Classroom    homework-submissions/homework-ada/.git              clones, made by `gh classroom`
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from autograder.archive import is_archive, is_junk

METADATA = "submission_metadata.yml"
TIMESTAMP = "timestamp.txt"  # of nbgrader, beside the notebooks of one assignment

_GRADESCOPE = re.compile(r"submission_(\d+)/")
_CANVAS = re.compile(r"(\w*?)_(?:LATE_)?(\d+)_(?:(\d+)_(.+)|(?:text|link)\.html)", re.DOTALL)
_ANONYMOUS = re.compile(r"(?:LATE_)?(anon)_(\w+?)_(?:(\d+)_(.+)|(?:text|link)\.html)", re.DOTALL)
_MOODLE = re.compile(r"(.*?_\d+)_assignsubmission_(?:file|onlinetext)_?(.*)", re.DOTALL)
_AGAIN = re.compile(r"-\d+(?=\.\w+$)")
_RECORD = re.compile(r"^(submission_\d+):.*\n((?:[ -].*\n?)*)", re.MULTILINE)
_SUBMITTERS = re.compile(r"^  :submitters:\n((?:  - .*\n?|   .*\n?)*)", re.MULTILINE)
_FACT = re.compile(r"^  (?:- |  ):(sid|email): *['\"]?([^'\"\n]+)", re.MULTILINE)

_CREATED = re.compile(r"^  :created_at: *['\"]?([^'\"\n]+)", re.MULTILINE)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:\d\d)")
_LATE = re.compile(r"\w*?_LATE_\d+_.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Share:
    """One file or folder at the top of a download.

    top: its name there; a folder's ends with a slash. name: the student's name of the file, or "" for a folder of files
    attempt: a higher one is newer; 0 where the platform packs the newest alone
    """

    student: str
    top: str
    name: str = ""
    attempt: int = 0
    handed_in: datetime | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """Whose is what, for the newest attempt of each student."""

    platform: str
    shares: Mapping[str, tuple[Share, ...]]  # by student
    outdated: tuple[str, ...]  # tops that a newer attempt replaces

    def handed_in(self, student: str) -> datetime | None:
        """Return when a student handed in, as the platform says."""
        return max((one.handed_in for one in self.shares[student] if one.handed_in), default=None)

    def late(self) -> list[str]:
        """Return who is marked as late by a platform that does not say when."""
        return sorted({one.student for each in self.shares.values() for one in each if _LATE.fullmatch(one.top)})


def recognise(folder: str, tops: Collection[str], metadata: Callable[[], bytes]) -> Download | None:
    """Tell what a folder or zip is by the names at its top, or None if it is no platform's.

    folder: its own name. metadata: reads Gradescope's
    """
    tops = [top for top in tops if not is_junk(top.rstrip("/"))]
    if METADATA in tops:
        records = _records(metadata())
        return _newest("Gradescope", _gradescope(tops, _students(records), _times(records)))
    if any(_MOODLE.fullmatch(top.rstrip("/")) for top in tops):
        return _newest("Moodle", _moodle(tops))
    if tops and all(_canvas_match(top) for top in tops):
        return _newest("Canvas", _canvas(tops))
    if folder == "submitted":
        return _newest("nbgrader", (Share(top[:-1], top) for top in tops if top.endswith("/")))
    return None


def user_of_clone(clone: str, folder: str) -> str:
    """Return the user of a clone that GitHub Classroom named: in homework-submissions/, homework-ada is ada's."""
    prefix = folder.removesuffix("submissions")
    return clone.removeprefix(prefix) if prefix not in ("", folder) and clone != prefix else clone


def _newest(platform: str, shares: Iterable[Share]) -> Download:
    """Keep the newest archive of each student, or else the newest file of each name and the newest folder."""
    kept: dict[str, dict[str, Share]] = {}
    outdated = []
    for share in sorted(shares, key=lambda share: (share.attempt, share.top)):
        kind = "an archive" if is_archive(share.name) else share.name
        if not share.attempt:  # one attempt is all there is
            kind = share.top
        before = kept.setdefault(share.student, {}).get(kind)
        if before:
            outdated.append(before.top)
        kept[share.student][kind] = share
    return Download(platform, {who: tuple(each.values()) for who, each in kept.items()}, tuple(outdated))


def read_timestamp(text: str) -> datetime | None:
    """Read a time as Gradescope and nbgrader write it, or return None."""
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        return None
    zone = "+00:00" if match[3] in ("Z", "UTC") else match[3]
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
    except ValueError:
        return None


def _gradescope(
    tops: Iterable[str], students: Mapping[str, str], times: Mapping[str, datetime | None]
) -> Iterator[Share]:
    for top in tops:
        if match := _GRADESCOPE.fullmatch(top):
            name = top[:-1]
            yield Share(students.get(name, name), top, attempt=int(match[1]), handed_in=times.get(name))


def _records(metadata: bytes) -> dict[str, str]:
    """Return what Gradescope says of each folder.

    Ruby wrote the file, with keys at fixed columns; what students wrote or printed is further to the right.
    """
    return dict(_RECORD.findall(metadata.decode("utf-8", "replace")))


def _times(records: Mapping[str, str]) -> dict[str, datetime | None]:
    """Return when each folder was handed in."""
    found = {folder: _CREATED.search(record) for folder, record in records.items()}
    return {folder: read_timestamp(match[1]) for folder, match in found.items() if match}


def _students(records: Mapping[str, str]) -> dict[str, str]:
    """Return whose each folder of Gradescope's is: the student numbers, or else the addresses, of who handed it in."""
    students = {}
    for folder, record in records.items():
        submitters = _SUBMITTERS.search(record)
        facts = _FACT.findall(submitters[1]) if submitters else []
        numbers = [value.strip() for key, value in facts if key == "sid" and value.strip()]
        addresses = [value.strip() for key, value in facts if key == "email"]
        if names := numbers or addresses:
            students[folder] = "-".join(names)
    return students


def _canvas_match(top: str) -> re.Match[str] | None:
    return _ANONYMOUS.fullmatch(top) or _CANVAS.fullmatch(top)


def _canvas(tops: Iterable[str]) -> Iterator[Share]:
    for top in tops:
        if match := _canvas_match(top):
            name, user, attachment, file = match.groups()
            yield Share(f"{name}_{user}", top, _AGAIN.sub("", file or "text.html"), int(attachment or 0))


def _moodle(tops: Iterable[str]) -> Iterator[Share]:
    for top in tops:
        if match := _MOODLE.fullmatch(top.rstrip("/")):
            yield Share(match[1], top, "" if top.endswith("/") else match[2])
