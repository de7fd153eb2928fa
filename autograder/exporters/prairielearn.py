"""PrairieLearn's results.json: a fraction of a full score, and a test per check.

Extra credit counts up to a full score; there is no more than that. What was not graded is not gradable, and uses up no
attempt.
"""

import json

from autograder.exporters.row import NOT_GRADED, rows, summary
from autograder.model import Report
from autograder.policy import Grade


def results_json(report: Report, grade: Grade) -> str:
    """Return results.json."""
    if not grade.is_scored:
        return json.dumps({"gradable": False, "format_errors": [NOT_GRADED]}) + "\n"
    tests = [
        {
            "name": row.name,
            "points": float(row.points),
            "max_points": float(row.points_now),
            "output": row.output,
        }
        for row in rows(report)
    ]
    results = {"gradable": True, "score": float(grade.fraction), "output": summary(report, grade), "tests": tests}
    return json.dumps(results, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
