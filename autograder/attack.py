"""Attacks: hostile, broken and odd submissions, one trick per file, with what each of them must get.

An attack is a Python file. Its docstring tells the trick, then in lines of `key: value` what must come of it:

    row: A01            its row in the catalogue; letters and numbers of no other attack
    file: linear.py     the attack is this module of numnet, the handout is the rest (one of file, folder, archive)
    label: EXITED       how its checks end: each of them with one of `EXITED or WRONG`, one of them with the first
    holds: L3           the lowest level of the wall that holds it
    seconds: 10         the most that grading it may take
    earns: everything   or so many points: an honest submission that looks strange; else nothing (may be left out)
    unwalled: WRONG     the label at L5, if it is another there (may be left out)

With `file:`, a student's module calls `trick()` in its last line. With `folder: handout` or `folder: solution`, the
file is ours, and its `trick(files)` changes what such a submission holds, by path; with `archive: homework.zip` it
returns the bytes of an archive instead. The twin of an attack is the same submission without the trick: it scores
nothing, and so does the attack; a twin that is the solution scores everything.
"""

import itertools
import re
import runpy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from autograder.errors import AssignmentError, Label
from autograder.sandbox.level import Level

FOLDER = Path(__file__).with_name("attacks")
_HEAD = re.compile(r"^([a-z]+): (.+)$", re.MULTILINE)
_CALL = "\ntrick()\n"
_KEYS = {"row", "label", "holds", "seconds"}
_OPTIONAL = {"earns", "unwalled"}


class Kind(Enum):
    """What an attack is."""

    FILE = "file"  # a module as a student wrote it
    FOLDER = "folder"  # a whole submission
    ARCHIVE = "archive"  # the bytes of a file that is to be unpacked


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile, broken or odd submission, and what must come of it."""

    name: str
    row: str
    story: str  # the trick, in words
    kind: Kind
    target: str  # the module, the tree that a folder starts from, or the name of the archive
    labels: tuple[Label, ...]
    unwalled: tuple[Label, ...]  # the labels at L5
    holds: Level  # the lowest level of the wall that holds it
    seconds: float  # the most that grading it may take
    earns: str  # nothing, everything, or a number of points
    path: Path

    def is_held_at(self, level: Level) -> bool:
        """Say whether a wall of this level must hold it."""
        return level.reaches(self.holds)

    def points(self, most: float) -> float:
        """Return what it earns of so many points."""
        named = {"nothing": 0.0, "everything": most}
        return named[self.earns] if self.earns in named else float(self.earns)

    def labels_at(self, level: Level) -> tuple[Label, ...]:
        """Return what its checks may end with at this level; with the first of these, one of them must."""
        return self.unwalled if level is Level.L5 else self.labels

    def is_answered_by(self, labels: Iterable[Label], level: Level) -> bool:
        """Say whether checks that ended like this are what the attack must get."""
        got, wanted = set(labels), self.labels_at(level)
        return wanted[0] in got and got <= set(wanted)

    def write(self, folder: Path, solution: Mapping[str, bytes], handout: Mapping[str, bytes]) -> Path:
        """Write the submission into an empty folder; return what is to be graded.

        solution, handout: path inside numnet to source
        """
        source = self.path.read_bytes()
        if self.kind is Kind.FILE:
            return _write_tree(folder, _tree({**handout, self.target: source}))
        files = _tree(solution if self.target == "solution" else handout)
        made = self._trick()(files)
        if self.kind is Kind.FOLDER:
            return _write_tree(folder, files)
        archive = folder / self.target
        archive.write_bytes(made)
        return archive

    def write_twin(self, folder: Path, solution: Mapping[str, bytes], handout: Mapping[str, bytes]) -> Path:
        """Write the same submission without its trick."""
        if self.kind is Kind.FILE:
            source = self.path.read_text("utf-8").removesuffix(_CALL) + "\n"
            return _write_tree(folder, _tree({**handout, self.target: source.encode()}))
        return _write_tree(folder, _tree(solution if self.target == "solution" else handout))

    def _trick(self) -> Callable[[dict[str, bytes]], bytes]:
        trick: Callable[[dict[str, bytes]], bytes] = runpy.run_path(str(self.path))["trick"]
        return trick


def _tree(modules: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"numnet/{path}": source for path, source in modules.items()}


def _write_tree(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def read_attacks(folder: Path = FOLDER) -> tuple[Attack, ...]:
    """Read every attack of a folder in the order of the catalogue, or refuse one with the line to mend."""
    attacks = sorted(map(_read, folder.glob("[a-z]*.py")), key=lambda attack: attack.row)
    for one, next_one in itertools.pairwise(attacks):
        if one.row == next_one.row:
            raise AssignmentError(f"{next_one.path.name}: row {one.row} is {one.path.name} already")
    return tuple(attacks)


def beyond(level: Level, attacks: Iterable[Attack]) -> list[str]:
    """Return the rows that a wall of this level cannot hold."""
    return [attack.row for attack in attacks if not attack.is_held_at(level)]


def _read(path: Path) -> Attack:
    source = path.read_text("utf-8")
    docstring = source.split('"""')[1] if source.startswith(('"""', 'r"""')) else ""
    head = dict(_HEAD.findall(docstring))
    kinds = [kind for kind in Kind if kind.value in head]
    if len(kinds) != 1 or head.keys() - {kinds[0].value} - _OPTIONAL != _KEYS:
        expected = f"{', '.join(sorted(_KEYS))} and one of {', '.join(kind.value for kind in Kind)}"
        raise AssignmentError(
            f"{path.name}: its docstring has the keys {', '.join(head) or 'none'}; expected {expected}"
        )
    if kinds[0] is Kind.FILE and not source.endswith(_CALL):
        raise AssignmentError(f"{path.name}: its last line is trick()")
    try:
        return Attack(
            name=path.stem,
            row=head["row"],
            story=" ".join(_HEAD.sub("", docstring).split()),
            kind=kinds[0],
            target=head[kinds[0].value],
            labels=_labels(head["label"]),
            unwalled=_labels(head["unwalled"] if "unwalled" in head else head["label"]),
            holds=Level(head["holds"]),
            seconds=float(head["seconds"]),
            earns=_points(head.get("earns", "nothing")),
            path=path,
        )
    except ValueError as error:
        raise AssignmentError(f"{path.name}: {error} is no value of its key") from error


def _labels(text: str) -> tuple[Label, ...]:
    return tuple(Label(name) for name in text.split(" or "))


def _points(text: str) -> str:
    return text if text in ("nothing", "everything") else f"{float(text):g}"
