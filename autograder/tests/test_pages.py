"""Both pages in a browser: quiet, offline, fit for everybody; the class page sorts and filters, of 5,000 too."""

import random
import time

import msgspec
import pytest

from autograder.errors import Label
from autograder.model import Outcome
from autograder.picture import MOST_CHARACTERS, Picture
from autograder.reports.class_page import class_page
from autograder.reports.student_page import student_page
from autograder.reports.tally import Tally
from autograder.scoring import Verdict
from autograder.tests.browser import DESK, PHONE, chromium, visit
from autograder.tests.sample import ALL_PASSED, CHECKS, PASSED, WRONG, make_report
from autograder.tests.test_student_page import HOSTILE, with_hints

LARGE = 5000
EXITED = Verdict(Outcome.FAILED, Label.EXITED, "the process ended itself")
DRAWN = Picture("f: dW", ("..-+<>?.....",) * 12, index=(0, 1), entries=(100, 1000))
RIGHT_TO_LEFT = "\u202eabc\u202c \u05d0\u05d1\u05d2 \u200f"


@pytest.fixture(scope="module")
def browser():
    """A browser for all tests of this module."""
    with chromium() as started:
        yield started


def write_class(path, size):
    """Write the page of a class whose scores are in no order; every tenth student exits."""
    rng, tally = random.Random(0), Tally()
    for number in range(size):
        verdicts = {check: PASSED if rng.random() < 0.6 else WRONG for check in CHECKS}
        verdicts |= {"test_one": EXITED} if number % 10 == 0 else {}
        report = make_report(verdicts, name=f"student-{number:04}")
        tally.add(msgspec.structs.replace(with_hints(report, "look again"), score=rng.randrange(280) / 100))
    path.write_bytes(class_page(tally, title="Homework"))
    return path


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A page of each kind, by name: plain ones, and ones whose every text is hostile."""
    folder = tmp_path_factory.mktemp("pages")
    long = msgspec.structs.replace(DRAWN, text=f"f: {'one_long_name' * 10}")
    drawn = [Verdict(Outcome.FAILED, Label.WRONG, "f: off", picture=picture) for picture in (DRAWN, long)]
    plain = with_hints(
        make_report(ALL_PASSED | dict(zip(CHECKS, drawn, strict=False)) | {"test_four": EXITED}), "look again"
    )
    nasty = f"{HOSTILE}{RIGHT_TO_LEFT}{'x' * 10_000_000}"
    drawn_nasty = msgspec.structs.replace(DRAWN, text=nasty[:MOST_CHARACTERS])
    verdicts = dict.fromkeys(CHECKS, Verdict(Outcome.FAILED, Label.RAISED, nasty, picture=drawn_nasty))
    hostile = make_report(verdicts, name=nasty, message=nasty, notes=[nasty], titles=dict.fromkeys(CHECKS, nasty))
    hostile = msgspec.structs.replace(with_hints(hostile, nasty), label=Label.SYNTAX)
    tally = Tally()
    tally.add(hostile)
    (folder / "student.html").write_bytes(student_page(plain))
    (folder / "perfect.html").write_bytes(student_page(make_report()))
    (folder / "hostile.html").write_bytes(student_page(hostile))
    (folder / "hostile-class.html").write_bytes(class_page(tally, title=nasty))
    write_class(folder / "class.html", 20)
    write_class(folder / "crowd.html", 250)
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """The page of a class of 5,000."""
    return write_class(tmp_path_factory.mktemp("large") / "index.html", LARGE)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", ["student", "perfect", "class", "hostile", "hostile-class"])
def test_a_page_is_quiet_and_fit_for_everybody(browser, pages, name, size, dark):
    """No word on the console, nothing asked of the network, no violation that axe finds, no scrolling sideways."""
    with visit(browser, pages / f"{name}.html", size=size, dark=dark) as seen:
        assert seen.violations() == []
        assert seen.said == [] and seen.asked == []
        assert not seen.is_wider_than_the_screen()


@pytest.mark.parametrize("name", ["hostile", "hostile-class"])
def test_hostile_text_is_only_read(browser, pages, name):
    """It makes no element, runs no script, and turns nothing around: what is shown is what was sent, marks replaced."""
    with visit(browser, pages / f"{name}.html") as seen:
        text = seen.page.inner_text("body")
        scripts = seen.page.locator("script").count()

        assert seen.page.locator("img, iframe, object, form").count() == 0
        assert scripts == (name == "hostile-class")
        assert "</style><script>alert(1)</script><img src=x onerror=alert(2)>?[31m?" in text
        assert not {"\u202e", "\u200f", "\x1b"} & set(text)
        assert seen.said == []


def test_the_policy_stops_a_script_that_got_in(browser, pages, tmp_path):
    """If escaping failed, the page's own policy would still not run it."""
    path = tmp_path / "spoilt.html"
    spoilt = (
        (pages / "student.html").read_text("utf-8").replace("</main>", "<script>document.title = 'x'</script></main>")
    )
    path.write_text(spoilt, "utf-8")

    with visit(browser, path) as seen:
        assert seen.page.title() != "x"
        assert any("Content Security Policy" in line for line in seen.said)


