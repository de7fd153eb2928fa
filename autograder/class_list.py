"""The class list: a CSV with a line for each student, in which every cell is a name that somebody calls them by.

    student,name,canvas,github            the first column is what we call them; a name that two students share
    ada,Ada Lovelace,345,ada-l            (their section, say) names nobody

A submission is called by the platform that it came from, `lovelaceada_345` or `Ada%20Lovelace_12`: the number at the
end, which is the platform's, is a name too.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

from autograder.errors import UsageError

BOM = "\ufeff"  # a mark that Excel likes
_NUMBER_AT_THE_END = re.compile(r".*_(\d+)")


class ClassList:
    """Who is who. An empty list knows nobody, and calls everybody as the submission is called."""

    def __init__(self, lines: Iterable[Sequence[str]] = ()) -> None:
        """Keep the names, each for one student. Every line begins with what we call the student."""
        self._names = {line[0]: {form for cell in line for form in forms(cell)} for line in lines}
        counts = Counter(form for names in self._names.values() for form in names)
        self._owners = {form: student for student, names in self._names.items() for form in names if counts[form] == 1}

    def __contains__(self, student: str) -> bool:
        """Say whether a student is on the list."""
        return student in self._names

    def __bool__(self) -> bool:
        """Say whether anybody is on the list."""
        return bool(self._names)

    def student(self, name: str) -> str:
        """Return who is called so, or the name itself if nobody is."""
        return next((self._owners[form] for form in forms(name) if form in self._owners), name)

    def names(self, student: str) -> set[str]:
        """Return every name of a student that is no other's."""
        return {form for form in self._names.get(student, ()) if form in self._owners}


def forms(name: str) -> Iterator[str]:
    """Yield a name as it is compared, and then the number at its end, if a platform put one there."""
    name = " ".join(unquote(name).split()).casefold()
    if name:
        yield name
    if match := _NUMBER_AT_THE_END.fullmatch(name):
        yield match[1]


def read_class_list(path: Path) -> ClassList:
    """Read a class list, or refuse it with the row to mend."""
    lines = [[cell.strip() for cell in line] for line in read_csv(path.name, read_text(path))]
    if not lines or lines[0][:1] != ["student"]:
        raise UsageError(f"{path.name} row 1: the first column is called `student`, got {lines[:1]!r:.80}")
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        if any(line) and not line[0]:
            raise UsageError(f"{path.name} row {number}: there is no student in the first column")
        if any(line) and seen.setdefault(line[0].casefold(), number) != number:
            raise UsageError(f"{path.name} row {number}: {line[0]!r} is in row {seen[line[0].casefold()]} already")
    return ClassList(line for line in lines[1:] if any(line))


def read_times(path: Path) -> dict[str, datetime]:
    """Read when each submission was handed in: a CSV with the columns submission and handed_in."""
    lines = [[cell.strip() for cell in line] for line in read_csv(path.name, read_text(path))]
    if not lines or not {"submission", "handed_in"} <= set(lines[0]):
        raise UsageError(f"{path.name} row 1: expected the columns submission and handed_in, got {lines[:1]!r:.80}")
    columns = lines[0].index("submission"), lines[0].index("handed_in")
    times: dict[str, datetime] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not any(line):
            continue
        name, text = (line[column] if column < len(line) else "" for column in columns)
        if name in times:
            raise UsageError(f"{path.name} row {number}: {name!r} is there already")
        times[name] = read_moment(text, f"{path.name} row {number}")
    return times


def times_csv(times: Mapping[str, datetime]) -> str:
    """Write when each submission was handed in, as `read_times` reads it; ids hold nothing that needs quotes."""
    lines = (f"{name},{moment.isoformat()}\n" for name, moment in sorted(times.items()))
    return "".join(("submission,handed_in\n", *lines))


def read_moment(text: str, where: str) -> datetime:
    """Read a time that is the same everywhere."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise UsageError(f"{where}: expected a time such as 2026-12-01T23:59:00+01:00, got {text!r:.80}")
    return moment


def read_text(path: Path) -> str:
    """Read a sheet's text, with its line endings."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name}: not UTF-8; save it as CSV in UTF-8") from error


def read_csv(name: str, text: str, delimiter: str = ",") -> list[list[str]]:
    """Read a table; what is no CSV is refused with the row."""
    reader = csv.reader(StringIO(text.removeprefix(BOM), newline=""), delimiter=delimiter, strict=True)
    lines: list[list[str]] = []
    try:
        lines.extend(reader)
    except csv.Error as error:
        raise UsageError(f"{name} row {len(lines) + 1}: no CSV: {error}") from error
    return lines
