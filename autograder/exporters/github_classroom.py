"""What GitHub Classroom's reporter takes from a step: JSON in base64, in the output `result`.

The reporter adds up the scores, and prints names and messages into a log in which a line may be a command.
"""

import json
from base64 import b64encode

from autograder.exporters.row import Row, one_line, require_scored, rows
from autograder.model import Outcome, Report
from autograder.policy import Grade


def result(report: Report, grade: Grade) -> str:
    """Return the line for a step's outputs. Raises NotScored: the reporter takes an error for a zero."""
    require_scored(report)
    tests = [_test(row) for row in rows(report)]
    if grade.final != grade.raw:
        tests.append(_entry("What counts", one_line(grade.why), float(grade.final - grade.raw), is_passed=True))
    is_full = grade.final >= grade.max_score
    document = {
        "version": 1,
        "status": "pass" if is_full else "fail",
        "max_score": float(grade.max_score),
        "tests": tests,
    }
    return f"result={b64encode(json.dumps(document, allow_nan=False).encode()).decode()}\n"


def _test(row: Row) -> dict[str, object]:
    is_passed = row.outcome is not Outcome.FAILED  # what is postponed is no failure, and has no points
    return _entry(one_line(row.name), one_line(row.output), float(row.points), is_passed=is_passed, seconds=row.seconds)


def _entry(name: str, message: str, score: float, *, is_passed: bool, seconds: float = 0.0) -> dict[str, object]:
    return {
        "name": name,
        "status": "pass" if is_passed else "fail",
        "message": message,
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "execution_time": round(1000 * seconds),
        "score": score,
    }
