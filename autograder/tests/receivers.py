"""What each course platform does with what we write, by its own rules: refuse it, or count points."""

import json
import re
from base64 import b64decode
from collections.abc import Iterable
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
GRADESCOPE = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
    "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
GRADESCOPE_TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility",
    "extra_data",
}  # fmt: skip
MOST_BYTES = 1_000_000


def read_json(text: str) -> Any:
    """Read JSON as it is specified: no NaN, no infinity, and encodable."""
    assert len(text.encode()) < MOST_BYTES
    return json.loads(text, parse_constant=lambda word: 1 / 0)


def gradescope(text: str, points: float) -> float:
    """Return the total that Gradescope shows. points: of the assignment there."""
    results = read_json(text)
    assert set(results) <= GRADESCOPE and results["tests"]
    for test in results["tests"]:
        assert set(test) <= GRADESCOPE_TEST
        assert isinstance(test["number"], str) and test["visibility"] in VISIBILITIES
        assert test.get("status", "failed") in ("passed", "failed")
        assert isinstance(test.get("score", 0.0), float) and test["max_score"] >= 0
    assert results["stdout_visibility"] == "hidden"
    assert sum(Fraction(str(test["max_score"])) for test in results["tests"]) == Fraction(str(points))
    return results.get("score", _sum(test.get("score", 0) for test in results["tests"]))


def autolab(text: str, problems: Iterable[str]) -> dict[str, float]:
    """Return the score of each problem that Autolab saves, after its reader quoted every `word:`."""
    assert len(text.encode()) < MOST_BYTES
    lines = text.rstrip().split("\n")
    result = json.loads(re.sub(r"([a-zA-Z0-9]+):", r'"\1":', lines[-1]))
    stages = json.loads(lines[-2])
    assert stages["_presentation"] == "semantic" and all(isinstance(stages[name], dict) for name in stages["stages"])
    assert set(result["scores"]) <= set(problems)
    assert all(isinstance(score, int | float) for score in result["scores"].values())
    return result["scores"]


def prairielearn(text: str, points: float) -> float | None:
    """Return the points that PrairieLearn gives, or None if the attempt is not used up."""
    results = read_json(text)
    if results["gradable"] is False:
        assert results["format_errors"]
        return None
    assert 0 <= results["score"] <= 1 and "\0" not in text
    assert all({"points", "max_points", "name"} <= set(test) for test in results["tests"])
    return round(results["score"] * points, 6)


def github(text: str) -> tuple[float, float]:
    """Return points and the most there are, as the reporter of GitHub Classroom adds them up."""
    [(name, _, value)] = [line.partition("=") for line in text.splitlines()]
    result = read_json(b64decode(value, validate=True).decode())
    assert name == "result" and result["version"] == 1 and result["status"] in ("pass", "fail", "error")
    for test in result["tests"]:
        for shown in (test["name"], test["message"]):
            assert "\n" not in shown and "::" not in shown and "##[" not in shown
    return _sum(test["score"] for test in result["tests"]), result["max_score"]


def markus(text: str) -> tuple[float, float]:
    """Return marks and the most there are."""
    tests = [read_json(line) for line in text.split("\n")[:-1]]
    assert len({test["name"] for test in tests}) == len(tests)
    for test in tests:
        assert test["status"] in ("pass", "partial", "fail", "error", "error_all")
        assert test["marks_earned"] >= 0 and test["marks_total"] >= 0 and isinstance(test["time"], int)
    return _sum(test["marks_earned"] for test in tests), _sum(test["marks_total"] for test in tests)


def codegrade(text: str, points: float) -> float:
    """Return the points that CodeGrade gives."""
    suites, total = (read_json(line) for line in text.splitlines())
    assert suites["tag"] == "unit-test" and total["tag"] == "points"
    for suite in suites["results"]:
        weights = [Fraction(case["weight"]) for case in suite["testCases"]]
        assert Fraction(suite["weight"]) == sum(weights)
        assert all(case["status"] in ("success", "failure", "skipped") for case in suite["testCases"])
    assert 0 <= Fraction(total["points"]) <= 1
    return float(Fraction(total["points"]) * Fraction(str(points)))


def coursera(text: str, points: float) -> float:
    """Return the points that Coursera gives."""
    feedback = read_json(text)
    assert set(feedback) == {"fractionalScore", "feedback"} and 0 <= feedback["fractionalScore"] <= 1
    return round(feedback["fractionalScore"] * points, 6)


def junit(text: str) -> dict[str, str]:
    """Return the points that are properties of the document; counts have to be true."""
    root = ElementTree.fromstring(text)
    for suite in root.iter("testsuite"):
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == sum(case.find("failure") is not None for case in cases)
        assert int(suite.attrib["errors"]) == sum(case.find("error") is not None for case in cases)
    [points] = [suite for suite in root.iter("testsuite") if suite.attrib["name"] == "points"]
    return {one.attrib["name"]: one.attrib["value"] for one in points.iter("property")}


def _sum(numbers: Iterable[float]) -> float:
    return float(sum((Fraction(str(number)) for number in numbers), Fraction()))
