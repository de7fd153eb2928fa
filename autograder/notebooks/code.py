"""The code part as a notebook: the student's files, what became of each check, and a place for points and comments.

It is read, never run. Student text stands in code cells and outputs alone, where every page shows it as it is.
"""

from collections.abc import Iterator, Mapping

from nbformat import NotebookNode, v4, writes

from autograder.assignment import Assignment, Problem
from autograder.exporters.row import Row, rows
from autograder.model import Report

CODE = "code"  # what nbgrader calls the assignment, and its notebook
LONGEST = 100_000  # characters of a file that are shown
ALL_OF_IT = "the files were not given: name them with --submissions"


def code_notebook(assignment: Assignment, report: Report, files: Mapping[str, bytes] | None) -> str:
    """Return the notebook of one submission.

    files: the student's modules by name, or None if nobody knows them
    """
    cells = [_title(assignment, report), *_body(assignment, report, files)]
    return _written(cells)


def blank_notebook(assignment: Assignment) -> str:
    """Return the notebook of nobody, from which nbgrader knows the problems and their points."""
    return _written([_markdown("title", f"# {assignment.title}"), *map(_problem_cell, assignment.problems)])


def _body(assignment: Assignment, report: Report, files: Mapping[str, bytes] | None) -> Iterator[NotebookNode]:
    shown = ""
    for problem in assignment.problems:
        module = problem.functions[0].split(".")[0]
        if module != shown:
            yield _source_cell(f"{module}.py", files)
            shown = module
        yield _problem_cell(problem, report)


def _title(assignment: Assignment, report: Report) -> NotebookNode:
    extra = f", and {report.extra_credit:g} of extra credit" if report.extra_credit else ""
    score = f"{report.score:g} of {report.max_score:g} points{extra}; {report.label.value}"
    cell = _code("title", f"# {assignment.title}\n# {score}")
    cell.outputs = _stream(report.message)
    return cell


def _source_cell(name: str, files: Mapping[str, bytes] | None) -> NotebookNode:
    """Show one of the student's files."""
    if files is None:
        cell = _code(_slug(name), f"# numnet/{name}")
        cell.outputs = _stream(ALL_OF_IT)
        return cell
    text = _inert(files[name].decode("utf-8", "replace")) if name in files else "# is not there"
    cut = "\n# ... and so on" if len(text) > LONGEST else ""
    return _code(_slug(name), f"# numnet/{name}\n{text[:LONGEST]}{cut}")


def _problem_cell(problem: Problem, report: Report | None = None) -> NotebookNode:
    """Show what became of a problem, in a cell that nbgrader gives points and a comment."""
    extra = " (extra credit)" if problem.extra_credit else ""
    cell = _code(problem.id, f"# {problem.id} {problem.title}: {problem.points.normalize():f} points{extra}")
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": problem.id,
        "cell_type": "code",
        "grade": True,
        "solution": True,
        "locked": False,
        "task": False,
        "points": max_score(problem),
    }
    if report:
        cell.outputs = _stream("\n".join(_line(row) for row in rows(report) if row.problem == problem.id))
    return cell


def max_score(problem: Problem) -> float:
    """Return the points of a problem that count for a full score: those of extra credit do not."""
    return 0.0 if problem.extra_credit else float(problem.points)


def _line(row: Row) -> str:
    """Say what students may know of a check: they get this notebook as feedback."""
    said = "".join(f"\n    {line}" for line in row.output.split("\n")) if row.output else ""
    return f"{row.points.normalize():f} of {row.max_points.normalize():f}  {row.name}{said}"


def _slug(name: str) -> str:
    return name.replace(".", "-")


def _markdown(identifier: str, source: str) -> NotebookNode:
    return v4.new_markdown_cell(source, id=identifier)


def _code(identifier: str, source: str) -> NotebookNode:
    return v4.new_code_cell(source, id=identifier)


def _stream(text: str) -> list[NotebookNode]:
    return [v4.new_output("stream", name="stdout", text=f"{_inert(text)}\n")] if text else []


def _inert(text: str) -> str:
    """Replace what is no printable character: an escape sequence would colour a page, or worse."""
    return "".join(character if character.isprintable() or character in "\n\t" else "?" for character in text)


def _written(cells: list[NotebookNode]) -> str:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return writes(notebook, version=4) + "\n"
