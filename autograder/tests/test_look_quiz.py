"""`python look.py quiz` writes a page that asks which passage is real, and proves no more than quiz.score does."""

import json
import re

import numpy as np
import pytest

from autograder.tests.browser import DESK, PHONE, chromium, visit
from autograder.tests.homework import copy_written, load, run_python

NOT_WRITTEN = 'raise NotImplementedError("H4 sample: not written yet")'


@pytest.fixture(scope="module")
def homework(tmp_path_factory):
    """A handout in which everything was written, and its page."""
    folder = copy_written(tmp_path_factory.mktemp("look") / "homework")
    done = run_python(folder, "look.py", "quiz", "--steps", "30")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("quiz.html: open it in a browser; ")
    return folder


@pytest.fixture(scope="module")
def data(homework):
    """What the page knows of the quiz."""
    page = (homework / "quiz.html").read_text("utf-8")
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


@pytest.fixture(scope="module")
def browser():
    """A browser for all tests of this module."""
    with chromium() as started:
        yield started


def answer(page, places):
    """Answer with the arrow keys."""
    for place in places:
        page.keyboard.press("ArrowRight" if place else "ArrowLeft")


def test_a_sampler_that_is_missing_is_said_before_the_training(tmp_path):
    """Nobody waits half a minute for that sentence."""
    folder = copy_written(tmp_path / "homework")
    module = folder / "numnet" / "rnnlm.py"
    module.write_text(module.read_text("utf-8").replace("    words: list[int] = []\n", f"    {NOT_WRITTEN}\n"), "utf-8")

    done = run_python(folder, "look.py", "quiz", "--steps", "1000000")

    assert done.returncode == 2
    assert done.stderr == "H4 sample: not written yet; look.py quiz needs A1, B1, F1 to F3, H2 and H4\n"


def test_a_pair_is_a_passage_of_the_unread_text_and_another(data):
    """The real one stands in the last tenth of the verses; what the model made up does not."""
    verses = load("given.data")["given.data"].verses(np.random.default_rng(0))
    unread = verses[-len(verses) // 10 :]

    assert len(data["pairs"]) == len(data["real"]) == 10 and set(data["real"]) == {0, 1}
    for pair, place in zip(data["pairs"], data["real"], strict=True):
        assert pair[place] in unread and pair[1 - place] not in verses
        assert len(pair[0]) == len(pair[1]) == 160


@pytest.mark.parametrize(
    ("right", "proof"),
    [(10, "You can tell the two apart:"), (8, "Nothing is proved"), (5, "Nothing is proved"), (0, "take the one for")],
)
def test_the_interval_is_that_of_score(browser, homework, data, right, proof):
    """Answered by keyboard: the count and the bounds are quiz.score's, and so is what they prove."""
    quiz = load("given.quiz")["given.quiz"]
    answers = [place if n < right else 1 - place for n, place in enumerate(data["real"])]
    score = quiz.score(quiz.Quiz(data["pairs"], data["real"]), answers)

    with visit(browser, homework / "quiz.html") as seen:
        answer(seen.page, answers)
        assert seen.page.inner_text("#score") == f"{score.right} of 10 right"
        assert f"between {100 * score.low:.0f} % and {100 * score.high:.0f} %" in seen.page.inner_text("#bounds")
        assert seen.page.evaluate("Number(byId('span').getAttribute('x'))") == pytest.approx(300 * score.low)
        assert seen.page.evaluate("Number(byId('span').getAttribute('width'))") == pytest.approx(
            300 * (score.high - score.low)
        )
        assert proof in seen.page.inner_text("#proof")
        assert ("Nothing" in proof) == (score.low <= 0.5 <= score.high)


def test_it_can_be_answered_with_the_mouse_and_once_more(browser, homework, data):
    """What is shown is the pair, in its order; a click goes on to the next one, and the end to the beginning."""
    with visit(browser, homework / "quiz.html") as seen:
        for number, pair in enumerate(data["pairs"], start=1):
            assert seen.page.inner_text("#number") == f"Pair {number} of 10"
            assert [seen.page.text_content(f"#passage-{place}") for place in (0, 1)] == pair
            seen.page.click("#choose-1")
        assert seen.page.inner_text("#score") == f"{sum(data['real'])} of 10 right"
        assert seen.page.evaluate("document.activeElement.id") == "score"
        answer(seen.page, [0])
        seen.page.locator("#again").press("Enter")
        assert seen.page.inner_text("#number") == "Pair 1 of 10" and not seen.page.is_visible("#score")
        assert seen.said == []


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESK, False)], ids=["phone, dark", "desk, light"])
def test_the_page_is_quiet_and_fit_for_everybody(browser, homework, size, dark):
    """While it asks and at its end: no word on the console or to the network, no violation, no scrolling sideways."""
    with visit(browser, homework / "quiz.html", size=size, dark=dark) as seen:
        for places in ([], [0] * 10):
            answer(seen.page, places)
            assert seen.violations() == []
            assert seen.said == [] and seen.asked == []
            assert not seen.is_wider_than_the_screen()
