"""`python look.py lm` writes a page that runs the student's language model: it reads and writes as their NumPy does."""

import hashlib
import json
import re
import shutil

import numpy as np
import pytest

from autograder.tests.browser import DESK, PHONE, chromium, visit
from autograder.tests.homework import ROOT, copy_written, run_python

CLOSE = 1e-5
TYPED = "ORLAN:\nGood day"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\n<!--<script>\n"
OF_A_TEXT = """
import sys
from pathlib import Path
from pages import lm, quiz
writer = lm.train(lm.Book("</p><b>a book", sys.argv[1] * 100), steps=3)
Path("hostile-lm.html").write_text(lm.page(writer), "utf-8")
Path("hostile-quiz.html").write_text(quiz.page(writer), "utf-8")
"""


@pytest.fixture(scope="module")
def homework(tmp_path_factory):
    """A handout in which everything was written, and its page."""
    folder = copy_written(tmp_path_factory.mktemp("look") / "homework")
    done = run_python(folder, "look.py", "lm", "--steps", "60")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"lm\.html: open it in a browser; .* costs it \d\.\d\d nats\n", done.stdout)
    assert re.fullmatch(r"reading the generated verses: 60 steps, about \d+ s here\n", done.stderr)
    return folder


@pytest.fixture(scope="module")
def data(homework):
    """What the page knows of the language model, its weights as arrays."""
    page = (homework / "lm.html").read_text("utf-8")
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    known = json.loads(text)
    names = ("E", "W_xh", "W_hh", "b_h", "w_peep", "W_hy", "b_y")
    return known | {"params": {name: np.array(known[name]) for name in names}}


@pytest.fixture(scope="module")
def browser():
    """A browser for all tests of this module."""
    with chromium() as started:
        yield started


def numpy_steps(reference, data, text):
    """Return what numnet has after each character: arrays (T, H), and logits (T, V)."""
    params, ids = data["params"], [data["symbols"].index(symbol) for symbol in "\n" + text]
    h, _, cache = reference.rnnlm.cell_forward(params, params["E"][ids][:, None])
    gates = {name: np.stack([getattr(step, name)[0] for step in cache.steps]) for name in ("i", "f", "o", "c_t")}
    logits = h[:, 0] @ params["W_hy"].T + params["b_y"]
    return {"h": h[:, 0], "c": gates.pop("c_t"), "logits": logits} | gates


def type_in(page, text):
    """Type a beginning in place of what stands there."""
    page.focus("#text")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_what_is_not_written_is_said(tmp_path):
    """One sentence with the problem's name, and no page."""
    shutil.copytree(ROOT / "handout", tmp_path / "handout")

    done = run_python(tmp_path / "handout", "look.py", "lm")

    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == "H2 rnnlm_loss: not written yet; look.py lm needs A1, B1, F1 to F3 and H2\n"
    assert not (tmp_path / "handout" / "lm.html").exists()


def test_the_same_model_makes_the_same_page(homework):
    """Training and page hold no time, place or chance."""
    done = run_python(homework, "look.py", "lm", "--steps", "60", "--out", "again.html")

    assert done.returncode == 0, done.stderr
    assert (homework / "again.html").read_bytes() == (homework / "lm.html").read_bytes()


@pytest.mark.parametrize("place", ["mirror", "cache"])
def test_shakespeare_is_read_where_he_is(homework, tmp_path, place):
    """What the mirror or the cache has is taken, and its name is said; here another text has his name."""
    copy = shutil.copytree(homework, tmp_path / "homework")
    manifest, text = copy / "datasets" / "manifest.toml", b"To be, or not to be\n" * 200
    known = f'"input.txt" = [{len(text)}, "{hashlib.sha256(text).hexdigest()}"]'
    manifest.write_text(re.sub(r'"input\.txt" = .*', known, manifest.read_text("utf-8")), "utf-8")
    folder = tmp_path if place == "mirror" else tmp_path / "numnet"
    (folder / "tiny-shakespeare").mkdir(parents=True)
    (folder / "tiny-shakespeare" / "input.txt").write_bytes(text)
    variable = {"mirror": "NUMNET_DATA", "cache": "XDG_CACHE_HOME"}[place]

    done = run_python(copy, "look.py", "lm", "--steps", "1", **{variable: str(tmp_path)})

    assert done.returncode == 0 and done.stderr.startswith("reading Shakespeare: 1 steps")
    assert '"title": "Shakespeare"' in (copy / "lm.html").read_text("utf-8")


