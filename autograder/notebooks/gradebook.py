"""The gradebook: code scores, problem by problem, in nbgrader's database, beside those of the notebooks.

Only what belongs to us is written: automatic scores and comments. What a person wrote, in manual scores, manual
comments and extra credit, is theirs, and wins. nbgrader knows no problem of extra credit: its cell has 0 points,
and may earn more.
"""

import os
import sysconfig
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Comment, Grade, Gradebook, MissingEntry
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.model import Outcome, Report
from autograder.notebooks.code import CODE, max_score


@contextmanager
def opened(address: str, course: str) -> Iterator[Any]:
    """Open a gradebook, or make a new one; whatever the database objects to is one sentence."""
    try:
        with warnings.catch_warnings(action="ignore", category=SAWarning), _scripts_on_path():
            gradebook = Gradebook(address, course_id=course)
            try:
                yield gradebook
            finally:
                gradebook.close()
    except (SQLAlchemyError, ImportError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UsageError(f"the gradebook cannot be used: {reason}; is --db right, and the server running?") from error


@contextmanager
def _scripts_on_path() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it runs by its name to make a new database."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), before))
    try:
        yield
    finally:
        os.environ["PATH"] = before


def declare(gradebook: Any, assignment: Assignment) -> None:
    """Tell the gradebook of every problem, and what it is worth."""
    gradebook.update_or_create_assignment(CODE, course_id=gradebook.course_id)
    gradebook.update_or_create_notebook(CODE, CODE)
    known = {cell.name for cell in gradebook.find_notebook(CODE, CODE).grade_cells}
    if gone := sorted(known - {problem.id for problem in assignment.problems}):
        raise UsageError(f"the gradebook has scores for {gone[0]}, which is no problem any more; use a new gradebook")
    for problem in assignment.problems:
        worth = {"max_score": max_score(problem), "cell_type": "code"}
        gradebook.update_or_create_grade_cell(problem.id, CODE, CODE, **worth)
        gradebook.update_or_create_solution_cell(problem.id, CODE, CODE)


def record(gradebook: Any, report: Report, student: str, *, penalty: float = 0.0) -> int:
    """Write the scores of a student's submission; return how many of them were not there already.

    penalty: what the policy takes off the sum, which nbgrader subtracts in its export
    """
    gradebook.update_or_create_student(student)
    gradebook.update_or_create_submission(CODE, student)
    changed = 0
    for problem in report.problems:
        grade = _grade(gradebook, problem.id, student)
        comment = _comment(gradebook, problem.id, student)
        said = _summary(report, problem.id)
        if (grade.auto_score, comment.auto_comment) == (problem.score, said):
            continue
        grade.auto_score, comment.auto_comment = problem.score, said
        grade.needs_manual_grade = grade.manual_score is not None  # as nbgrader does: a person looks again
        changed += 1
    gradebook.find_submission_notebook(CODE, CODE, student).late_submission_penalty = penalty
    gradebook.db.commit()
    return changed


def _grade(gradebook: Any, problem: str, student: str) -> Any:
    """Return the row of a score; a problem that is newer than the submission has none yet."""
    try:
        return gradebook.find_grade(problem, CODE, CODE, student)
    except MissingEntry:
        cell = gradebook.find_grade_cell(problem, CODE, CODE)
        submitted = gradebook.find_submission_notebook(CODE, CODE, student)
        gradebook.db.add(Grade(cell_id=cell.id, notebook=submitted))
        gradebook.db.commit()
        return gradebook.find_grade(problem, CODE, CODE, student)


def _comment(gradebook: Any, problem: str, student: str) -> Any:
    """Return the row of a comment, in the same way."""
    try:
        return gradebook.find_comment(problem, CODE, CODE, student)
    except MissingEntry:
        cell = gradebook.find_solution_cell(problem, CODE, CODE)
        submitted = gradebook.find_submission_notebook(CODE, CODE, student)
        gradebook.db.add(Comment(cell_id=cell.id, notebook=submitted))
        gradebook.db.commit()
        return gradebook.find_comment(problem, CODE, CODE, student)


def _summary(report: Report, problem: str) -> str:
    """Count; the sentences of the checks are in the notebook."""
    outcomes = [check.outcome for check in report.checks if check.problem == problem]
    return f"{outcomes.count(Outcome.PASSED)} of {len(outcomes)} checks passed"


def address_of(course: Path) -> str:
    """Return the database that nbgrader makes in a course's folder by itself."""
    return f"sqlite:///{course.resolve() / 'gradebook.db'}"
