"""`python look.py` writes a page that runs the student's own network: what it finds is what their NumPy finds."""

import json
import re
import shutil

import numpy as np
import pytest

from autograder.tests.browser import DESK, PHONE, chromium, visit
from autograder.tests.homework import ROOT, copy_written, run_python

CLOSE = 1e-5
NO_NUMBERS = """
def small_cnn_loss(params, x, y):
    return 0.0, {name: weight * np.nan for name, weight in params.items()}
"""
THREE = (
    (0.3, 0.2), (0.5, 0.13), (0.7, 0.25), (0.68, 0.4), (0.5, 0.48), (0.7, 0.57), (0.72, 0.75), (0.5, 0.87), (0.3, 0.8),
)  # fmt: skip


def look(homework, *options):
    """Run the command where the homework lies."""
    return run_python(homework, "look.py", *options)


@pytest.fixture(scope="module")
def homework(tmp_path_factory):
    """A handout in which everything was written, and its page."""
    folder = copy_written(tmp_path_factory.mktemp("look") / "homework")
    done = look(folder, "--epochs", "6")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"network\.html: open it in a browser; the network reads 9\d% of the digits .*\n", done.stdout)
    return folder


@pytest.fixture(scope="module")
def network(homework):
    """What the page knows of the network."""
    page = (homework / "network.html").read_text("utf-8")
    [text] = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


@pytest.fixture(scope="module")
def browser():
    """A browser for all tests of this module."""
    with chromium() as started:
        yield started


def numpy_forward(reference, network, image):
    """Return logits, feature maps and pooled maps of one image, as numnet finds them."""
    params = {name: np.array(network[name]) for name in ("conv.weight", "conv.bias", "fc.weight", "fc.bias")}
    x = np.array(image, dtype=float)[None, None]
    maps = reference.cnn.feature_maps(params, x)
    logits = reference.cnn.small_cnn_forward(params, x)[0]
    return logits[0], maps[0], reference.pool.max_pool2d_forward(maps, 2)[0][0]


def test_what_is_not_written_is_said(tmp_path):
    """One sentence with the problem's name, and no page."""
    shutil.copytree(ROOT / "handout", tmp_path / "handout")

    done = look(tmp_path / "handout")

    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == "A5 init_small_cnn: not written yet; look.py needs A1 to A5\n"
    assert not (tmp_path / "handout" / "network.html").exists()


@pytest.mark.parametrize("options", [("--epochs", "0"), ("--filters", "x"), ("--out", "nowhere/network.html")])
def test_wrong_usage_is_a_sentence(homework, options):
    """And no traceback."""
    done = look(homework, "--epochs", "1", *options)

    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert options[1] in done.stderr


def test_the_same_network_makes_the_same_page(homework):
    """Training and page hold no time, place or chance."""
    done = look(homework, "--epochs", "6", "--out", "again.html")

    assert done.returncode == 0, done.stderr
    assert (homework / "again.html").read_bytes() == (homework / "network.html").read_bytes()


def test_the_page_finds_what_numpy_finds(browser, homework, network, reference):
    """Logits, feature maps and pooled maps, on digits and on noise."""
    images = [*network["examples"][:3], *np.random.default_rng(0).normal(size=(3, 8, 8)).tolist()]

    with visit(browser, homework / "network.html") as seen:
        for image in images:
            found = seen.page.evaluate("(image) => forward(image)", image)
            logits, maps, pooled = numpy_forward(reference, network, image)
            assert np.abs(np.array(found["logits"]) - logits).max() < CLOSE
            assert np.abs(np.array(found["maps"]) - maps).max() < CLOSE
            assert np.abs(np.array(found["pooled"]) - pooled).max() < CLOSE


def draw(page, points):
    """Draw a line through points, each a share of the field, with the mouse."""
    box = page.locator("#pad").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def test_a_drawn_digit_is_what_numpy_says_it_is(browser, homework, network, reference):
    """A three is drawn: what is said, and how likely it is, is what numnet finds for what was shown to the network."""
    with visit(browser, homework / "network.html") as seen:
        draw(seen.page, THREE)
        image = seen.page.evaluate("shown")
        said = seen.page.inner_text("#verdict")
        told = [float(text.rstrip(" %")) / 100 for text in seen.page.locator("#bars td.number").all_inner_texts()]

    logits, _, _ = numpy_forward(reference, network, image)
    powers = np.exp(logits - logits.max())

    assert said == f"It is a {logits.argmax()}" == "It is a 3"
    assert told == pytest.approx(powers / powers.sum(), abs=6e-4)
    assert np.min(image) >= 0 and np.max(image) <= 1


def test_an_unseen_digit_can_be_chosen_by_keyboard(browser, homework, network):
    """Who cannot draw can look, too; clearing brings the empty field back."""
    with visit(browser, homework / "network.html") as seen:
        seen.page.focus("#examples")
        seen.page.keyboard.press("ArrowDown")
        chosen = seen.page.evaluate("shown"), seen.page.inner_text("#verdict")
        seen.page.locator("#clear").press("Enter")
        cleared = seen.page.evaluate("shown"), seen.page.inner_text("#verdict")

    assert chosen == (network["examples"][0], f"It is a {int(np.argmax(network['logits'][0]))}")
    assert np.max(cleared[0]) == 0 and cleared[1] == "Draw a digit"


def test_the_page_says_whether_it_agrees(browser, homework, network):
    """A network whose NumPy says something else is not run in silence."""
    page = (homework / "network.html").read_text("utf-8")
    [bias] = re.findall(r'"fc\.bias": (\[.*?\])', page)
    (homework / "spoilt.html").write_text(page.replace(bias, str([1.0, *network["fc.bias"][1:]])), "utf-8")

    with visit(browser, homework / "network.html") as seen:
        assert "agree on 20 digits" in seen.page.inner_text("#agreement")
    with visit(browser, homework / "spoilt.html") as seen:
        assert "differ by" in seen.page.inner_text("#agreement")


@pytest.mark.parametrize(("size", "dark"), [(PHONE, True), (DESK, False)], ids=["phone, dark", "desk, light"])
def test_the_page_is_quiet_and_fit_for_everybody(browser, homework, size, dark):
    """No word on the console, nothing asked of the network, no violation that axe finds, no scrolling sideways."""
    with visit(browser, homework / "network.html", size=size, dark=dark) as seen:
        draw(seen.page, THREE)
        assert seen.violations() == []
        assert seen.said == [] and seen.asked == []
        assert not seen.is_wider_than_the_screen()


@pytest.mark.parametrize("name", ["cnn", "lm", "quiz"])
def test_a_template_says_how_to_get_a_page(browser, name):
    """Who opens a template instead is told the command."""
    with visit(browser, ROOT / "handout" / "pages" / f"{name}.html") as seen:
        command = "python look.py" if name == "cnn" else f"python look.py {name}"
        assert command in seen.page.inner_text("header p")
        assert seen.said == [] and not seen.page.is_visible("main")


def test_weights_that_are_no_numbers_are_a_sentence(tmp_path):
    """And no page that stays empty."""
    folder = copy_written(tmp_path / "homework")
    with (folder / "numnet" / "cnn.py").open("a", encoding="utf-8") as module:
        module.write(NO_NUMBERS)

    done = look(folder, "--epochs", "1")

    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == "the network has weights that are no finite numbers; python check.py says what is wrong\n"
