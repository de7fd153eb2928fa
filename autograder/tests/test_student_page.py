"""report.html says how a submission did, shows a student's text as mere text, and hides what is hidden."""

import html
import re
from html.parser import HTMLParser

import msgspec
import pytest

from autograder.errors import Label
from autograder.model import Outcome, Report
from autograder.picture import Picture
from autograder.reports.student_page import WORDS, student_page
from autograder.reports.text import MOST_CHARACTERS
from autograder.scoring import Verdict
from autograder.tests.sample import ALL_PASSED, CHECKS, OURS, WRONG, make_report

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202e&amp;'\"{{ 7 * 7 }}"
ELEMENTS = {
    "a", "b", "body", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2", "h3", "head",
    "header", "html", "li", "link", "main", "meta", "p", "rect", "section", "small", "span", "strong", "style",
    "summary", "svg", "table", "tbody", "td", "th", "thead", "title", "tr", "ul",
}  # fmt: skip


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, its attributes, and its text."""

    def __init__(self, page: bytes) -> None:
        """Read the page."""
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element."""
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        """Remember a text."""
        self.text += f"{data} "


def with_hints(report: Report, hint: str) -> Report:
    """Return the report with a hint for every check that failed."""
    checks = [
        msgspec.structs.replace(check, hint=hint if check.outcome is not Outcome.PASSED else "")
        for check in report.checks
    ]
    return msgspec.structs.replace(report, checks=checks)


def test_a_failed_check_is_shown_with_its_claim_its_measure_and_its_hint():
    """And with what it was worth; a check that passed is counted."""
    page = Reader(student_page(with_hints(make_report(ALL_PASSED | {"test_two": WRONG}), "look at two")))

    text = " ".join(page.text.split())

    assert "2.7 of 2.8 points, and 1 of extra credit" in text
    assert "wrong answer WRONG Claimed Two is two. 0 of 0.1 Measured f: off Hint look at two" in text
    assert "✓ 2 passed in A1" in text
    assert "#A1" in page.links and "#A2" not in page.links


def test_the_footer_says_how_it_was_graded():
    """Level of the wall and what it promises, seed, hashes and versions."""
    text = Reader(student_page(make_report())).text

    for part in ("level L2: the code cannot read", "seed-id", "submission-hash", "assignment-hash", "NumPy 2.4.6"):
        assert part in text
    assert "Every check passed." in text


def test_checks_that_ended_alike_are_told_once():
    """Twenty checks of a function that is not written yet are one finding."""
    unwritten = Verdict(Outcome.FAILED, Label.NOT_WRITTEN, "f: not written yet")

    text = Reader(student_page(make_report(dict.fromkeys(CHECKS, unwritten)))).text

    assert text.count("f: not written yet") == 3  # once in each problem
    assert "3 checks of A1" in text


def test_the_same_report_makes_the_same_bytes():
    """A page says nothing of the time and the place where it was made."""
    assert student_page(make_report()) == student_page(make_report())


def test_a_students_text_is_inert():
    """Wherever it came from: no element, attribute or link of it, no control character, no change of direction."""
    drawn = Picture(HOSTILE, ("+-",))
    verdicts = dict.fromkeys(CHECKS, Verdict(Outcome.FAILED, Label.RAISED, HOSTILE, picture=drawn))
    report = make_report(
        verdicts, name=HOSTILE, message=HOSTILE, notes=[HOSTILE], titles=dict.fromkeys(CHECKS, HOSTILE)
    )
    report = msgspec.structs.replace(with_hints(report, HOSTILE), label=Label.SYNTAX, level=HOSTILE, seed_id=HOSTILE)

    page = student_page(report)
    read = Reader(page)

    assert read.elements <= ELEMENTS
    assert not {name for name in read.attributes if name.startswith("on")} | {"style"} & read.attributes
    assert all(link.startswith(("#", "data:,")) for link in read.links)
    assert all(line.isprintable() for line in page.decode().split("\n"))
    shown = html.unescape(page.decode())
    assert shown.count("<script>alert(1)</script><img src=x onerror=alert(2)>?[31m?&amp;'\"{{ 7 * 7 }}") >= 12


def test_a_text_without_end_is_clipped():
    """Ten million characters on one line cost a page two thousand."""
    long = Verdict(Outcome.FAILED, Label.WRONG, "x" * 10_000_000)

    page = student_page(make_report(ALL_PASSED | {"test_two": long}))

    assert len(page) < 30_000
    assert f"{'x' * MOST_CHARACTERS} ... (10000000 characters)".encode() in page


def test_a_problem_that_is_hidden_is_not_shown():
    """Neither its checks, nor its score, nor its part of the total."""
    report = make_report(ALL_PASSED | {"test_four": WRONG})
    checks = [
        msgspec.structs.replace(check, visibility="hidden", title="a secret") if check.problem == "A2" else check
        for check in report.checks
    ]

    text = Reader(student_page(msgspec.structs.replace(report, checks=checks))).text

    assert "0.3 of 0.3 points" in text
    assert "1 problem is not shown" in text
    assert "A2" not in text and "a secret" not in text and "f: off" not in text


def test_a_picture_is_shown_with_its_words():
    """A sign in every cell, so that nobody has to see a colour, and a text for who sees no picture."""
    drawn = Picture("f: dW, shape (2, 4, 36): 9 of 288 entries differ", (".-<", "+>?"), index=(1,), entries=(2, 12))
    verdict = Verdict(Outcome.FAILED, Label.WRONG, "f: dW: off", picture=drawn)

    page = Reader(student_page(make_report(ALL_PASSED | {"test_two": verdict})))
    text = " ".join(page.text.split())

    assert "Where 0 12 24 0 · − −− 2 + ++ ?" in text
    assert "9 of 288 entries differ; shown: [1, :, :], where" in text
    assert "each cell: the worst of 2 x 12 entries. · right, − too small, −− far too small," in text
    assert "figure" not in Reader(student_page(make_report(ALL_PASSED | {"test_two": WRONG}))).elements


def test_what_is_our_fault_is_said_to_be():
    """A student who reads it knows that nothing was their fault."""
    text = Reader(student_page(make_report(ALL_PASSED | {"test_two": OURS}))).text

    assert "The whole submission: our fault, not yours: it will be graded again." in text


@pytest.mark.parametrize("label", Label)
def test_every_label_has_words(label):
    """A student reads words, and finds the label beside them."""
    assert WORDS[label]


def test_a_page_names_no_other_place():
    """Nothing is fetched: there is no address in it, and its policy forbids all but its own style."""
    page = student_page(make_report()).decode()

    assert not re.search(r"https?:|//\w|@import|url\(", page)
    policy = html.unescape(page).partition('content="')[2].partition('"')[0].split("; ")
    assert {"default-src 'none'", "script-src 'none'"} <= set(policy)
