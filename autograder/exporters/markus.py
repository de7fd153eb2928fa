"""What MarkUs's custom tester prints: a JSON object per line, one for each check.

A mark is not negative. Where the policy takes off, checks have no marks, and one line more has what counts.
"""

import json

from autograder.exporters.row import inert, require_scored, rows
from autograder.model import Outcome, Report
from autograder.policy import Grade


def test_lines(report: Report, grade: Grade) -> str:
    """Return a line per check. Raises NotScored: MarkUs takes an error for a zero."""
    require_scored(report)
    is_plain = grade.final == grade.raw
    lines: list[dict[str, object]] = [
        {
            "name": row.name,
            "output": row.output,
            "marks_earned": float(row.points) if is_plain else 0.0,
            "marks_total": float(row.points_now) if is_plain and not row.extra_credit else 0.0,
            "status": "fail" if row.outcome is Outcome.FAILED else "pass",
            "time": round(1000 * row.seconds),
        }
        for row in rows(report)
    ]
    if not is_plain:
        lines.append(_policy(grade))
    return "".join(json.dumps(line, allow_nan=False) + "\n" for line in lines)


def _policy(grade: Grade) -> dict[str, object]:
    status = "pass" if grade.final >= grade.max_score else "partial" if grade.final else "fail"
    return {
        "name": "What counts",
        "output": inert(grade.why),
        "marks_earned": float(grade.final),
        "marks_total": float(grade.max_score),
        "status": status,
        "time": 0,
    }