def test_a_wrong_shakespeare_is_a_sentence(homework, tmp_path):
    """A file that is not what the manifest says is neither read nor passed over."""
    (tmp_path / "tiny-shakespeare").mkdir()
    (tmp_path / "tiny-shakespeare" / "input.txt").write_text("To be", "utf-8")

    done = run_python(homework, "look.py", "lm", NUMNET_DATA=str(tmp_path))

    assert done.returncode == 2 and "is not tiny-shakespeare/input.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_typed_beginning_is_read_as_numpy_reads_it(browser, homework, data, reference):
    """States, cells, gates and logits after every character; and the bars are the shares of the next one."""
    expected = numpy_steps(reference, data, TYPED)

    with visit(browser, homework / "lm.html") as seen:
        type_in(seen.page, TYPED)
        found = seen.page.evaluate("steps")
        names = seen.page.locator("#bars tbody th").all_inner_texts()
        told = [float(text.rstrip(" %")) / 100 for text in seen.page.locator("#bars td.number").all_inner_texts()]

    assert "".join(step["symbol"] for step in found) == "\n" + TYPED
    for name, array in expected.items():
        assert np.abs(np.array([step[name] for step in found]) - array).max() < CLOSE, name
    powers = np.exp(expected["logits"][-1] - expected["logits"][-1].max())
    shares = np.sort(powers / powers.sum())[::-1]
    assert told == pytest.approx([*shares[:12], shares[12:].sum()], abs=6e-4)
    likeliest = data["symbols"][expected["logits"][-1].argmax()]
    assert names[0] == {" ": "␣", "\n": "⏎"}.get(likeliest, likeliest)


def test_without_warmth_it_writes_what_numpy_writes(browser, homework, data, reference):
    """At temperature 0, set by keyboard, after a beginning and after none."""
    newline = data["symbols"].index("\n")
    expected = reference.rnnlm.sample(data["params"], None, newline, -1, 100, temperature=0)
    text = TYPED
    for _ in range(30):
        text += data["symbols"][numpy_steps(reference, data, text)["logits"][-1].argmax()]

    with visit(browser, homework / "lm.html") as seen:
        seen.page.locator("#temperature").press("Home")
        seen.page.locator("#clear").press("Enter")
        seen.page.locator("#many").press("Enter")
        from_nothing = seen.page.input_value("#text")
        type_in(seen.page, TYPED)
        for _ in range(30):
            seen.page.locator("#one").press("Enter")
        assert seen.page.inner_text("#warmth") == "0.0"
        assert seen.page.input_value("#text") == text

    assert from_nothing == "".join(data["symbols"][i] for i in expected)


class Throws:
    """An rng whose throws are known."""

    def __init__(self, throws):
        """Keep them."""
        self.throws = iter(throws)

    def random(self):
        """Return the next one."""
        return next(self.throws)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.0])
def test_the_same_throws_write_the_same_text(browser, homework, data, reference, temperature):
    """With the throws of NumPy, the page draws what H4 draws."""
    throws = np.random.default_rng(5).random(100).tolist()
    newline = data["symbols"].index("\n")
    expected = reference.rnnlm.sample(data["params"], Throws(throws), newline, -1, 100, temperature)

    with visit(browser, homework / "lm.html") as seen:
        seen.page.click("#clear")
        seen.page.fill("#temperature", str(temperature))
        seen.page.evaluate("(throws) => { random = () => throws.shift(); }", throws)
        seen.page.click("#many")
        assert seen.page.input_value("#text") == "".join(data["symbols"][i] for i in expected)


def test_a_seed_writes_the_same_text_again(browser, homework):
    """And another seed another one; its throws lie between 0 and 1, and their mean is a half."""
    texts = []
    with visit(browser, homework / "lm.html") as seen:
        for seed in ("7", "7", "8"):
            seen.page.fill("#seed", seed)
            seen.page.click("#clear")
            seen.page.click("#many")
            texts.append(seen.page.input_value("#text"))
        throws = np.array(seen.page.evaluate("Array.from({ length: 4000 }, random)"))

    assert texts[0] == texts[1] != texts[2] and len(texts[0]) == 100
    assert 0 <= throws.min() < throws.max() < 1 and abs(throws.mean() - 0.5) < 0.03