def column(page, table, number):
    """Return what a column of a table shows."""
    return page.locator(f"#{table} tbody tr > :nth-child({number})").all_inner_texts()


def press(page, table, heading):
    """Press the heading of a column by keyboard."""
    page.locator(f"#{table} thead button", has_text=heading).press("Enter")


def test_a_table_sorts_by_keyboard_both_ways(browser, pages):
    """Numbers as numbers, with the direction told to who cannot see it; what is missing comes last."""
    with visit(browser, pages / "crowd.html") as seen:
        press(seen.page, "submissions", "Score")
        upward = [float(text) for text in column(seen.page, "submissions", 2)]
        told = seen.page.locator("#submissions th[aria-sort]").get_attribute("aria-sort")
        press(seen.page, "submissions", "Score")
        downward = [float(text) for text in column(seen.page, "submissions", 2)]
        press(seen.page, "submissions", "To look at")
        remarks = column(seen.page, "submissions", 9)

    assert upward == sorted(upward) and len(upward) == 100 and told == "ascending"
    assert downward == sorted(downward, reverse=True) and downward[0] > upward[-1]
    assert remarks[0].startswith("EXITED") and remarks[-1] == ""


def test_a_table_filters_and_shows_more(browser, pages):
    """A hundred rows at first, more on demand, and only those that hold a text or need a person."""
    with visit(browser, pages / "crowd.html") as seen:
        rows, told = seen.page.locator("#submissions tbody tr"), seen.page.locator("#submissions-controls output")
        first = told.inner_text()
        seen.page.click("#submissions-controls button:has-text('100 more')")
        second = told.inner_text()
        seen.page.fill("#submissions-controls input[type=search]", "STUDENT-012")
        found = rows.all_inner_texts()
        seen.page.check("#submissions-controls input[type=checkbox]")
        odd = rows.all_inner_texts()

    assert (first, second) == ("100 of 250 shown", "200 of 250 shown")
    assert len(found) == 10 and len(odd) == 1 and odd[0].startswith("student-0120")


def test_without_scripts_every_row_is_there(browser, pages):
    """The table is in the page; the script only makes it handier."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "crowd.html").as_uri())

    assert page.locator("#submissions tbody tr").count() == 250
    assert not page.locator("#submissions-controls").is_visible()
    context.close()


def test_a_link_of_the_class_leads_to_a_report(browser, pages, tmp_path):
    """Of an id, too, that holds what an address would take for something else."""
    tally = Tally()
    report = make_report(name="a%41#b?c")
    tally.add(report)
    (tmp_path / "index.html").write_bytes(class_page(tally, title="Homework"))
    (tmp_path / report.submission.id).mkdir()
    (tmp_path / report.submission.id / "report.html").write_bytes(student_page(report))

    with visit(browser, tmp_path / "index.html") as seen:
        seen.page.click("#submissions tbody a")
        assert seen.page.inner_text("h1") == report.submission.id


def test_a_class_of_five_thousand_is_usable(browser, large):
    """It loads and sorts at once; the limits here are several times the goals, for machines that are busy."""
    started = time.monotonic()
    with visit(browser, large) as seen:
        loaded = time.monotonic() - started
        sorting = seen.page.evaluate("""async () => {
            const button = document.querySelectorAll("#submissions thead button")[1];
            const started = performance.now();
            button.click();
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            return (performance.now() - started) / 1000;
        }""")
        told = seen.page.inner_text("#submissions-controls output")

    assert told == f"100 of {LARGE} shown"
    assert loaded < 20 and sorting < 2
