"""Known mistakes: each an edit of the solution that makes one check fail, and the hint that explains it.

They prove that the checks catch them, tell a student who made one what it was, and make the demonstration class.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import AssignmentError
from autograder.toml_table import Table, read_table

_FILE = re.compile(r"[a-z_][a-z0-9_]*\.py")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One edit of one module of the solution, and what is known about it."""

    name: str
    id: str  # as in the list of mistakes that each problem comes with: "A3g"
    problem: str
    file: str
    find: str
    replace: str
    caught_by: str
    hint: str
    keeps_state: bool  # from call to call, so that its answers depend on the checks before
    where: str  # the file and line that say so


def read_mistakes(folder: Path) -> tuple[Mistake, ...]:
    """Read every *.toml of a folder, or refuse one with the line to mend."""
    mistakes = [mistake for path in sorted(folder.glob("*.toml")) for mistake in _read_file(path)]
    seen: dict[str, str] = {}
    for mistake in mistakes:
        for name in (mistake.name, mistake.id):
            if name in seen:
                raise AssignmentError(f"{mistake.where}: {name} is the name of another mistake, in {seen[name]}")
            seen[name] = mistake.where
    return tuple(mistakes)


def _read_file(path: Path) -> Iterator[Mistake]:
    table = read_table(path)
    for name, within in table.each():
        yield _read_mistake(name, within)


def _read_mistake(name: str, table: Table) -> Mistake:
    table.allow("problem", "id", "file", "find", "replace", "caught_by", "hint", "keeps_state")
    mistake = Mistake(
        name=name,
        id=table.text("id"),
        problem=table.text("problem"),
        file=table.text("file"),
        find=table.text("find"),
        replace=table.any_text("replace"),
        caught_by=table.text("caught_by"),
        hint=table.text("hint"),
        keeps_state="keeps_state" in table.values and table.flag("keeps_state"),
        where=f"{table.file} line {table.line()}",
    )
    if not _FILE.fullmatch(mistake.file):
        raise table.refusal(f"file is {mistake.file!r}; it is a module such as 'conv.py'", "file")
    if mistake.find == mistake.replace:
        raise table.refusal(f"{name} replaces a text by itself", "replace")
    return mistake


def require_known(mistakes: Iterable[Mistake], assignment: Assignment) -> None:
    """Refuse a mistake of a chosen problem that names a check which is none of the problem's."""
    checks = {problem.id: {check.id for check in problem.checks} for problem in assignment.problems}
    for mistake in mistakes:
        if mistake.problem in checks and mistake.caught_by not in checks[mistake.problem]:
            raise AssignmentError(f"{mistake.where}: {mistake.problem} has no check {mistake.caught_by}")


def apply(mistakes: Iterable[Mistake], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the modules with these mistakes made in them, one after the other.

    files: "conv.py" and the like, as in Submission
    """
    edited = dict(files)
    for mistake in mistakes:
        if mistake.file not in edited:
            raise AssignmentError(f"{mistake.where}: {mistake.file} is no module of the solution")
        text = edited[mistake.file].decode("utf-8")
        if (times := text.count(mistake.find)) != 1:
            found = f"what {mistake.name} looks for stands {times} times in {mistake.file}"
            raise AssignmentError(f"{mistake.where}: {found}; it stands there once")
        edited[mistake.file] = text.replace(mistake.find, mistake.replace).encode()
    return edited
