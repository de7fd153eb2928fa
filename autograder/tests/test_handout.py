"""The handout is the solution without its bodies, to the byte, and nothing is given away."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import handout
from autograder.assignment import Assignment, read_assignment
from autograder.errors import HandoutError
from autograder.folder import read_folder, write_files

ASSIGNMENT = """\
[assignment]
name = "lm"
title = "A language model"
solution = "../solution"
handout = "../handout"

[limits]
seconds_per_check = 2
times_reference = 20
seconds_per_submission = 60
memory_mib = 1024

[problem.A1]
title = "Linear"
points = 1
extra_credit = false
visibility = "hidden"
functions = ["linear.double", "linear.AddK"]
[problem.A1.checks]
test_double = 1
"""

LINEAR = '''\
"""Letters."""

import math


def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    # the same as adding it to itself
    doubled_x = 2 * x  # floating point
    return doubled_x
    ### END SOLUTION


class AddK:
    """Smoothing."""

    def prob(self, w):
        """P(w)."""
        ### BEGIN SOLUTION
        return math.exp(w) / 2
        ### END SOLUTION

    def given(self):
        """One."""
        return 1.0
'''

STUB = '''\
"""Letters."""

import math


def double(x):
    """Twice x."""
    raise NotImplementedError("A1 double: not written yet")


class AddK:
    """Smoothing."""

    def prob(self, w):
        """P(w)."""
        raise NotImplementedError("A1 AddK.prob: not written yet")

    def given(self):
        """One."""
        return 1.0
'''


PUBLIC = """import pytest


@pytest.mark.problem("A1")
def test_it():
    pass
"""


@pytest.fixture
def course(tmp_path: Path) -> Assignment:
    """Return a homework of one module."""
    put(tmp_path, "autograder/assignment.toml", ASSIGNMENT)
    put(tmp_path, "solution/numnet/__init__.py", "")
    put(tmp_path, "solution/numnet/linear.py", LINEAR)
    put(tmp_path, "solution/numnet/given/tools.py", "ONE = 1\r\n")
    put(tmp_path, "solution/tests/test_linear.py", PUBLIC)
    put(tmp_path, "solution/README.md", f"# Homework\n\n{handout.END_OF_HANDOUT}\n\nUse `### BEGIN SOLUTION`.\n")
    (tmp_path / "solution/picture.png").write_bytes(b"\x89PNG\r\n")
    return read_assignment(tmp_path / "autograder/assignment.toml")


def put(folder: Path, name: str, text: str) -> None:
    """Write a file, bytes as they are, and the folders above it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def edit(assignment: Assignment, old: str, new: str) -> None:
    """Replace a text in linear.py."""
    assert old in LINEAR
    put(assignment.solution, "numnet/linear.py", LINEAR.replace(old, new))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PUBLIC.replace("A1", "B9"), r"solution/tests/test_linear.py line 4: a check of B9, which is no problem"),
        ("", r"assignment.toml line \d+: A1 has no public check in solution/tests"),
    ],
)
def test_every_problem_has_public_checks_and_no_other_has(course: Assignment, text: str, message: str) -> None:
    """A misspelt mark and a forgotten file are noticed, with the line."""
    put(course.solution, "tests/test_linear.py", text)

    with pytest.raises(HandoutError, match=message):
        handout.build(course)


def test_marked_bodies_are_replaced_and_nothing_else_changes(course: Assignment) -> None:
    """Signatures, docstrings and given code stay; line endings become one kind; other bytes are copied."""
    files = handout.build(course)

    assert files["numnet/linear.py"].decode() == STUB
    assert files["numnet/given/tools.py"] == b"ONE = 1\n"
    assert files["picture.png"] == b"\x89PNG\r\n"
    assert files["README.md"].decode() == f"{handout.BANNER}\n\n# Homework\n"


