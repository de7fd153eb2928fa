"""Gradescope's results.json: a row per check, hidden rows redacted, points that add up to the assignment's.

Extra credit has rows of 0 points in which points can be earned. A check that was not graded has no score, and the whole
says so: what is shown is provisional, and never a zero.
"""

import json

from autograder.exporters.row import Row, rows, summary
from autograder.model import Outcome, Report
from autograder.policy import Grade

Entry = dict[str, object]


def results_json(report: Report, grade: Grade, *, leaderboard: bool = False) -> str:
    """Return results.json. A total of its own is in it only where the policy changes the sum of the rows."""
    listed = list(rows(report))
    results: Entry = {
        "execution_time": round(sum(row.seconds for row in listed), 2),
        "output": summary(report, grade),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [_test(row) for row in listed],
    }
    if grade.final != grade.raw:
        results["score"] = float(grade.final)
    if leaderboard:
        results["leaderboard"] = _leaderboard(report, grade)
    return json.dumps(results, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def _test(row: Row) -> Entry:
    test: Entry = {
        "number": row.number,
        "name": row.name,
        "output": row.output,
        "max_score": 0.0 if row.extra_credit else float(row.max_points),
        "visibility": str(row.visibility),
    }
    if row.extra_credit:
        test["name"] = f"{row.name} (extra credit: {row.max_points.normalize():f})"
    if row.is_scored:
        test |= {"score": float(row.points), "status": str(row.outcome)}
    return test


def _leaderboard(report: Report, grade: Grade) -> list[Entry]:
    passed = sum((check.seconds for check in report.checks if check.outcome is Outcome.PASSED), 0.0)
    board: list[Entry] = [
        {"name": "Points", "value": float(grade.final), "order": "desc"},
        {"name": "Seconds", "value": round(passed, 2), "order": "asc"},
    ]
    for one in report.figures:
        name = f"{one.name} ({one.unit})" if one.unit else one.name
        board.append({"name": name, "value": one.value, "order": "asc" if one.is_better_low else "desc"})
    return board
