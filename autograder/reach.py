"""Which problems a file of numnet can matter to: those whose checks make a guest import it.

What a check asks for is seen while the solution is graded; what these modules import in turn is read from their source.
"""

import ast
from collections import defaultdict
from collections.abc import Mapping

from autograder.grading import Grader
from autograder.model import SubmissionName
from autograder.sitting import Sitting


def reach(grader: Grader, solution: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Return for each file of the solution the problems that it can matter to."""
    imports = {file: _imported(source) & solution.keys() for file, source in solution.items()}
    problems: dict[str, set[str]] = {file: set() for file in solution}
    for problem, asked in _asked(grader, solution).items():
        found, new = set(), asked
        while new:
            found |= new
            new = {file for one in new for file in imports[one]} - found
        for file in found:
            problems[file].add(problem)
    return problems


def _asked(grader: Grader, solution: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Grade the solution, and return the files that the checks of each problem call into."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    opened = Sitting.open

    def noted(sitting: Sitting, module: str) -> object:
        asked[sitting.problem].add(f"{module}.py")
        return opened(sitting, module)

    Sitting.open = noted  # type: ignore[assignment, method-assign]
    try:
        grader.grade(SubmissionName("solution", "0123456789abcdef"), solution)
    finally:
        Sitting.open = opened  # type: ignore[method-assign]
    return asked


def _imported(source: bytes) -> set[str]:
    """Return the files of numnet that a source imports."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return {f"{(node.module or '').removeprefix('numnet.')}.py" for node in nodes}
