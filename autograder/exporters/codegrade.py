"""What a custom test of CodeGrade's prints: a suite of checks for each problem, then the points as a fraction."""

import json
from collections.abc import Sequence
from fractions import Fraction

from autograder.exporters.row import Row, require_scored, rows
from autograder.model import Outcome, Report
from autograder.policy import Grade

STATUS = {Outcome.PASSED: "success", Outcome.FAILED: "failure", Outcome.SKIPPED: "skipped"}


def messages(report: Report, grade: Grade) -> str:
    """Return two lines, for the suites and the points. Raises NotScored: CodeGrade knows no error of ours."""
    require_scored(report)
    listed = list(rows(report))
    suites = [
        _suite(problem.id, problem.title, [row for row in listed if row.problem == problem.id])
        for problem in report.problems
    ]
    lines = ({"tag": "unit-test", "results": suites}, {"tag": "points", "points": _fraction(grade.fraction)})
    return "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines)


def _suite(identifier: str, title: str, listed: Sequence[Row]) -> dict[str, object]:
    weight = sum((Fraction(row.points_now) for row in listed), Fraction())
    cases = [
        {
            "name": row.name,
            "status": STATUS[row.outcome],
            "description": row.name,
            "weight": _fraction(Fraction(row.points_now)),
            "reason": row.output,
            "stdout": "",
            "stderr": "",
        }
        for row in listed
    ]
    return {"id": identifier, "name": f"{identifier} {title}", "weight": _fraction(weight), "testCases": cases}


def _fraction(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"
