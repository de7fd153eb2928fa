"""A demonstration class: forty submissions made from the known mistakes, to be graded in the first minute.

One student is right and one has written nothing; one's file does not compile, one's loop never ends, one's function
ends the process; some did not come to the end; the others made a mistake, or several. A seed decides every byte.
"""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np

from autograder.assignment import Assignment
from autograder.errors import AssignmentError, UsageError
from autograder.folder import read_folder, replace_folder
from autograder.handout import not_written
from autograder.mistake import Mistake, apply, read_mistakes
from autograder.region import Region, read_regions, replace_regions, without_markers

STUDENTS = 40
UNFINISHED = 5  # students who did not come to the end
CARELESS = 4  # students with several mistakes
ENDLESS = "conv.conv1d_as_matrix"  # the loop that never ends: a function that only one check waits for

MARKER = ".demonstration-class"  # lies in a folder that may be replaced
MIDNIGHT = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold

Modules = Mapping[str, bytes]  # "conv.py": its text
Bodies = Mapping[str, Callable[[Region], str]]  # "conv.conv2d_forward": what stands in the place of its solution


def write(assignment: Assignment, folder: Path, *, seed: int = 0) -> None:
    """Make a folder hold a demonstration class. A folder that holds anything else is left alone."""
    if folder.exists() and not (folder / MARKER).is_file():
        raise UsageError(f"{folder}: not a demonstration class; name a folder that is not there yet")
    mistakes = read_mistakes(assignment.path.parent / "mistakes")
    replace_folder(folder, build(assignment, mistakes, np.random.default_rng(seed)))


def build(assignment: Assignment, mistakes: tuple[Mistake, ...], rng: np.random.Generator) -> dict[str, bytes]:
    """Return the files of a class by path: a folder or a zip for each student."""
    if not mistakes:
        raise AssignmentError("there are no mistakes to make a class from")
    solution = read_folder(assignment.solution / "numnet")
    modules = {name: text for name, text in solution.items() if "/" not in name}
    answers = [*_singular(assignment, modules), *_unfinished(assignment, modules, rng)]
    answers += _mistaken(mistakes, modules, rng, STUDENTS - len(answers))
    files = {MARKER: b"Written by make class, which replaces this folder as a whole.\n"}
    for number, chosen in enumerate(rng.permutation(STUDENTS), start=1):
        answer = {f"numnet/{name}": text for name, text in answers[chosen].items()}
        if rng.random() < 0.5:
            files |= {f"student-{number:02}/{path}": text for path, text in answer.items()}
        else:
            files[f"student-{number:02}.zip"] = _pack(answer)
    return files


def _singular(assignment: Assignment, modules: Modules) -> Iterator[Modules]:
    """Yield what one student each did: all, nothing, a typo, a loop without end, an exit."""
    first, *_, last = assignment.owners()
    endless = ENDLESS if ENDLESS in assignment.owners() else last
    right = _rewrite(modules, {})
    yield right
    yield _rewrite(modules, _unwritten(assignment, len(assignment.problems)))
    typo = f"{first.partition('.')[0]}.py"
    yield right | {typo: right[typo] + b'\nprint("it works"\n'}
    yield _rewrite(modules, {endless: lambda _: "while True:\n    pass"})
    yield _rewrite(modules, {first: lambda _: "import os\n\nos._exit(0)"})


def _unfinished(assignment: Assignment, modules: Modules, rng: np.random.Generator) -> Iterator[Modules]:
    """Yield answers that lack some of the last problems."""
    for last in rng.integers(1, len(assignment.problems), size=UNFINISHED):
        yield _rewrite(modules, _unwritten(assignment, last))


def _unwritten(assignment: Assignment, last: int) -> Bodies:
    """Return the bodies of a student who did not write the last problems."""
    return {
        function: partial(_stub, problem.id)
        for problem in assignment.problems[-last:]
        for function in problem.functions
    }


def _stub(problem: str, region: Region) -> str:
    return not_written(problem, region.function)


def _rewrite(modules: Modules, bodies: Bodies) -> dict[str, bytes]:
    """Put other bodies into the solution's modules, and take the markers out."""
    return {name: _rewrite_module(name, text.decode("utf-8"), bodies).encode() for name, text in modules.items()}


def _rewrite_module(name: str, text: str, bodies: Bodies) -> str:
    functions = {region: f"{name.removesuffix('.py')}.{region.owner}" for region in read_regions(text, name)}
    chosen = [region for region, function in functions.items() if function in bodies]
    return without_markers(replace_regions(text, chosen, lambda region: bodies[functions[region]](region)))


def _mistaken(
    mistakes: tuple[Mistake, ...], modules: Modules, rng: np.random.Generator, students: int
) -> Iterator[Modules]:
    """Yield answers with several mistakes, one per module so that no edit hides another, and answers with one."""
    files = sorted({mistake.file for mistake in mistakes})
    for student in range(students):
        several = rng.integers(2, 4, endpoint=True) if student < CARELESS else 1
        chosen = rng.permutation(files)[:several]
        made = [_draw([mistake for mistake in mistakes if mistake.file == file], rng) for file in chosen]
        edited = apply(made, modules)
        yield {name: without_markers(text.decode("utf-8")).encode() for name, text in edited.items()}


def _draw(mistakes: list[Mistake], rng: np.random.Generator) -> Mistake:
    return mistakes[rng.integers(len(mistakes))]


def _pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files; without dates and compression, nothing but the files decides its bytes."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, MIDNIGHT), content)
    return stream.getvalue()
