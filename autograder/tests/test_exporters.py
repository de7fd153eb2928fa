"""Every platform reads what we write, and counts the same points. The readers are in receivers.py, by their rules."""

import dataclasses
import json
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import Visibility
from autograder.errors import Label, NotScored
from autograder.export import FORMATS
from autograder.exporters.gradescope import results_json
from autograder.exporters.row import LONGEST, NOT_GRADED, rows, withhold
from autograder.model import Figure, Outcome, Report, from_json, to_json
from autograder.policy import Policy, grade
from autograder.scoring import Verdict
from autograder.tests import receivers
from autograder.tests.sample import ALL_PASSED, CHECKS, OURS, PASSED, WRONG, make_report

DUE = datetime(2026, 12, 1, tzinfo=UTC)
LATE = Policy(due=DUE, penalty_per_day=Decimal(10), extra_credit_at_most=Decimal("0.5"))
PROBLEMS = ("A1", "A2", "X1", "Policy")
NASTY = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "conv:forward: 12:30 http://x.y",
    'quote " \\ and, comma; semicolon',
    "=1+1",
    "\x1b[31m\0\x07\r\u202e\u2028",
    "::error::stop\n::set-output name=x::y",
    "##[error]",
    "null\ud800surrogate\ufffe",
    "🎓 é 中文",
    "]]> &lt;b&gt; %s {0} $(id)",
    "x" * 10_000,
    "\n\n\n",
    "",
]


def nasty_report(text: str) -> Report:
    """Return a report in which a student wrote what they could."""
    wrong = Verdict(Outcome.FAILED, Label.WRONG, text)
    return make_report(ALL_PASSED | {"test_one": wrong, "test_four": wrong}, titles=dict.fromkeys(CHECKS, text))


def totals(report: Report, policy: Policy = LATE, days: int = 0) -> dict[str, float | None]:
    """Return the total that every platform counts."""
    counts = grade(report, policy, handed_in=DUE + timedelta(days=days))
    written = {name: form.write(report, counts) for name, form in FORMATS.items()}
    most = float(counts.max_score)
    found = {
        "gradescope": receivers.gradescope(written["gradescope"], most),
        "autolab": float(
            sum(Decimal(str(score)) for score in receivers.autolab(written["autolab"], PROBLEMS).values())
        ),
        "prairielearn": receivers.prairielearn(written["prairielearn"], most),
        "coursera": receivers.coursera(written["coursera"], most),
        "codegrade": receivers.codegrade(written["codegrade"], most),
        "junit": float(receivers.junit(written["junit"])["final"]),
    }
    found["github"], most_of_github = receivers.github(written["github"])
    found["markus"], most_of_markus = receivers.markus(written["markus"])
    assert most_of_github == most_of_markus == most
    return found


@pytest.mark.parametrize("days", [0, 3, 30])
@pytest.mark.parametrize("failed", [(), ("test_one",), ("test_four", "test_five"), CHECKS])
def test_all_platforms_count_the_same_points(failed, days):
    """To the last digit, late or not; where there is no more than a full score, a full score."""
    report = make_report(ALL_PASSED | dict.fromkeys(failed, WRONG))
    final = grade(report, LATE, handed_in=DUE + timedelta(days=days)).final

    found = totals(report, days=days)

    assert set(found) == set(FORMATS)
    for name, points in found.items():
        most = (
            float(final) if name in ("gradescope", "autolab", "github", "markus", "junit") else min(float(final), 2.8)
        )
        assert points == pytest.approx(most, abs=1e-12), name


@given(st.dictionaries(st.sampled_from(CHECKS), st.sampled_from([PASSED, WRONG])), st.integers(0, 12))
def test_no_class_is_counted_differently(verdicts, days):
    """Any outcomes, any day."""
    report = make_report(ALL_PASSED | verdicts)
    final = float(grade(report, LATE, handed_in=DUE + timedelta(days=days)).final)

    for points in totals(report, days=days).values():
        assert points in (pytest.approx(final, abs=1e-12), 2.8)


def strings(text: str) -> list[str]:
    """Return every text in what was written, as its receiver sees it."""
    if text.startswith("<"):
        root = ElementTree.fromstring(text)
        return [value for one in root.iter() for value in (*one.attrib.values(), one.text or "")]
    return [text]


@pytest.mark.parametrize("text", NASTY, ids=lambda text: repr(text[:20]))
@pytest.mark.parametrize("name", FORMATS)
def test_what_a_student_wrote_is_inert(name, text):
    """No tag, no control character and no half of a character arrives; the reader counts what it would count anyway."""
    report = nasty_report(text)

    written = FORMATS[name].write(report, grade(report))

    for shown in strings(written):
        assert "<" not in shown and "\x1b" not in shown and "\\u001b" not in shown and "\\u0000" not in shown
    assert len(written.encode()) < 100_000
    assert totals(report)[name] == totals(nasty_report("plain"))[name]


