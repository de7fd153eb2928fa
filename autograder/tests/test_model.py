"""A report is a value: it cannot hold a grade that cannot exist, and its JSON is the same for the same report."""

from typing import Any

import msgspec
import pytest

from autograder.errors import Label
from autograder.model import SCHEMA, CheckResult, Outcome, from_json, to_json
from autograder.tests.sample import ALL_PASSED, OURS, WRONG, make_report


def result(outcome: Outcome, label: Label, points: float, max_points: float) -> CheckResult:
    """Return how one check ended."""
    return CheckResult("test_one", "A1", "One is one.", outcome, label, points, max_points)


@pytest.mark.parametrize(
    ("outcome", "label", "points", "max_points"),
    [
        (Outcome.PASSED, Label.OK, 1.0, 2.0),
        (Outcome.PASSED, Label.OK, 3.0, 2.0),
        (Outcome.PASSED, Label.OK, -1.0, -1.0),
        (Outcome.PASSED, Label.OK, 1e6, 1e6),
        (Outcome.PASSED, Label.OK, float("inf"), float("inf")),
        (Outcome.PASSED, Label.OK, float("nan"), float("nan")),
        (Outcome.PASSED, Label.WRONG, 2.0, 2.0),
        (Outcome.FAILED, Label.WRONG, 2.0, 2.0),
        (Outcome.FAILED, Label.WRONG, 0.5, 2.0),
        (Outcome.FAILED, Label.OK, 0.0, 2.0),
        (Outcome.FAILED, Label.WRONG, 0.0, -2.0),
        (Outcome.SKIPPED, Label.OK, 0.0, 2.0),
        (Outcome.ERROR, Label.GRADER_ERROR, 2.0, 2.0),
        (Outcome.ERROR, Label.OK, 0.0, 2.0),
    ],
)
def test_a_grade_that_cannot_exist_is_refused(outcome: Outcome, label: Label, points: float, max_points: float) -> None:
    """Points are all or nothing, only passing earns them, and only passing is OK."""
    with pytest.raises(ValueError, match=r"^test_one: "):
        result(outcome, label, points, max_points)


@pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.PASSED}, ids=str)
@pytest.mark.parametrize("label", set(Label) - {Label.OK}, ids=str)
def test_only_passing_earns_points(outcome: Outcome, label: Label) -> None:
    """No other outcome does, whatever its label; a check may be worth nothing."""
    assert result(outcome, label, 0.0, 2.0).points == 0.0
    assert result(Outcome.PASSED, Label.OK, 2.0, 2.0).points == 2.0
    assert result(Outcome.PASSED, Label.OK, 0.0, 0.0).points == 0.0


def test_a_report_survives_json() -> None:
    """Everything comes back, student text of any kind too."""
    report = make_report(
        ALL_PASSED | {"test_one": WRONG}, name="zoë", message='"\\ \n \x00 </script> ∑ 😀', notes=["a"]
    )

    assert from_json(to_json(report)) == report


def test_the_same_report_is_the_same_bytes() -> None:
    """Also after it was read back, so that a second run changes no file."""
    data = to_json(make_report())

    assert to_json(make_report()) == data
    assert to_json(from_json(data)) == data
    assert data.endswith(b"}\n")


def test_the_schema_has_a_version() -> None:
    """It is in every report, and a report from a version with more fields can be read."""
    document = msgspec.json.decode(to_json(make_report()))

    assert document["schema"] == SCHEMA
    assert from_json(msgspec.json.encode(document | {"field_of_tomorrow": 1})) == make_report()


def test_a_forged_report_is_refused() -> None:
    """A grade that cannot exist cannot be read either."""
    document: dict[str, Any] = msgspec.json.decode(to_json(make_report(ALL_PASSED | {"test_one": WRONG})))
    document["checks"][0]["points"] = 0.1

    with pytest.raises(ValueError, match=r"0\.1 points of 0\.1 for failed"):
        from_json(msgspec.json.encode(document))


def test_a_report_knows_its_errors() -> None:
    """A wrong answer is none; a fault of ours is."""
    assert not make_report(ALL_PASSED | {"test_one": WRONG}).has_errors
    assert make_report(ALL_PASSED | {"test_one": OURS}).has_errors
