"""What a terminal shows of a class: the numbers, whom to look at, and a student's text as mere text."""

import io

import msgspec
import pytest
from rich.console import Console, RenderableType

from autograder.errors import Label
from autograder.model import Outcome, ProblemResult
from autograder.reports.row import remark
from autograder.reports.terminal import class_table, closing_line, doctor_table, failed_checks
from autograder.sandbox.level import Level
from autograder.scoring import Verdict
from autograder.tests.sample import ALL_PASSED, CHECKS, OURS, PASSED, TITLES, WRONG, make_report

HOSTILE = "[bold red]x[/] [link=file:///etc]y[/] [/] conv.py:100: \\[z] \x1b[31m\x1b]0;title\x07 \u202e"
SHOWN = "[bold red]x[/] [link=file:///etc]y[/] [/] conv.py:100: \\[z] ?[31m?]0;title? ?"


def shown(thing: RenderableType, *, color: bool = False) -> str:
    """Return what a wide terminal shows."""
    stream = io.StringIO()
    console = Console(file=stream, width=300, force_terminal=color, color_system="standard" if color else None)
    console.print(thing)
    return stream.getvalue()


def test_many_problems_are_shown_part_by_part():
    """With more problems than a terminal has room for, A1 and A2 are one column, A."""
    problems = [ProblemResult(f"{part}{n}", "t", float(n), 3.0, False) for part in "ABCDE" for n in (1, 2, 3)]
    report = msgspec.structs.replace(make_report(ALL_PASSED), problems=problems)

    table = shown(class_table([report], title=""))

    assert all(f" {part}/9 " in table for part in "ABCDE")
    assert "A1" not in table


def test_a_class_is_a_row_per_submission() -> None:
    """Score of the whole and of each problem, extra credit apart, and what is to be looked at."""
    reports = [
        make_report(name="ada"),
        make_report({check: PASSED if check == "test_four" else WRONG for check in CHECKS}, name="bob"),
        make_report(ALL_PASSED | {"test_one": Verdict(Outcome.FAILED, Label.TIMEOUT)}, name="eve"),
    ]

    rows = [" ".join(row.replace("│", " ").split()) for row in shown(class_table(reports, title="")).splitlines()]

    assert "submission of 2.8 A1/0.3 A2/2.5 X1/1 to look at" in rows
    assert "ada 2.8 +1 0.3 2.5 1" in rows
    assert "bob 2.5 0 2.5 0" in rows
    assert "eve 2.7 +1 0.2 2.5 1 TIMEOUT 1" in rows


def test_a_class_of_nobody_is_an_empty_table() -> None:
    """It has a title all the same."""
    assert "Homework" in shown(class_table([], title="Homework"))


@pytest.mark.parametrize("color", [False, True])
def test_a_students_text_is_inert_among_the_failed_checks(color: bool) -> None:
    """Markup, links, emoji codes and control characters in a message or a title are shown, not obeyed."""
    report = make_report(
        ALL_PASSED | {"test_one": Verdict(Outcome.FAILED, Label.RAISED, HOSTILE)}, titles=TITLES | {"test_one": HOSTILE}
    )

    text = shown(failed_checks(report), color=color)

    assert text.count(SHOWN) == 2
    assert "\x1b[31m" not in text
    assert "\x1b]" not in text


@pytest.mark.parametrize("color", [False, True])
def test_a_students_text_is_inert_in_the_class(color: bool) -> None:
    """So it is in the name and the message of a submission, and in the title."""
    broken = dict.fromkeys(CHECKS, Verdict(Outcome.FAILED, Label.SYNTAX))

    text = shown(class_table([make_report(broken, name=HOSTILE, message=HOSTILE)], title=HOSTILE), color=color)

    assert text.count(SHOWN) == 3
    assert "\x1b[31m" not in text
    assert "\x1b]" not in text


def test_failed_checks_are_those_that_did_not_pass() -> None:
    """With the claim, what it was worth and what was said."""
    text = shown(failed_checks(make_report(ALL_PASSED | {"test_two": WRONG, "test_four": OURS})))

    assert "One is one." not in text
    for part in ("Two is two.", "WRONG", "0 of 0.1", "f: off", "GRADER_ERROR", "0 of 2.5", "the zygote is gone"):
        assert part in text


def test_a_remark_counts_what_is_more_than_wrong() -> None:
    """Wrong answers are everyday; a failure of the whole is told with its message."""
    timeout = Verdict(Outcome.FAILED, Label.TIMEOUT)
    broken = dict.fromkeys(CHECKS, Verdict(Outcome.FAILED, Label.SYNTAX))

    assert remark(make_report()) == ""
    assert remark(make_report(ALL_PASSED | {"test_one": WRONG})) == ""
    assert remark(make_report(ALL_PASSED | {"test_one": timeout, "test_four": timeout})) == "TIMEOUT 2"
    assert remark(make_report(broken, message="conv.py line 3 does not compile")) == (
        "SYNTAX: conv.py line 3 does not compile"
    )
    assert remark(make_report(broken)) == "SYNTAX"


def test_the_closing_line_names_the_errors() -> None:
    """Who has to be graded again is the last thing on the screen."""
    assert closing_line(2, [], seconds=1.25, kept=0) == "graded 2 of 2, in 1.2 s"
    assert closing_line(2, ["bob"], seconds=3, kept=1) == (
        "graded 1 of 2, 1 of them unchanged since the last run, in 3.0 s; to be graded again: bob"
    )
    assert closing_line(9, [], ["eve"], seconds=190, kept=0) == "graded 9 of 9, in 3 min 10 s; 1 to look at: eve"
    many = [f"s{n}" for n in range(10)]
    assert closing_line(10, [], many, seconds=7320, kept=0) == (
        "graded 10 of 10, in 2 h 2 min; 10 to look at: s0, s1, s2, s3, s4, s5, s6, s7 and 2 others"
    )
    assert closing_line(2, [], seconds=3, kept=0, replaced=1) == (
        "graded 2 of 2, in 3.0 s; 1 worker process ended and was replaced"
    )


def test_the_doctor_says_which_levels_hold() -> None:
    """And why the others do not."""
    text = shown(doctor_table({Level.L1: "[Errno 1] not permitted", Level.L2: ""}))

    (first,) = [line for line in text.splitlines() if "L1 " in line]
    (second,) = [line for line in text.splitlines() if "L2 " in line]
    assert "no: [Errno 1] not permitted" in first
    assert "holds" in second
