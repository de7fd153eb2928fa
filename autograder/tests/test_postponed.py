"""A tier that runs after the due date costs and tells nothing before it; its points are neither earned nor lost."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner

from autograder import cli
from autograder.assignment import Assignment, Runs
from autograder.errors import Label
from autograder.export import FORMATS
from autograder.exporters.row import rows
from autograder.folder import write_files
from autograder.model import SubmissionName
from autograder.policy import Policy, grade
from autograder.reports.class_page import class_page
from autograder.reports.student_page import student_page
from autograder.reports.tally import Tally
from autograder.results import write_report
from autograder.run import seconds_of
from autograder.sandbox.proof import candidates
from autograder.scale import Setting
from autograder.scoring import Verdict
from autograder.station import grade_alone
from autograder.tests import receivers
from autograder.tests.conftest import SECRET
from autograder.tests.sample import ALL_PASSED, ASSIGNMENT, WRONG, make_report

DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
BEFORE, AFTER = DUE - timedelta(days=1), DUE + timedelta(seconds=1)
MESSAGE = "counted after 2026-12-01 23:59 UTC"
HANGS = b"while True: pass\n"


def tiered(assignment: Assignment, now: datetime, *tier: str) -> Assignment:
    """Return an assignment in which some problems run after the due date."""
    problems = tuple(
        dataclasses.replace(one, runs=Runs.AFTER_DUE_DATE) if one.id in tier else one for one in assignment.problems
    )
    return dataclasses.replace(assignment, problems=problems, policy=Policy(due=DUE), now=now)


EARLY = make_report(assignment=tiered(ASSIGNMENT, BEFORE, "A2", "X1"))  # all passed, had they run
WITHOUT = dataclasses.replace(ASSIGNMENT, problems=ASSIGNMENT.problems[:1])


@pytest.fixture
def setting(assignment) -> Setting:
    """Two problems, of which one runs after the due date."""
    problems = tuple(one for name in ("G1", "A1") for one in assignment.problems if one.id == name)
    limits = dataclasses.replace(assignment.limits, seconds_per_submission=3, times_reference=1)
    small = dataclasses.replace(assignment, problems=problems, limits=limits)
    return Setting(tiered(small, BEFORE, "G1"), "hash", SECRET, candidates()[0])


def test_a_submission_before_the_due_date_is_not_asked(setting, solution, tmp_path):
    """Code that hangs takes no time from what comes after it; the solution is not asked either."""
    write_files(tmp_path / "numnet", solution | {"ngram.py": HANGS})

    report = grade_alone(setting, tmp_path, seconds=60)

    tier = [check for check in report.checks if check.problem == "G1"]
    assert {(check.label, check.message, check.seconds) for check in tier} == {(Label.POSTPONED, MESSAGE, 0.0)}
    assert (report.score, report.max_score, report.label, report.has_errors) == (6, 6, Label.OK, False)


def test_after_the_due_date_it_is_graded(setting, solution, tmp_path):
    """The same submission, which now loses what it does not do."""
    write_files(tmp_path / "numnet", {name: text for name, text in solution.items() if name != "ngram.py"})
    later = dataclasses.replace(setting, assignment=dataclasses.replace(setting.assignment, now=AFTER))

    report = grade_alone(later, tmp_path, seconds=60)

    assert (report.score, report.max_score, report.postponed) == (6, 9, [])


def test_no_verdict_of_a_tier_counts_before_its_time():
    """Whoever comes with one: points are neither earned nor lost, in the sum of nobody."""
    assert (EARLY.score, EARLY.max_score, EARLY.extra_credit) == (0.3, 0.3, 0.0)
    assert EARLY.points_postponed == Decimal("3.5")
    assert grade(EARLY).why == f"0.3 of 0.3; 3.5 more are {MESSAGE}"
    refused = Verdict(WRONG.outcome, Label.SYNTAX, "no Python")
    whole = make_report(dict.fromkeys(ALL_PASSED, refused), assignment=tiered(ASSIGNMENT, BEFORE, "A2"))
    assert (whole.label, len(whole.postponed)) == (Label.SYNTAX, 1)


def test_every_platform_counts_as_if_the_tier_were_not_there():
    """And shows that it is; on Gradescope and Autolab, the points that can be earned are those of the assignment."""
    counts, rest = grade(EARLY), make_report(assignment=WITHOUT)
    for name, form in FORMATS.items():
        written, alone = form.write(EARLY, counts), form.write(rest, grade(rest))
        assert MESSAGE in written or name in ("github", "autolab"), name
        if name in ("prairielearn", "coursera", "codegrade"):
            read = getattr(receivers, name)
            assert read(written, 0.3) == read(alone, 0.3) == 0.3
        elif name in ("github", "markus"):
            assert getattr(receivers, name)(written) == getattr(receivers, name)(alone) == (0.3, 0.3)
    assert receivers.gradescope(FORMATS["gradescope"].write(EARLY, counts), 2.8) == 0.3
    assert receivers.autolab(FORMATS["autolab"].write(EARLY, counts), ("A1", "A2", "X1")) == {"A1": 0.3}
    tests = json.loads(FORMATS["gradescope"].write(EARLY, counts))["tests"]
    assert [("score" in test, test["output"]) for test in tests[3:]] == [(False, MESSAGE)] * 2
    assert not any(row.is_missing for row in rows(EARLY))


def test_pages_say_when_it_counts():
    """The student's has the date; the class's is of what was graded."""
    tally = Tally()
    tally.add(EARLY)

    assert MESSAGE.encode() in student_page(EARLY) and b"0.3" in student_page(EARLY)
    assert class_page(tally, title="Homework")
    assert tally.rows[0].failed == 0 and tally.rows[0].remark == ""


def test_no_gradebook_is_filled_while_something_waits(tmp_path):
    """Its numbers would be taken for final."""
    write_report(tmp_path / "results", EARLY)

    ended = CliRunner().invoke(cli.main, ["export", "grades", str(tmp_path / "results")])

    assert ended.exit_code == 2
    assert f"3.5 points are {MESSAGE}; grade again then" in ended.stderr


def test_the_name_of_a_submission_decides_nothing():
    """What waits is told by the assignment and the grader's clock alone."""
    reports = [make_report(name=name, assignment=tiered(ASSIGNMENT, BEFORE, "A2")) for name in ("ada", "2026-12-02")]

    assert reports[0].postponed == reports[1].postponed
    assert seconds_of(reports[0])["test_four"] == 0
    assert SubmissionName("ada", "submission-hash") == reports[0].submission