def test_the_handout_is_the_same_to_the_byte_twice_in_a_row(course: Assignment) -> None:
    """Neither the time nor byte code nor hidden files of the solution leave a trace."""
    before = handout.build(course)

    put(course.solution, "numnet/__pycache__/linear.pyc", "x")
    put(course.solution, ".idea/settings", "x")
    os.utime(course.solution / "numnet/linear.py", (0, 0))

    assert handout.build(course) == before


def test_writing_replaces_the_handout_whole(course: Assignment) -> None:
    """Stale files disappear, nothing is left beside, and what is written is fresh."""
    handout.write(course)
    put(course.handout, "stale.py", "")

    assert handout.differences(course) == ["handout/stale.py does not belong there"]
    handout.write(course)

    assert handout.differences(course) == []
    assert sorted(path.name for path in course.handout.parent.iterdir()) == ["autograder", "handout", "solution"]


def test_notebooks_in_the_handout_are_left_alone(course: Assignment) -> None:
    """They are made by nbgrader, which not everybody has, and looked after by a command of their own."""
    handout.write(course)
    put(course.handout, "notebooks/one.ipynb", "{}")

    handout.write(course)

    assert (course.handout / "notebooks" / "one.ipynb").read_text("utf-8") == "{}"
    assert handout.differences(course) == []


def test_differences_name_the_file_and_the_line(course: Assignment) -> None:
    """A handout that is missing, edited or cut short is told from a fresh one."""
    assert "handout/numnet/linear.py is missing" in handout.differences(course)

    handout.write(course)
    put(course.handout, "numnet/linear.py", STUB.replace("Twice x", "Two x"))
    put(course.handout, "README.md", f"{handout.BANNER}\n")

    assert handout.differences(course) == [
        "handout/README.md is longer or shorter than it should be",
        "handout/numnet/linear.py line 7: not what the solution says",
    ]


def test_a_folder_that_is_no_handout_is_left_alone(course: Assignment) -> None:
    """A folder without our banner is somebody's work."""
    put(course.handout, "thesis.txt", "years of work")

    with pytest.raises(HandoutError, match="not a handout of ours"):
        handout.write(course)

    assert (course.handout / "thesis.txt").read_text("utf-8") == "years of work"


BEGIN, END = "    ### BEGIN SOLUTION\n", "    ### END SOLUTION\n"
DOUBLE = LINEAR[LINEAR.index(BEGIN) : LINEAR.index("\n\nclass")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            DOUBLE,
            DOUBLE.replace(END, ""),
            r"solution/numnet/linear.py line 19: ### BEGIN SOLUTION inside the region .* 8",
        ),
        (DOUBLE, DOUBLE.replace(BEGIN, ""), "solution/numnet/linear.py line 11: ### END SOLUTION without ### BEGIN"),
        ("        ### END SOLUTION\n", "", "solution/numnet/linear.py line 20: ### BEGIN SOLUTION without ### END"),
        (BEGIN, BEGIN + BEGIN, "solution/numnet/linear.py line 9: ### BEGIN SOLUTION inside the region"),
        (BEGIN, "    # begin solution\n", "solution/numnet/linear.py line 8: a marker is a line of its own"),
        (BEGIN, "    x = x  ### BEGIN SOLUTION\n", "solution/numnet/linear.py line 8: a marker is a line of its own"),
        (
            DOUBLE,
            "    return 2 * x\n",
            "solution/numnet/linear.py line 6: A1 lists linear.double, which has no marked region",
        ),
        ("class AddK", "class AddOne", "solution/numnet/linear.py line 20: AddOne.prob has a marked region, but no"),
        (LINEAR[: LINEAR.index("class")], "import math\n\n\n", "line 1: A1 lists linear.double, which is not there"),
        (
            DOUBLE,
            f"    return 2 * x\n\n\n{DOUBLE.replace('    ', '')}",
            "line 11: ### BEGIN SOLUTION outside a function",
        ),
        ('    """Twice x."""\n' + BEGIN, BEGIN + '    """Twice x."""\n', "line 7: the region begins before the end of"),
        (
            DOUBLE,
            DOUBLE.replace(END, "") + "\n\nONE = 1\n" + END,
            "line 8: the region is not inside the body of double",
        ),
        (DOUBLE, BEGIN + END, "line 8: ### BEGIN SOLUTION outside a function"),
        ("return doubled_x", "return doubled_x)", "solution/numnet/linear.py line 11: unmatched '\\)'"),
        ("return 1.0", "return 1.0  # floating poin", None),
        (
            "return 1.0",
            "doubled_x =  2*x",
            "line 10: this line of the solution survives in handout/numnet/linear.py line 20",
        ),
        ("return 1.0", "return 1.0  # the same as adding it", None),
        (
            "return 1.0",
            "return 1.0  #the  same as adding it to itself!",
            "line 9: this line of the solution survives in",
        ),
        (
            "import math",
            "import mathematics",
            "handout/numnet/linear.py line 3: the stub does not import: ModuleNotFound",
        ),
        (
            "import math",
            "raise SystemExit(0)",
            "line 1: the stub does not import: it ends the pr",
        ),
    ],
)
def test_a_solution_that_cannot_become_a_handout_is_refused(
    course: Assignment, old: str, new: str, message: str | None
) -> None:
    """The message names the file and the line, and what was there before stays."""
    handout.write(course)
    before = read_folder(course.handout)
    edit(course, old, new)

    if message is None:
        handout.write(course)
        return
    with pytest.raises(HandoutError, match=message):
        handout.write(course)

    assert read_folder(course.handout) == before


