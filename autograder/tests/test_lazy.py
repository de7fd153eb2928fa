"""Answers without any mathematics in them earn nothing, however well they are shaped."""

import pytest

from autograder.tests.conftest import ROOT

LAZY = ROOT / "autograder" / "tests" / "lazy"  # zeros, constants and refusals of the right kind and shape


def _everywhere(assignment, body):
    """Return a submission whose functions all do the same."""
    files: dict[str, bytes] = {}
    for function in assignment.owners():
        module, name = function.split(".")
        files[f"{module}.py"] = files.get(f"{module}.py", b"") + f"def {name}(*a, **k):\n    {body}\n".encode()
    return files


def test_zeros_of_the_right_shape_earn_nothing(grade, handout):
    """Every function returns the right kind of thing, and nothing is computed."""
    report = grade(handout | {path.name: path.read_bytes() for path in sorted(LAZY.glob("*.py"))})

    assert [check.id for check in report.checks if check.points] == []


@pytest.mark.parametrize("body", ["raise ValueError", "raise IndexError", "return a[0]", "return None", "return a[-1]"])
def test_one_answer_to_everything_earns_nothing(grade, assignment, body):
    """Functions that always refuse, or hand their arguments back, get no points for edge cases."""
    report = grade(_everywhere(assignment, body))

    assert [check.id for check in report.checks if check.points] == []


def test_a_module_that_refuses_to_be_imported_refuses_no_argument(grade, assignment):
    """A ValueError while importing is not the ValueError that a check asks for."""
    files = {f"{function.split('.')[0]}.py": b"raise ValueError\n" for function in assignment.owners()}

    assert grade(files).score == 0.0