@given(st.text())
def test_no_text_breaks_a_reader(text):
    """Whatever it is."""
    totals(nasty_report(text))


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_bytes(name):
    """There is no date, no order of chance and no machine in it."""
    report = nasty_report("x")

    assert FORMATS[name].write(report, grade(report)) == FORMATS[name].write(report, grade(report))


def with_visibility(report: Report, visibility: Visibility) -> Report:
    """Return the report with all checks shown like this."""
    checks = [msgspec.structs.replace(check, visibility=str(visibility)) for check in report.checks]
    return msgspec.structs.replace(report, checks=checks)


@pytest.mark.parametrize("name", FORMATS)
def test_message_of_a_check_that_is_not_visible_stays_here(name):
    """Of such a check students see the claim and the label; of a hidden one, not even the claim."""
    report = make_report(
        dict.fromkeys(CHECKS, Verdict(Outcome.FAILED, Label.WRONG, "secret-message")),
        titles=dict.fromkeys(CHECKS, "secret-claim"),
    )

    def written(visibility: Visibility) -> str:
        shown = with_visibility(report, visibility)
        text = FORMATS[name].write(shown, grade(shown))
        return json.dumps(b64decode(text[7:]).decode()) if name == "github" else text

    assert "secret-message" in written(Visibility.VISIBLE) and "secret-claim" in written(Visibility.VISIBLE)
    for visibility in (Visibility.AFTER_PUBLISHED, Visibility.AFTER_DUE_DATE):
        assert "secret-message" not in written(visibility)
        assert "secret-claim" in written(visibility) and "WRONG" in written(visibility)
    assert "secret" not in written(Visibility.HIDDEN) and "WRONG" not in written(Visibility.HIDDEN)


def test_what_is_for_after_the_due_date_is_hidden_before():
    """Points stay; claims and labels go."""
    report = with_visibility(make_report(dict.fromkeys(CHECKS, WRONG)), Visibility.AFTER_DUE_DATE)

    early = withhold(report)

    assert {row.output for row in rows(report)} == {"WRONG"}
    assert {row.output for row in rows(early)} == {""}
    assert early.score == report.score
    assert withhold(with_visibility(report, Visibility.VISIBLE)) == with_visibility(report, Visibility.VISIBLE)


ERROR = make_report(ALL_PASSED | {"test_one": OURS})


@pytest.mark.parametrize("name", ["coursera", "markus", "codegrade", "github"])
def test_our_fault_is_no_zero_where_only_scores_are_known(name):
    """Nothing is written, and the sentence says whose fault it is."""
    with pytest.raises(NotScored, match=r"ada: 1 of 5 checks were not graded, A1.1 the first .* grade it again"):
        FORMATS[name].write(ERROR, grade(ERROR))


def test_our_fault_costs_nothing_elsewhere():
    """Gradescope shows a row without a score and a total that is called provisional; Autolab keeps the old score."""
    counts = grade(ERROR)
    results = json.loads(results_json(ERROR, counts))
    [row] = [test for test in results["tests"] if "score" not in test]

    assert row["number"] == "A1.1" and "status" not in row and row["output"] == NOT_GRADED
    assert results["output"].startswith("PROVISIONAL: 1 of 5")
    assert receivers.gradescope(results_json(ERROR, counts), 2.8) == 3.7
    assert receivers.autolab(FORMATS["autolab"].write(ERROR, counts), PROBLEMS) == {"A2": 2.5, "X1": 1.0}
    assert receivers.prairielearn(FORMATS["prairielearn"].write(ERROR, counts), 2.8) is None
    assert 'errors="1"' in FORMATS["junit"].write(ERROR, counts)
    for form in ("gradescope", "autolab", "prairielearn", "junit"):
        assert "zygote" not in FORMATS[form].write(ERROR, counts)  # what went wrong with us is not for students


def test_a_leaderboard_is_only_there_if_it_is_asked_for():
    """Points, the time of the checks that passed, and what they measured; a figure is worth no point."""
    figures = [Figure("Digits read", 91.5, "%"), Figure("Perplexity", 1.25, is_better_low=True)]
    told = [dataclasses.replace(PASSED, figure=figure) for figure in figures]
    failed = dataclasses.replace(WRONG, figure=Figure("Boast", 100.0))
    report = make_report(ALL_PASSED | {"test_one": told[0], "test_two": told[1], "test_three": failed})

    assert "leaderboard" not in json.loads(results_json(report, grade(report)))
    board = json.loads(results_json(report, grade(report), leaderboard=True))["leaderboard"]
    assert [(one["name"], one["value"], one["order"]) for one in board] == [
        ("Points", 3.7, "desc"),
        ("Seconds", 1.0, "asc"),
        ("Digits read (%)", 91.5, "desc"),
        ("Perplexity", 1.25, "asc"),
    ]
    assert from_json(to_json(report)).figures == figures


def test_rows_are_short():
    """A platform that cuts long output would cut the scores with it."""
    assert all(len(row.output) <= LONGEST and len(row.name) <= LONGEST + 10 for row in rows(nasty_report("x" * 99_999)))
