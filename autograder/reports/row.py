"""A submission in one row of a table: what each part earned, and what a person should know."""

from collections import Counter

from autograder.errors import Label
from autograder.model import Report

MOST_COLUMNS = 12  # what a terminal of 80 columns has room for


def parts(report: Report) -> list[tuple[str, float, float]]:
    """Return name, score and points of each problem; of each part, A for A1 to A6, where there are many problems."""
    if len(report.problems) <= MOST_COLUMNS:
        return [(problem.id, problem.score, problem.max_score) for problem in report.problems]
    sums: dict[str, tuple[float, float]] = {}
    for problem in report.problems:
        earned, most = sums.get(name := problem.id.rstrip("0123456789"), (0.0, 0.0))
        sums[name] = earned + problem.score, most + problem.max_score
    return [(name, *scores) for name, scores in sums.items()]


def remark(report: Report) -> str:
    """Say in a few words what a person should know about a submission, beyond its score."""
    if report.label is not Label.OK:
        return f"{report.label}: {report.message}" if report.message else str(report.label)
    counts = Counter(check.label for check in report.checks if check.max_points)
    quiet = (Label.OK, Label.WRONG, Label.POSTPONED)
    return ", ".join(f"{label} {counts[label]}" for label in Label if counts[label] and label not in quiet)
