"""What Autolab reads on standard output: a report for people, a line of stages, and last a line of scores.

Its reader puts quotes around every `word:` before it parses the last line, takes the whole output for the student's
feedback, and cuts what is longer than 1000 KB. Problems are the assignment's, and `Policy` where the policy takes off.
"""

import json

from autograder.exporters.row import Row, one_line, rows, summary
from autograder.model import Outcome, Report
from autograder.policy import Grade

POLICY = "Policy"  # a problem of 0 points, for what the policy takes off


def autoresult(report: Report, grade: Grade) -> str:
    """Return everything that is to be printed. A problem that was not graded in full keeps the score that it has."""
    listed = list(rows(report))
    return f"{_text(report, grade)}\n{_dumps(_stages(listed))}\n{_dumps(_scores(report, grade, listed))}\n"


def _text(report: Report, grade: Grade) -> str:
    lines = [f"{one.id} {one.score:g} of {one.max_score:g}" for one in report.problems]
    return "\n".join([*lines, one_line(summary(report, grade))])


def _stages(listed: list[Row]) -> dict[str, object]:
    stages: dict[str, dict[str, object]] = {}
    for row in listed:
        if row.is_scored:
            hint = {"hint": one_line(row.output)} if row.output else {}
            stages.setdefault(row.problem, {})[one_line(row.name)] = {"passed": row.outcome is Outcome.PASSED} | hint
    return {"_presentation": "semantic", "stages": list(stages), **stages}


def _scores(report: Report, grade: Grade, listed: list[Row]) -> dict[str, object]:
    unscored = {row.problem for row in listed if not row.is_scored}
    missing = {row.problem for row in listed if row.is_missing}
    scores = {problem.id: problem.score for problem in report.problems if problem.id not in unscored}
    if missing:
        return {"scores": scores}
    if grade.final != grade.raw:
        scores[POLICY] = float(grade.final - grade.raw)
    return {"scores": scores, "scoreboard": [float(grade.final), round(sum(row.seconds for row in listed), 2)]}


def _dumps(value: object) -> str:
    return json.dumps(value, allow_nan=False)
