"""index.html counts right, says what needs a person, and shows a student's text as mere text."""

import msgspec
import numpy as np
import pytest

from autograder.errors import Label
from autograder.model import Outcome, Report
from autograder.reports.class_page import class_page
from autograder.reports.statistic import box, discrimination, histogram, share
from autograder.reports.tally import Tally
from autograder.scoring import Verdict
from autograder.tests.sample import ALL_PASSED, CHECKS, OURS, PASSED, WRONG, make_report
from autograder.tests.test_student_page import HOSTILE, Reader, with_hints

UNWRITTEN = Verdict(Outcome.FAILED, Label.NOT_WRITTEN, "f: not written yet")
EXITED = Verdict(Outcome.FAILED, Label.EXITED, "the process ended itself")


def tally_of(*reports: Report) -> Tally:
    """Count these reports."""
    tally = Tally()
    assert list(tally.watch(reports)) == list(reports)
    return tally


def text_of(*reports: Report) -> str:
    """Return the text of the page of these reports, its blanks made single."""
    return " ".join(Reader(class_page(tally_of(*reports), title="Homework")).text.split())


def make_class(*fates: tuple[Verdict, Verdict]) -> list[Report]:
    """Return a report per student; fates: how the first two checks ended."""
    return [
        make_report(ALL_PASSED | {"test_one": one, "test_two": two}, name=f"student-{n}")
        for n, (one, two) in enumerate(fates)
    ]


def test_discrimination_is_the_correlation_with_all_other_checks():
    """As NumPy's corrcoef has it, check by check; a check that everybody passed has none."""
    rng = np.random.default_rng(0)
    passed, points = rng.random((50, 6)) < 0.6, rng.random(6)
    passed[:, 3] = True
    totals = (passed * points).sum(axis=1)

    found = discrimination(passed, points, totals)

    for check in (0, 1, 2, 4, 5):
        expected = np.corrcoef(passed[:, check], totals - passed[:, check] * points[check])[0, 1]
        assert found[check] == pytest.approx(expected)
    assert np.isnan(found[3])


def test_difficulty_is_of_those_who_answered():
    """Who wrote nothing says nothing about how hard a check is; nobody at all, nothing."""
    passed = np.array([[True, False], [False, False], [False, False], [False, False]])
    tried = np.array([[True, False], [True, False], [False, False], [False, False]])

    assert share(passed, tried).tolist() == pytest.approx([0.5, np.nan], nan_ok=True)


def test_a_box_and_a_histogram_hold_everybody():
    """Full scores are in the last bin, quartiles are those of the whole class."""
    spread = box(np.array([0.0, 1, 2, 3, 4]))

    assert (spread.least, spread.lower, spread.median, spread.upper, spread.most) == (0, 1, 2, 3, 4)
    assert histogram(np.array([0, 0.05, 0.1, 0.95, 1.0]), 10) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


def test_the_commonest_mistake_comes_first_and_counts_students():
    """Two checks that one mistake failed are one student."""
    both, one = make_class((WRONG, WRONG), (PASSED, WRONG))
    text = text_of(with_hints(both, "of two"), with_hints(one, "of two"), make_report(name="eve"))

    assert "2 of 3: of two A1" in text


def test_mistakes_that_are_equally_common_are_sorted_by_problem():
    """Their order must not be that of a set, which is another one in every process."""
    report = make_report(dict.fromkeys(CHECKS, WRONG))
    checks = [msgspec.structs.replace(check, hint=f"of {check.id}") for check in report.checks]

    text = text_of(msgspec.structs.replace(report, checks=checks))

    hints = [f"1 of 1: of {name}" for name in ("test_one", "test_three", "test_two", "test_four", "test_five")]
    assert [text.index(hint) for hint in hints] == sorted(text.index(hint) for hint in hints)


def test_a_check_is_a_row_with_its_numbers():
    """Pass rate over all, difficulty over those who answered; no correlation of so few."""
    text = text_of(*make_class((PASSED, PASSED), (WRONG, PASSED), (UNWRITTEN, PASSED), (PASSED, PASSED)))

    assert "A1 One is one. 0.1 50 % 0.33 –" in text
    assert "A1 Two is two. 0.1 100 % 0.00 –" in text


def test_a_check_that_punishes_knowledge_is_named():
    """Its correlation is negative once the class is large enough to tell."""
    reports = make_class(*[(PASSED, WRONG)] * 6, *[(WRONG, PASSED)] * 6)

    text = text_of(*reports)

    assert "A1 One is one. passed rather by those who know less" in text


def test_what_needs_a_person_is_named_with_a_link():
    """Odd ends of processes, failures of the whole, and errors of ours; a plain wrong answer is not."""
    odd, wrong = make_class((EXITED, PASSED), (WRONG, PASSED))
    broken = make_report(dict.fromkeys(CHECKS, OURS), name="lost")
    page = Reader(class_page(tally_of(odd, wrong, broken), title="Homework"))

    person = page.text.partition("What needs a person")[2].partition("Distribution")[0]

    assert "student-0   EXITED 1" in person and "lost   GRADER_ERROR" in person
    assert "student-1" not in person and "Checks" not in person  # three are too few to judge a check by
    assert page.links.count("student-0/report.html") == 2


def test_an_error_of_ours_is_listed_and_not_counted():
    """The denominator of every number is who was graded."""
    text = text_of(make_report(name="ada"), make_report(dict.fromkeys(CHECKS, OURS), name="lost"))

    assert "2 submissions, of which 1 could not be graded" in text
    assert "One is one. 0.1 100 %" in text


def test_a_name_is_quoted_in_a_link():
    """An id holds %41 as it stands, and a link must lead to it; nothing in it begins another address."""
    page = Reader(class_page(tally_of(make_report(name="a%41"), make_report(name="javascript:x")), title="Homework"))

    assert {"a%2541/report.html", "javascript%3Ax/report.html"} <= set(page.links)


def test_a_class_of_nobody_of_nobody_graded_and_of_extra_credit_have_a_page():
    """Nothing is divided by nothing."""
    report = make_report()
    extra = [problem for problem in report.problems if problem.extra_credit]
    checks = [check for check in report.checks if check.problem == "X1"]
    alone = msgspec.structs.replace(report, problems=extra, checks=checks, score=0.0, max_score=0.0)

    assert "0 submissions" in text_of()
    assert "1 submission, of which 1 could not be graded" in text_of(make_report(dict.fromkeys(CHECKS, OURS)))
    assert "90 to 100 % 1" in text_of(alone)


def test_a_students_text_is_inert():
    """In names, messages and hints: no element of theirs, no control character."""
    report = make_report(dict.fromkeys(CHECKS, EXITED), name=HOSTILE, message=HOSTILE)
    report = msgspec.structs.replace(with_hints(report, HOSTILE), label=Label.SYNTAX)

    page = class_page(tally_of(report), title=HOSTILE)
    read = Reader(page)

    assert "img" not in read.elements and page.count(b"<script>") == 1
    assert all(line.isprintable() for line in page.decode().split("\n"))
    assert all(link.startswith(("#", "data:,", "%3C")) for link in read.links)


def test_the_same_reports_make_the_same_bytes():
    """A page says nothing of the time and the place where it was made."""
    reports = make_class((WRONG, PASSED), (PASSED, PASSED))

    assert class_page(tally_of(*reports), title="x") == class_page(tally_of(*reports), title="x")
