"""Points come from the assignment alone: nothing that ran, or did not run, moves the denominator."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import Label
from autograder.model import Outcome
from autograder.scoring import WHOLE, Verdict
from autograder.tests.sample import ALL_PASSED, CHECKS, OURS, PASSED, WRONG, make_report

VERDICTS = st.sampled_from([PASSED, WRONG, OURS, Verdict(Outcome.SKIPPED, Label.GRADER_ERROR)])


WHOLES = sorted(WHOLE)
OTHER = {label: WHOLES[WHOLES.index(label) - 1] if label in WHOLE else WHOLES[0] for label in Label}


def failed(label: Label) -> Verdict:
    """Return a failure with this label."""
    return Verdict(Outcome.FAILED, label)


def test_points_are_added_in_decimal() -> None:
    """A tenth three times is 0.3, and extra credit is counted apart."""
    report = make_report()

    assert (report.score, report.max_score, report.extra_credit) == (2.8, 2.8, 1.0)
    assert [(problem.score, problem.max_score) for problem in report.problems] == [(0.3, 0.3), (2.5, 2.5), (1.0, 1.0)]


def test_a_problem_earns_what_its_checks_earn() -> None:
    """One wrong check takes its own points and no others."""
    report = make_report(ALL_PASSED | {"test_two": WRONG})

    assert (report.problem("A1").score, report.problem("A2").score, report.score) == (0.2, 2.5, 2.7)
    assert (report.check("test_two").points, report.check("test_two").message) == (0.0, "f: off")


@given(st.dictionaries(st.sampled_from([*CHECKS, "test_of_the_students_own", ""]), VERDICTS))
@settings(deadline=None, max_examples=100)
def test_the_denominator_never_moves(verdicts: dict[str, Verdict]) -> None:
    """Whatever verdicts there are, every check of the assignment is in the report, once, and no other."""
    report = make_report(verdicts)

    assert tuple(check.id for check in report.checks) == CHECKS
    assert report.max_score == 2.8
    assert [problem.max_score for problem in report.problems] == [0.3, 2.5, 1.0]
    assert all(check.points == 0 for check in report.checks if verdicts.get(check.id) is not PASSED)
    assert 0 <= report.score <= report.max_score
    assert report.has_errors == any(verdicts.get(check, OURS) is OURS for check in CHECKS)


def test_a_missing_verdict_is_our_error() -> None:
    """A check that did not run earns nothing, and the submission is graded again."""
    report = make_report({check: PASSED for check in CHECKS if check != "test_four"})

    missing = report.check("test_four")
    assert (missing.outcome, missing.label, missing.points) == (Outcome.ERROR, Label.GRADER_ERROR, 0.0)
    assert missing.message == "the check did not run"
    assert report.has_errors
    assert report.label is Label.GRADER_ERROR


@pytest.mark.parametrize("label", set(Label) - {Label.OK, Label.GRADER_ERROR, Label.POSTPONED}, ids=str)
def test_a_label_of_the_whole_is_one_that_every_check_has(label: Label) -> None:
    """A file that does not compile fails a submission as a whole; a wrong answer never does."""
    everywhere = make_report(dict.fromkeys(CHECKS, failed(label)))
    almost = make_report(dict.fromkeys(CHECKS, failed(label)) | {"test_one": PASSED})
    mixed = make_report(dict.fromkeys(CHECKS, failed(label)) | {"test_one": failed(OTHER[label])})

    assert everywhere.label is (label if label in WHOLE else Label.OK)
    assert almost.label is mixed.label is Label.OK


def test_a_check_says_its_title_time_and_visibility() -> None:
    """A check without a sentence goes by its name."""
    report = make_report(ALL_PASSED | {"test_one": replace(PASSED, seconds=0.123456)})

    one, four = report.check("test_one"), report.check("test_four")
    assert (one.title, one.seconds, one.visibility) == ("One is one.", 0.1235, "visible")
    assert four.title == "test_four"


def test_a_report_says_what_graded_it() -> None:
    """Assignment, submission, level, seed and versions, and what was said of the whole."""
    report = make_report(message="no numnet/", notes=["linear.py is not among the files"])

    assert (report.assignment.name, report.assignment.hash) == ("hw", "assignment-hash")
    assert (report.submission.id, report.submission.hash) == ("ada", "submission-hash")
    assert (report.level, report.seed_id, report.versions.numpy) == ("L2", "seed-id", "2.4.6")
    assert (report.message, report.notes) == ("no numnet/", ["linear.py is not among the files"])
