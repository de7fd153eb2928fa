"""JUnit's XML, for continuous integration: a suite per problem, a test case per check, points as properties."""

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from autograder.exporters.row import Row, inert, rows, summary
from autograder.model import Outcome, ProblemResult, Report
from autograder.policy import Grade, plain

ELEMENTS = {Outcome.FAILED: "failure", Outcome.ERROR: "error", Outcome.SKIPPED: "skipped"}


def junit_xml(report: Report, grade: Grade) -> str:
    """Return the document. What was not graded is an error there, or skipped, and no failure."""
    listed = list(rows(report))
    root = Element("testsuites", {"name": report.assignment.name, **_counts(listed)})
    for problem in report.problems:
        _add_suite(root, problem, [row for row in listed if row.problem == problem.id])
    suite = SubElement(root, "testsuite", {"name": "points", **_counts([])})
    numbers = {"raw": grade.raw, "penalty": grade.raw - grade.final, "final": grade.final, "of": grade.max_score}
    _add_properties(suite, {name: plain(number) for name, number in numbers.items()} | {"why": summary(report, grade)})
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _add_suite(root: Element, problem: ProblemResult, listed: Sequence[Row]) -> None:
    suite = SubElement(root, "testsuite", {"name": f"{problem.id} {inert(problem.title)}", **_counts(listed)})
    _add_properties(suite, {"points": f"{problem.score:g}", "of": f"{problem.max_score:g}"})
    for row in listed:
        case = SubElement(suite, "testcase", {"classname": row.problem, "name": row.name, "time": f"{row.seconds:.4f}"})
        if row.outcome in ELEMENTS:
            SubElement(case, ELEMENTS[row.outcome], {"message": row.output.partition("\n")[0]}).text = row.output


def _add_properties(suite: Element, values: dict[str, str]) -> None:
    properties = SubElement(suite, "properties")
    for name, value in values.items():
        SubElement(properties, "property", {"name": name, "value": value})


def _counts(listed: Sequence[Row]) -> dict[str, str]:
    outcomes = [row.outcome for row in listed]
    counts = {
        "tests": len(outcomes),
        "failures": outcomes.count(Outcome.FAILED),
        "errors": outcomes.count(Outcome.ERROR),
        "skipped": outcomes.count(Outcome.SKIPPED),
    }
    seconds = sum(row.seconds for row in listed)
    return {name: str(count) for name, count in counts.items()} | {"time": f"{seconds:.4f}"}
