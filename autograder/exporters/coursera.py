"""Coursera's feedback.json: a fraction of a full score, and a text."""

import json

from autograder.exporters.row import require_scored, rows, summary
from autograder.model import Report
from autograder.policy import Grade


def feedback_json(report: Report, grade: Grade) -> str:
    """Return feedback.json. Raises NotScored: there is no way to say that something was not graded."""
    require_scored(report)
    failed = [row for row in rows(report) if row.points < row.points_now]
    lines = [summary(report, grade), *(f"{row.name}\n{row.output}".rstrip() for row in failed)]
    feedback = {"fractionalScore": float(grade.fraction), "feedback": "\n\n".join(lines)}
    return json.dumps(feedback, allow_nan=False, ensure_ascii=False) + "\n"
