"""Classes of any size: a small one of known answers to one problem, and a large one with everything in it."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import cycle
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from autograder.assignment import Assignment
from autograder.attack import Kind, read_attacks
from autograder.demo_class import MARKER, build
from autograder.errors import Label
from autograder.folder import read_folder
from autograder.mistake import apply, read_mistakes

ATTACK_EVERY = 20  # submissions of the large class
LONG = {Label.TIMEOUT, Label.CPU, Label.MEMORY}  # each check of these takes seconds
Files = Mapping[str, bytes]  # of a submission, by path inside it


def write_small(assignment: Assignment, folder: Path, *, problem: str, size: int) -> None:
    """Write a class whose submissions differ in one problem: right, not written, every mistake of it, attacks."""
    kinds = cycle(_kinds(assignment, problem))
    for number in range(size):
        files = dict(next(kinds))
        first = min(files)
        files[first] += f"\n# student {number}\n".encode()  # another hash, so other inputs
        _write(folder / f"student-{number:03}", files)


def _kinds(assignment: Assignment, problem: str) -> list[Files]:
    mistakes = [one for one in read_mistakes(assignment.path.parent / "mistakes") if one.problem == problem]
    solution = _modules(assignment.solution)
    [owned] = [one for one in assignment.problems if one.id == problem]
    file = f"{owned.functions[0].partition('.')[0]}.py"
    chosen = [solution, _modules(assignment.handout), *(apply([mistake], solution) for mistake in mistakes)]
    chosen += [solution | attack for attack in hostile() if file in attack]
    return [{f"numnet/{file}": files[file]} for files in chosen]


def write_large(assignment: Assignment, folder: Path, *, size: int, seed: int) -> None:
    """Write a class of many demonstration classes, each of another seed, with attacks mixed in."""
    students, handout = _students(assignment, seed), _modules(assignment.handout)
    attackers = cycle(hostile())
    for number in range(size):
        if number % ATTACK_EVERY == ATTACK_EVERY - 1:
            modules = handout | next(attackers)
            _write(folder / f"attack-{number:04}", {f"numnet/{name}": text for name, text in modules.items()})
        else:
            _write(folder / f"student-{number:04}", next(students))


def _students(assignment: Assignment, seed: int) -> Iterator[Files]:
    """Yield the submissions of one demonstration class after the other."""
    mistakes = read_mistakes(assignment.path.parent / "mistakes")
    while True:
        submissions: dict[str, dict[str, bytes]] = {}
        for path, content in build(assignment, mistakes, np.random.default_rng(seed)).items():
            student, _, inside = path.partition("/")
            if path != MARKER:
                submissions.setdefault(student, {}).update({inside: content} if inside else _unpacked(content))
        yield from submissions.values()
        seed += 1


def _unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def hostile() -> list[dict[str, bytes]]:
    """Return the attacks that are one module, earn nothing and end soon, under the name of that module."""
    return [
        {attack.target: attack.path.read_bytes()}
        for attack in read_attacks()
        if attack.kind is Kind.FILE and attack.earns == "nothing" and not LONG & set(attack.labels)
    ]


def _modules(tree: Path) -> dict[str, bytes]:
    return {path: source for path, source in read_folder(tree / "numnet").items() if "/" not in path}


def _write(folder: Path, files: Files) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
