"""grades.csv: a line per student, with raw points, penalty and what counts apart, and the reason in words."""

import csv
from collections.abc import Iterable
from io import StringIO

from autograder.exporters.row import inert
from autograder.policy import plain
from autograder.standing import Standing

HEADING = ("student", "submission", "score", "extra_credit", "cut", "penalty", "kept", "final", "max_score", "why")


def grades_csv(standings: Iterable[Standing]) -> str:
    """Return the table; what was not graded in full has no final number."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADING)
    for standing in standings:
        grade = standing.grade
        final = plain(grade.final) if grade.is_scored else ""
        numbers = [plain(number) for number in (grade.score, grade.extra_credit, grade.cut, grade.penalty, grade.kept)]
        who = [inert(standing.student), inert(grade.submission)]
        writer.writerow([*who, *numbers, final, plain(grade.max_score), inert(grade.why)])
    return out.getvalue()