@pytest.mark.parametrize("file", ["tests/test_pool.py", "README.md", "numnet/given/tools.py", "data.csv"])
def test_a_solution_line_that_survives_in_any_file_is_refused(course: Assignment, file: str) -> None:
    """Tests, documents, given code and data are searched, too, and both places are named."""
    put(course.solution, file, "# math.exp(w)\n# return math.exp( w ) / 2 is it\n")

    with pytest.raises(HandoutError, match=rf"solution/numnet/linear.py line 21: .* handout/{file} line \d"):
        handout.build(course)


@pytest.mark.parametrize("file", ["tests/test_pool.py", "numnet/given/tools.py", "check.py"])
def test_a_marked_region_outside_the_modules_to_write_is_refused(course: Assignment, file: str) -> None:
    """A region in a given file would be handed out as a stub that nobody grades."""
    put(course.solution, file, f"def double(x):\n{BEGIN}    return x\n{END}")

    with pytest.raises(HandoutError, match=f"solution/{file} line 2: double has a marked region, but no problem lists"):
        handout.build(course)


def test_a_marker_in_a_text_is_no_marker(course: Assignment) -> None:
    """Only comments mark a region."""
    put(course.solution, "submit.py", f'TEXT = """\n{BEGIN}"""\n')

    assert handout.build(course)["submit.py"].decode() == f'TEXT = """\n{BEGIN}"""\n'


def test_a_stub_imports_nothing_of_ours(course: Assignment) -> None:
    """A stub that needs the instructor's package does not import, wherever the handout is built."""
    edit(course, "import math", "import autograder")

    with pytest.raises(HandoutError, match=r"handout/numnet/linear.py line 3: the stub does not import"):
        handout.build(course)


def test_our_own_handout_works_alone(tmp_path: Path) -> None:
    """In a folder of its own, with nothing but NumPy and pytest, every check says that nothing is written yet."""
    assignment = read_assignment(Path(handout.__file__).with_name("assignment.toml"))
    write_files(tmp_path, handout.build(assignment))

    ended = subprocess.run(
        [sys.executable, "-E", "check.py"], cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8"
    )

    assert ended.returncode == 1, ended.stderr
    assert "not written yet" in ended.stdout
    assert " wrong " not in ended.stdout and "Traceback" not in ended.stdout + ended.stderr
