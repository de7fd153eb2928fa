"""What autograding consists of here: of a notebook only names and texts are believed, and nothing is executed.

OwnCells stands before nbgrader's own preprocessors, WrittenAnswers in the place of Execute. nbgrader takes a score from
the output of the cell below an answer: a number is that many points. A cell without any output would have full marks,
so that every such cell gets one, and one that is no question of ours gets 0.
"""

from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.assignment import read_assignment
from autograder.notebooks.written import NAMES, Verdict, judge, load_questions

ASSIGNMENT = Path(__file__).parents[1] / "assignment.toml"
NOT_OURS = Verdict(False, "no question of the homework")
Answer = tuple[NotebookNode, ResourcesDict]


class OwnCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Give every cell the metadata that it was released with; a cell that is there twice counts once."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Answer:
        """Look the cells up by their names; what is missing is worth nothing, also if it was there before."""
        known = resources["nbgrader"]
        with Gradebook(known["db_url"]) as book:
            released = book.find_notebook(known["notebook"], known["assignment"])
            metadata = {cell.name: _metadata(cell, released) for cell in released.source_cells}
            for cell in nb.cells:
                name = _id(cell)
                cell.metadata.pop("nbgrader", None)
                if name in metadata:
                    cell.metadata["nbgrader"] = metadata.pop(name)
            for name in metadata.keys() & _points(released).keys():
                grade = book.find_grade(name, known["notebook"], known["assignment"], known["student"])
                grade.auto_score, grade.needs_manual_grade = 0.0, False
            book.db.commit()
        return nb, resources


def _metadata(cell: Any, released: Any) -> NotebookNode:
    kinds = {"grade": released.grade_cells, "solution": released.solution_cells, "task": released.task_cells}
    flags = {kind: any(one.name == cell.name for one in cells) for kind, cells in kinds.items()}
    metadata = NotebookNode(schema_version=3, grade_id=cell.name, locked=cell.locked, **flags)
    if cell.name in (points := _points(released)):
        metadata["points"] = points[cell.name]
    return metadata


def _points(released: Any) -> dict[str, float]:
    return {cell.name: cell.max_score for cell in (*released.grade_cells, *released.task_cells)}


class WrittenAnswers(NbGraderPreprocessor):  # type: ignore[misc]
    """Put the points of every written answer where nbgrader looks for them."""

    @cached_property
    def questions(self) -> ModuleType:
        """Draw the numbers of the questions as the handout does."""
        return load_questions(read_assignment(ASSIGNMENT).solution)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Answer:
        """Judge every answer of a notebook; whatever output a student sent is gone."""
        student = resources["nbgrader"]["student"]
        sources = {_id(cell): cell.source for cell in nb.cells if cell.cell_type == "code"}
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                if is_grade(cell) and not is_solution(cell):
                    verdict = self._verdict(_id(cell), student, sources)
                    cell.outputs = _outputs(verdict, cell.metadata.nbgrader["points"])
        return nb, resources

    def _verdict(self, question: str, student: str, sources: dict[str, str]) -> Verdict:
        if question not in NAMES:
            return NOT_OURS
        return judge(self.questions, question, student, sources.get(f"{question}-answer", ""))


def _id(cell: NotebookNode) -> str:
    """Return the name of a cell in nbgrader, or "" if it has none."""
    own = cell.metadata.get("nbgrader")
    return str(own.get("grade_id", "")) if isinstance(own, dict) else ""


def _outputs(verdict: Verdict, points: float) -> list[NotebookNode]:
    """Say in a cell's outputs what nbgrader and a person read there."""
    earned = float(points if verdict.right else 0)
    return [
        new_output("stream", name="stdout", text=f"{verdict.message}\n"),
        new_output("execute_result", {"text/plain": f"{earned}"}, execution_count=None),
    ]
