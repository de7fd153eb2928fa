"""Right answers in other styles keep every point: `styles/` holds whole submissions, written from the handout."""

import pytest

from autograder.model import Outcome
from autograder.tests.conftest import ROOT

STYLES = sorted(path for path in (ROOT / "autograder" / "tests" / "styles").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", STYLES, ids=lambda folder: folder.name)
def test_a_right_answer_keeps_every_point_whatever_its_style(grade, assignment, folder):
    """No check fails, and nothing is explained, where nothing is wrong.

    algorithms  Fourier transforms, pooling in two passes, divide and conquer over time, a trie, packed batches
    beginner    step by step, with names, prints and helpers wherever they came to be, and stars in imports
    einsum      sums by their indices, steps inside the loop, Fortran order, files of their own
    functional  small functions, scans and folds; nothing is ever changed
    loops       nothing but loops in Python
    renamed     other names for everything but what is asked for, dataclasses, inherited methods, layers under aliases
    """
    files = {path.name: path.read_bytes() for path in sorted(folder.glob("*.py"))}

    report = grade(files, folder.name)

    lost = {check.id: check.message for check in report.checks if check.outcome is not Outcome.PASSED}
    assert lost == {}
    assert not any(check.hint for check in report.checks)
    assert report.score + report.extra_credit == assignment.points
    assert [check.id for check in report.checks if check.message or check.hint] == []


def test_the_styles_are_whole_and_differ():
    """Each of them has every module of the homework, and no two have one that is the same."""
    modules = {path.name for path in (ROOT / "solution" / "numnet").glob("*.py")} - {"__init__.py"}

    assert len(STYLES) >= 6
    for folder in STYLES:
        assert modules <= {path.name for path in folder.glob("*.py")}, folder.name
    for module in modules:
        assert len({(folder / module).read_text("utf-8") for folder in STYLES}) == len(STYLES), module
