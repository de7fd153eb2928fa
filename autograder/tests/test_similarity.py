"""Copies are found whatever their names are, independent answers are not; what the pages show is inert."""

import builtins
import io
import keyword
import os
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import main
from autograder.reference import read_package
from autograder.reports.class_page import class_page
from autograder.reports.similar_page import MOST_LINES, Comparison, Lead, Side, excerpt, pair_page, similar_page
from autograder.reports.tally import Tally
from autograder.results import latest_hash, write_report, write_whole
from autograder.tests.browser import DESK, PHONE, chromium, visit
from autograder.tests.conftest import ROOT
from autograder.tests.sample import make_report
from autograder.tests.test_student_page import HOSTILE, Reader

similarity = pytest.importorskip("autograder.similarity", reason="copydetect is not installed: '.[similarity]'")

STYLES = ROOT / "autograder" / "tests" / "styles"
KEPT = {"np", *dir(builtins)}
RIGHT_TO_LEFT = "\u202eabc\u202c \u05d0\u05d1\u05d2 \u200f"


def files_of(folder):
    """Return the modules of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}


def renamed(source):
    """Return a program with other names and comments, and the same of everything else."""
    tokens = tokenize.generate_tokens(io.StringIO(source.decode()).readline)
    return tokenize.untokenize(_renamed(token) for token in tokens).encode()


def _renamed(token):
    if token.type == tokenize.COMMENT:
        return token.type, "# mine"
    is_name = token.type == tokenize.NAME and not keyword.iskeyword(token.string) and token.string not in KEPT
    return token.type, f"my_{token.string[::-1]}" if is_name else token.string


@pytest.fixture(scope="module")
def given():
    """What the handout gives."""
    return similarity.read_source("", read_package(ROOT / "handout" / "numnet")).fingerprints


@pytest.fixture(scope="module")
def styles(given):
    """Right answers that know nothing of each other."""
    return [similarity.read_source(path.name, files_of(path), given) for path in sorted(STYLES.iterdir())]


def pairs_of(*sources):
    """Return the names of similar pairs."""
    return [(pair.one.id, pair.other.id) for pair in similarity.find_pairs(sources)]


def test_a_copy_with_other_names_is_found(given, styles):
    """And with other comments, among answers of others; the lines that are alike are those that were copied."""
    copied = {name: renamed(content) for name, content in files_of(STYLES / "einsum").items()}
    copy = similarity.read_source("a-copy", copied, given)

    [pair] = similarity.find_pairs([*styles, copy])
    marked = {name: (ours, theirs) for name, ours, theirs in similarity.marked_lines(pair)}

    assert (pair.one.id, pair.other.id) == ("einsum", "a-copy")
    assert min(pair.shares) > 0.7
    lines = pair.one.lines("linear.py")
    body = {number for number, line in enumerate(lines) if "return" in line}
    assert len(body & marked["linear.py"][0]) > 0.7 * len(body)


def test_answers_that_know_nothing_of_each_other_are_not_similar(styles):
    """Six styles, all right, with the same names of functions and the same formulas."""
    assert len(styles) == 6
    assert pairs_of(*styles) == []


def test_what_the_handout_gives_does_not_count(given):
    """Two who wrote nothing, and two whose own few lines differ."""
    handout = files_of(ROOT / "handout" / "numnet")
    one, other = handout | {"mine.py": b"x = [1, 2, 3]\n"}, handout | {"mine.py": b"print('hello')\n"}

    with_it = [similarity.read_source(name, files, given) for name, files in (("a", one), ("b", other))]
    without = [similarity.read_source(name, files) for name, files in (("a", one), ("b", other))]

    assert pairs_of(*with_it) == []
    assert pairs_of(*without) == [("a", "b")]


def test_lines_are_numbered_as_they_are(given):
    """Whatever comes first: blank lines, a mark of the byte order, lines of Windows."""
    content = files_of(STYLES / "einsum")["rnn.py"]
    moved = b"\xef\xbb\xbf\n\n\n" + content.replace(b"\n", b"\r\n")
    sources = [similarity.read_source(name, {"rnn.py": text}, given) for name, text in (("a", content), ("b", moved))]

    [pair] = similarity.find_pairs(sources)
    [(_, ours, theirs)] = similarity.marked_lines(pair)

    assert pair.shares == (1, 1)
    assert {line + 3 for line in ours if pair.one.lines("rnn.py")[line]} <= theirs
    assert pair.other.lines("rnn.py")[3:] == pair.one.lines("rnn.py")


@pytest.mark.parametrize(
    "text",
    [b"", b"\x00", b"'''", b"def f(:\n", b"\xff\xfe\x00", b"\\" * 2000, b"(" * 2000, b"\n" * 99, b"x" * 1_000_000],
)
def test_what_does_not_compile_spoils_nothing(text, given):
    """Neither its own submission's other files, nor anybody else's."""
    files = {"rnn.py": files_of(STYLES / "loops")["rnn.py"]}
    one, other = similarity.read_source("a", files, given), similarity.read_source("b", files | {"a.py": text}, given)

    [pair] = similarity.find_pairs([one, other])

    assert pair.shares[0] == 1
    assert list(similarity.marked_lines(pair))
    assert other.too_long == (["a.py"] if len(text) > similarity.MOST_CHARACTERS else [])


def test_an_excerpt_leaves_out_what_is_not_alike():
    """A few lines around those that are, with their numbers, and how many are missing."""
    shown = excerpt([f"line {n}" for n in range(20)], {9})

    assert [line.number for line in shown] == [0, 8, 9, 10, 11, 12, 0]
    assert [line.text for line in shown if not line.number] == ["7 lines left out", "8 lines left out"]
    assert [line.text for line in shown if line.alike] == ["line 9"]
    assert len(excerpt(["x"] * 5000, range(5000))) == MOST_LINES + 1


def test_similar_writes_a_list_and_a_page_for_each_pair(tmp_path):
    """Linked from the class page; what cannot be read is named, and the rest compared; the same bytes again."""
    for name in ("ada", "bob"):
        write_package(tmp_path / "class" / name, files_of(STYLES / "einsum"))
    write_package(tmp_path / "class" / "eve", {"conv.py": b"x" * 1_500_000})
    (tmp_path / "class" / "mal.zip").write_bytes(b"no archive")
    out = tmp_path / "results"
    write_report(out, make_report(name="ada"))

    run = CliRunner().invoke(main, ["similar", str(tmp_path / "class"), "--out", str(out)])
    first = {path.name: path.read_bytes() for path in out.glob("*.html")}
    again = [sys.executable, "-m", "autograder.cli", "similar", str(tmp_path / "class"), "--out", str(out)]
    subprocess.run(again, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "7"})

    assert run.exit_code == 0, run.output
    assert "1 similar pairs among 4 submissions" in run.output
    assert "mal: the archive is not a zip" in run.output and "eve: 'conv.py' is larger than 1 MiB" in run.output
    assert sorted(first) == ["index.html", "similar-1.html", "similar.html"]
    assert "similar.html" in Reader(first["index.html"]).links
    assert "similar-1.html" in Reader(first["similar.html"]).links
    assert {path.name: path.read_bytes() for path in out.glob("*.html")} == first


def write_package(folder, files):
    """Write a submission."""
    (folder / "numnet").mkdir(parents=True)
    for name, content in files.items():
        (folder / "numnet" / name).write_bytes(content)


def test_the_latest_report_says_which_assignment_it_was(tmp_path):
    """The class page is of the run that was last."""
    assert latest_hash(tmp_path) == ""

    write_report(tmp_path, make_report(name="ada"))
    write_whole(tmp_path / "zoe" / "report.json", b"half a rep")

    assert latest_hash(tmp_path) == "assignment-hash"


def test_a_class_page_links_only_what_is_there():
    """No link before `autograder similar` has run."""
    assert "similar.html" not in Reader(class_page(Tally(), title="Homework")).links
    assert "similar.html" in Reader(class_page(Tally(), title="Homework", similar="similar.html")).links


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of a pair whose every text is hostile."""
    folder: Path = tmp_path_factory.mktemp("similar")
    nasty = f"{HOSTILE}</pre></mark>{RIGHT_TO_LEFT}{'x' * 10_000_000}"
    lead = Lead((Side(nasty, 1.0), Side("bob", 0.9)), 1000, "similar-1.html")
    lines = excerpt(["import numpy as np", "", nasty, "\treturn", nasty, *["pass"] * 20], {2, 3})
    page = similar_page([lead], title=nasty, more=2, notes=[nasty])
    (folder / "similar.html").write_bytes(page)
    (folder / "similar-1.html").write_bytes(pair_page(lead, [Comparison("conv.py", (lines, []))]))
    return folder


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", ["similar", "similar-1"])
def test_pages_of_pairs_are_inert_and_fit_for_everybody(pages, name, size, dark):
    """Hostile text is only read; no word on the console, nothing asked of the network, nothing that axe finds."""
    with chromium() as browser, visit(browser, pages / f"{name}.html", size=size, dark=dark) as seen:
        assert seen.violations() == []
        assert seen.said == [] and seen.asked == []
        assert not seen.is_wider_than_the_screen()
        assert seen.page.locator("script, img, iframe, object, form").count() == 0
        text = seen.page.inner_text("body")
        assert "</style><script>alert(1)</script><img src=x onerror=alert(2)>?[31m?" in text
        assert not {"\u202e", "\u200f", "\x1b"} & set(text)
        assert "A lead, not a verdict." in text
    assert (pages / f"{name}.html").stat().st_size < 50_000
