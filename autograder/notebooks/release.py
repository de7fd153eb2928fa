"""The release notebooks: those of the course without answers, mark schemes and outputs, made by nbgrader."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.assignment import Assignment
from autograder.errors import HandoutError
from autograder.folder import read_folder, replace_folder, write_files
from autograder.handout import NOTEBOOKS, require_no_survivor

HOMEWORK = "homework"  # what nbgrader calls the notebooks' assignment
COURSE = "notebooks"  # the folder beside the solution
CONFIG = "nbgrader_config.py"


def build(assignment: Assignment) -> dict[str, bytes]:
    """Return the release notebooks by name, or refuse with the notebook and the cell to mend."""
    course = assignment.solution.with_name(COURSE)
    source = course / "source" / HOMEWORK
    if not source.is_dir():
        raise HandoutError(f"{source}: there are no notebooks")
    sources = {name: content for name, content in read_folder(source).items() if name.endswith(".ipynb")}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        write_files(root / "source" / HOMEWORK, sources)
        _generate(root, course / CONFIG)
        released = read_folder(root / "release" / HOMEWORK)
    for name, content in released.items():
        _require_bare(name, nbformat.reads(content.decode(), nbformat.NO_CONVERT))
    require_no_survivor(assignment, {f"{NOTEBOOKS}{name}": _text(content) for name, content in released.items()})
    return released


def _generate(root: Path, config: Path) -> None:
    """Run `nbgrader generate_assignment` in a course of its own, without a database."""
    own = Config(PyFileConfigLoader(config.name, str(config.parent)).load_config())
    own.CourseDirectory.update(root=str(root), assignment_id=HOMEWORK)
    own.GenerateAssignment.no_database = True
    own.SaveCells.enabled = False
    own.NbGrader.log_level = "WARN"
    application = NbGrader(config=own)
    try:
        GenerateAssignment(coursedir=CourseDirectory(parent=application), parent=application).start()
    except Exception as error:  # nbgrader raises anything for a notebook that it cannot release
        raise HandoutError(f"{COURSE}/source/{HOMEWORK}: nbgrader cannot release it: {error}") from error


def _require_bare(name: str, notebook: nbformat.NotebookNode) -> None:
    """Refuse a notebook that tells more than what is asked."""
    for fault in _faults(notebook):
        raise HandoutError(f"{COURSE}/source/{HOMEWORK}/{name}: {fault}")


def _faults(notebook: nbformat.NotebookNode) -> Iterator[str]:
    if extra := notebook.metadata.keys() - {"kernelspec", "language_info"}:
        yield f"its metadata have {sorted(extra)[0]!r}, which is nobody's business"
    for cell in notebook.cells:
        if extra := cell.metadata.keys() - {"nbgrader", "deletable", "editable"}:
            yield f"the cell {cell.id} has the metadata {sorted(extra)[0]!r}; clear them"
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield f"the cell {cell.id} was run; clear its output"
        if "MARK SCHEME" in cell.source or "SOLUTION" in cell.source:
            yield f"the cell {cell.id} would give an answer away"


def _text(notebook: bytes) -> str:
    return "\n".join(cell.source for cell in nbformat.reads(notebook.decode(), nbformat.NO_CONVERT).cells)


def write(assignment: Assignment) -> Path:
    """Make the notebooks of the handout what the course says."""
    folder = assignment.handout / NOTEBOOKS
    if not assignment.handout.is_dir():
        raise HandoutError(f"{assignment.handout}: there is no handout; `make handout` writes it")
    replace_folder(folder, build(assignment))
    return folder


def differences(assignment: Assignment) -> list[str]:
    """Name the notebooks of the handout that are not what the course says."""
    folder, expected = assignment.handout / NOTEBOOKS, build(assignment)
    found = read_folder(folder) if folder.is_dir() else {}
    names = sorted(expected.keys() | found.keys())
    return [f"{folder.name}/{name}" for name in names if expected.get(name) != found.get(name)]