def test_what_it_never_read_is_left_out_and_said(browser, homework):
    """A character without a number does not stop the page."""
    with visit(browser, homework / "lm.html") as seen:
        type_in(seen.page, "Go€od")
        assert seen.page.input_value("#text") == "Good"
        type_in(seen.page, "€")
        assert seen.page.inner_text("#said") == "It has never read € and leaves that out."
        assert seen.said == []


def test_a_row_of_the_picture_is_a_unit_of_the_table(browser, homework, data, reference):
    """A click on a row shows the numbers of its unit: state, cell, and the three gates, over time."""
    expected = numpy_steps(reference, data, TYPED)

    with visit(browser, homework / "lm.html") as seen:
        type_in(seen.page, TYPED)
        seen.page.locator("#units").click(position={"x": 60, "y": 18 + 12 * 3 + 6})
        assert seen.page.input_value("#unit") == "3"
        rows = seen.page.locator("#unit-table tbody tr").all()
        table = {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows}
        assert len(seen.page.locator("#unit-table thead th").all()) == len(TYPED) + 2

    names = {"state h": "h", "cell c": "c", "input gate i": "i", "forget gate f": "f", "output gate o": "o"}
    assert table.keys() == names.keys()
    for row, name in names.items():
        assert [float(number) for number in table[row]] == pytest.approx(expected[name][:, 3], abs=0.0051)


INK_OF_A_SQUARE = """([u, t]) => {
    const pen = byId("units").getContext("2d"), [x, y] = [24 + 12 * (t + 0.5), 18 + 12 * (u + 0.5)];
    return pen.getImageData(2 * x, 2 * y, 1, 1).data[3];
}"""


def test_a_sign_is_seen_without_colour(browser, homework, data, reference):
    """In the middle of a square there is ink where the state is above 0, and none where it is below."""
    h = numpy_steps(reference, data, TYPED)["h"].T
    (above, *_), (below, *_) = np.argwhere(h > 0.3).tolist(), np.argwhere(h < -0.3).tolist()

    with visit(browser, homework / "lm.html") as seen:
        type_in(seen.page, TYPED)
        assert seen.page.evaluate(INK_OF_A_SQUARE, above) == 255
        assert seen.page.evaluate(INK_OF_A_SQUARE, below) == 0


def test_the_page_says_whether_it_agrees(browser, homework):
    """A model whose NumPy says something else is not run in silence."""
    page = (homework / "lm.html").read_text("utf-8")
    (homework / "spoilt.html").write_text(re.sub(r'"b_y": \[[^,]*', '"b_y": [9.0', page), "utf-8")

    with visit(browser, homework / "lm.html") as seen:
        assert "agree on 61 characters of the generated verses" in seen.page.inner_text("#agreement")
    with visit(browser, homework / "spoilt.html") as seen:
        assert "differ by" in seen.page.inner_text("#agreement")


@pytest.mark.parametrize("name", ["lm", "quiz"])
def test_a_hostile_text_is_text(browser, homework, name):
    """A book with a script in it, and a title with a tag, are shown and not run."""
    done = run_python(homework, "-c", OF_A_TEXT, HOSTILE)
    assert done.returncode == 0, done.stderr

    with visit(browser, homework / f"hostile-{name}.html") as seen:
        place = "#agreement" if name == "lm" else "#about"
        assert "</p><b>a book" in seen.page.inner_text(place)
        assert seen.page.locator("img").count() == 0
        assert seen.said == [] and seen.asked == []


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESK, False)], ids=["phone, dark", "desk, light"])
def test_the_page_is_quiet_and_fit_for_everybody(browser, homework, size, dark):
    """No word on the console, nothing asked of the network, no violation that axe finds, no scrolling sideways."""
    with visit(browser, homework / "lm.html", size=size, dark=dark) as seen:
        seen.page.click("#many")
        seen.page.select_option("#quantity", "f")
        assert seen.violations() == []
        assert seen.said == [] and seen.asked == []
        assert not seen.is_wider_than_the_screen()
