"""WrittenAnswers: what stands in the place of nbgrader's Execute. It reads answers, and executes nothing.

nbgrader takes a score from the output of the cell below an answer: a number is that many points. A cell without any
output would have full marks, so that every such cell gets one, and one that is no question of ours gets 0.
"""

from functools import cached_property
from pathlib import Path
from types import ModuleType

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from autograder.assignment import read_assignment
from autograder.notebooks.written import NAMES, Verdict, judge, load_questions

ASSIGNMENT = Path(__file__).parents[1] / "assignment.toml"
NOT_OURS = Verdict(False, "no question of the homework")


class WrittenAnswers(NbGraderPreprocessor):  # type: ignore[misc]
    """Put the points of every written answer where nbgrader looks for them."""

    @cached_property
    def questions(self) -> ModuleType:
        """Draw the numbers of the questions as the handout does."""
        return load_questions(read_assignment(ASSIGNMENT).solution)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Judge every answer of a notebook; whatever output a student sent is gone."""
        student = resources["nbgrader"]["student"]
        sources = {_id(cell): cell.source for cell in nb.cells if cell.cell_type == "code"}
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                if is_grade(cell) and not is_solution(cell):
                    cell.outputs = _outputs(
                        self._verdict(_id(cell), student, sources), cell.metadata.nbgrader["points"]
                    )
        return nb, resources

    def _verdict(self, question: str, student: str, sources: dict[str, str]) -> Verdict:
        if question not in NAMES:
            return NOT_OURS
        return judge(self.questions, question, student, sources.get(f"{question}-answer", ""))


def _id(cell: NotebookNode) -> str:
    """Return the name of a cell in nbgrader, or "" if it has none."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _outputs(verdict: Verdict, points: float) -> list[NotebookNode]:
    """Say in a cell's outputs what nbgrader and a person read there."""
    earned = points if verdict.right else 0
    return [
        new_output("stream", name="stdout", text=f"{verdict.message}\n"),
        new_output("execute_result", {"text/plain": f"{float(earned)}"}, execution_count=None),
    ]
