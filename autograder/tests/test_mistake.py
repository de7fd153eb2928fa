"""A mistake is an edit that can be made in exactly one place, and is refused with its line otherwise."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import read_assignment
from autograder.errors import AssignmentError
from autograder.mistake import Mistake, apply, read_mistakes, require_known

OURS = Path(__file__).parents[1]

TEXT = """\
[triples]  # A1a
problem = "A1"
id = "A1a"
file = "counts.py"
find = '''
    # x = 1 is no key of the mistake
    return 2 * x
'''
replace = '''
    return 3 * x
'''
caught_by = "test_double"
hint = "Twice, not three times."

[forgets]
problem = "A1"
id = "A1b"
file = "counts.py"
find = "def double(x):"
replace = ""
caught_by = "test_double"
hint = "Define it."
"""

MODULE = b"def double(x):\n\n    # x = 1 is no key of the mistake\n    return 2 * x\n"


def read(folder: Path, text: str = TEXT) -> tuple[Mistake, ...]:
    """Read mistakes of this text."""
    (folder / "counts.toml").write_text(text, "utf-8")
    return read_mistakes(folder)


def test_mistakes_are_read_as_they_are_written(tmp_path: Path) -> None:
    """Every setting arrives, with the line of the mistake."""
    triples, forgets = read(tmp_path)

    assert (triples.name, triples.id, triples.problem, triples.caught_by) == ("triples", "A1a", "A1", "test_double")
    assert (triples.where, forgets.where) == ("counts.toml line 1", "counts.toml line 15")


def test_a_mistake_is_made_in_its_one_place(tmp_path: Path) -> None:
    """Other modules stay, and what was given is not changed."""
    triples, forgets = read(tmp_path)
    files = {"counts.py": MODULE, "other.py": b"return 2 * x"}

    assert apply([triples], files) == files | {"counts.py": b"def double(x):\n\n    return 3 * x\n"}
    assert apply([triples, forgets], files)["counts.py"] == b"\n\n    return 3 * x\n"
    assert files["counts.py"] == MODULE


def test_a_mistake_without_its_one_place_is_refused(tmp_path: Path) -> None:
    """No place, two places and no module are told apart."""
    (triples, _) = read(tmp_path)

    for files, message in [
        (
            {"counts.py": b""},
            "counts.toml line 1: what triples looks for stands 0 times in counts.py; it",
        ),
        ({"counts.py": MODULE * 2}, "counts.toml line 1: what triples looks for stands 2 times in counts.py"),
        ({}, "counts.toml line 1: counts.py is no module of the solution"),
    ]:
        with pytest.raises(AssignmentError, match=message):
            apply([triples], files)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'hint = "Define it."',
            'hints = "Define it."',
            "line 22: forgets.hints is not a setting; there are problem, id",
        ),
        ('hint = "Define it."', "", "line 15: forgets.hint is missing; it is a text"),
        ('hint = "Define it."', 'hint = ""', "line 22: forgets.hint is empty"),
        ('id = "A1b"', "id = 1", "line 17: forgets.id is a text, got 1"),
        ('id = "A1b"', 'id = "A1a"', "line 15: A1a is the name of another mistake, in counts.toml line 1"),
        ('replace = ""', 'replace = "def double(x):"', "line 20: forgets replaces a text by itself"),
        (
            'file = "counts.py"\nfind = "d',
            'file = "../counts.py"\nfind = "d',
            "line 18: file is '../counts.py'; it is a",
        ),
        ("[forgets]", "forgets = 3\n[other]", "line 15: triples.forgets is not a setting"),
    ],
)
def test_an_inconsistent_file_is_refused_with_the_line_to_mend(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    """The message begins with the file and the line."""
    assert old in TEXT

    with pytest.raises(AssignmentError, match=f"^counts.toml {message}"):
        read(tmp_path, TEXT.replace(old, new))


def test_one_name_in_two_files_is_refused(tmp_path: Path) -> None:
    """A name finds one mistake, whichever file it is in."""
    (tmp_path / "more.toml").write_text(TEXT, "utf-8")

    with pytest.raises(
        AssignmentError, match=r"more.toml line 1: triples is the name of another mistake, in counts.toml"
    ):
        read(tmp_path)


def test_our_own_mistakes_fit_the_solution_and_the_checks() -> None:
    """Each can be made, alone, and names a check of its problem."""
    assignment = read_assignment(OURS / "assignment.toml")
    mistakes = read_mistakes(OURS / "mistakes")
    files = {path.name: path.read_bytes() for path in (assignment.solution / "numnet").glob("*.py")}

    require_known(mistakes, assignment)
    assert all(apply([mistake], files) != files for mistake in mistakes)
    with pytest.raises(AssignmentError, match="has no check test_none"):
        require_known([replace(mistakes[0], caught_by="test_none")], assignment)
