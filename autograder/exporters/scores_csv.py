"""scores.csv: a line per submission, a column per problem, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from autograder.model import Report


def scores_csv(reports: Iterable[Report]) -> str:
    """Return the table, sorted by submission; every report is of the same assignment, and seen once."""
    problems: list[str] = []
    rows = []
    for report in reports:
        problems = [problem.id for problem in report.problems]
        scores = [problem.score for problem in report.problems]
        name = report.submission
        row = [name.id, report.score, report.max_score, report.extra_credit, report.label, *scores, name.hash]
        rows.append([_plain(value) if isinstance(value, float) else _inert(str(value)) for value in row])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["submission", "score", "max_score", "extra_credit", "label", *problems, "hash"])
    writer.writerows(sorted(rows))
    return out.getvalue()


def _plain(number: float) -> str:
    """Write 7 for 7.0 and 6.25 for 6.25."""
    return f"{number:.10g}"


def _inert(text: str) -> str:
    """Make a text that a spreadsheet would take for a formula, or a terminal for a command, a text."""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown
