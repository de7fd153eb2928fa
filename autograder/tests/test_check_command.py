"""`python check.py` tells a student in seconds what is right and why not, and never in a traceback of ours."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOLUTION = Path(__file__).parents[2] / "solution"

MODULE = '''\
"""Counts."""


def double(x):
    """2 x."""
    return 2 * x
'''

CHECKS = '''\
"""Public checks."""

import pytest

from numnet.counts import double


@pytest.mark.problem("A1")
def test_two_becomes_four():
    """Two becomes four, as in the lecture. The rest is not shown."""
    print("a line that a student printed")

    assert double(2) == 4, "double(2): expected 4"


@pytest.mark.problem("G1")
@pytest.mark.parametrize("x", [0, 3])
def test_any_number_is_doubled(x):
    """Any number is
    doubled.
    """
    assert double(x) == x + x
'''


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    """Return a homework of one module, with the command that students run."""
    for folder in ("numnet/given", "tests"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("__init__.py", "claim.py", "gradcheck.py", "slip.py"):
        shutil.copy(SOLUTION / "numnet/given" / name, tmp_path / "numnet/given")
    for name in ("check.py", "submit.py", "pytest.ini"):
        shutil.copy(SOLUTION / name, tmp_path)
    (tmp_path / "numnet/__init__.py").write_text("", "utf-8")
    (tmp_path / "numnet/counts.py").write_text(MODULE, "utf-8")
    (tmp_path / "tests/test_counts.py").write_text(CHECKS, "utf-8")
    return tmp_path


def check(homework: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command from somewhere else."""
    return subprocess.run(
        [sys.executable, homework / "check.py", *arguments],
        cwd=homework.parent,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"} | environment,
        check=False,
    )


def write(homework: Path, body: str) -> None:
    """Give double another body."""
    (homework / "numnet/counts.py").write_text(MODULE.replace("    return 2 * x\n", body), "utf-8")


def test_a_right_answer_is_all_ok(homework: Path) -> None:
    """One line per check and parameter, one per problem, one for all, and exit code 0."""
    ended = check(homework)

    assert ended.returncode == 0
    assert ended.stdout == (
        "\nA1\n  ok               Two becomes four, as in the lecture.\n"
        "\nG1\n  ok               Any number is doubled. [0]\n  ok               Any number is doubled. [3]\n"
        "\nA1  1 of 1 ok\nG1  2 of 2 ok\n"
        "All 3 checks are ok. Hidden checks look further; python submit.py packs what you hand in.\n"
    )
    assert ended.stderr == ""


def test_a_wrong_answer_is_said_in_the_words_of_the_check(homework: Path) -> None:
    """The message of the check, no traceback, and exit code 1."""
    write(homework, "    return x\n")

    ended = check(homework)

    assert ended.returncode == 1
    assert "  wrong            Two becomes four, as in the lecture.\n" in ended.stdout
    assert "                   double(2): expected 4\n\nG1" in ended.stdout
    assert "A1  0 of 1 ok, 1 wrong\nG1  1 of 2 ok, 1 wrong\n1 of 3 checks are ok. python check.py -x" in ended.stdout
    assert "Traceback" not in ended.stdout


def test_only_the_problems_that_are_named_run(homework: Path) -> None:
    """`check.py g1` is about G1 alone, in small letters, too."""
    ended = check(homework, "g1")

    assert ended.returncode == 0
    assert "A1" not in ended.stdout and "All 2 checks are ok" in ended.stdout


def test_an_unknown_problem_is_wrong_usage(homework: Path) -> None:
    """The known problems are named, and the exit code is 2."""
    ended = check(homework, "Z9")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.endswith("error: there is no problem Z9; there are A1, G1\n")


def test_a_stub_is_not_written_yet(homework: Path) -> None:
    """A function that is still to be written is neither wrong nor explained."""
    write(homework, '    raise NotImplementedError("A1 double: not written yet")\n')

    ended = check(homework, "A1")

    assert ended.returncode == 1
    assert "\n  not written yet  Two becomes four, as in the lecture.\n\n" in ended.stdout
    assert ended.stdout.endswith("A1  0 of 1 ok, 1 not written yet (double)\n0 of 1 checks are ok.\n")
    assert "NotImplementedError" not in ended.stdout


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("    return x[5]\n", "TypeError: 'int' object is not subscriptable (numnet/counts.py line 6)"),
        ("    raise NotImplementedError\n", "NotImplementedError: no message (numnet/counts.py line 6)"),
        ("    raise SystemExit(0)\n", "SystemExit: 0 (numnet/counts.py line 6)"),
        ("    return 2 x\n", "SyntaxError: invalid syntax (numnet/counts.py line 6)"),
        (
            "    return x\nimport torchless\n",
            "ModuleNotFoundError: No module named 'torchless' (numnet/counts.py line 7)",
        ),
    ],
)
def test_an_exception_is_shown_with_its_place(homework: Path, body: str, message: str) -> None:
    """Type, message, file and line, for each check that it spoils."""
    write(homework, body)

    ended = check(homework)

    assert ended.returncode == 1
    assert f"  error            Two becomes four, as in the lecture.\n                   {message}\n" in ended.stdout
    assert "A1  0 of 1 ok, 1 error\nG1  0 of " in ended.stdout


@pytest.mark.parametrize(
    ("claim", "word", "message"),
    [
        ("with pytest.raises(ValueError): double(2)", "wrong", "expected ValueError, but it returned"),
        ("assert [double(1)] * 99 == [0] * 99", "wrong", None),
        ("input()", "error", "OSError: input() waits for somebody to type, and checks have no keyboard"),
    ],
)
def test_the_words_are_ours(homework: Path, claim: str, word: str, message: str | None) -> None:
    """A missing exception is wrong, nobody can type, and no advice is about another command."""
    checks = CHECKS.replace('assert double(2) == 4, "double(2): expected 4"', claim)
    (homework / "tests/test_counts.py").write_text(checks, "utf-8")

    ended = check(homework, "A1")

    assert f"  {word:15}  Two becomes four, as in the lecture.\n" in ended.stdout
    assert message is None or f"\n                   {message}" in ended.stdout
    assert [advice for advice in ("DID NOT RAISE", "-v to", "-vv", "`-s`") if advice in ended.stdout] == []


QUANTITIES = '''\
import numpy as np
import pytest

from numnet.counts import double
from numnet.given.claim import agree, equal


@pytest.mark.problem("A1")
def test_doubles():
    """Arrays are doubled, too."""
    equal(double(3), 6, "double: of 3")
    agree({"a": double(np.ones(3)), "b": np.ones(20)}, {"a": np.full(3, 2.0), "b": np.ones(20)}, "double")
'''


def test_every_quantity_has_a_line_of_its_own(homework: Path) -> None:
    """Of a problem that is named, what was compared and how far off it is; a wrong one says where and what came."""
    (homework / "tests/test_counts.py").write_text(QUANTITIES, "utf-8")
    write(homework, "    return x + 3.0 if isinstance(x, np.ndarray) else 2 * x\n\n\nimport numpy as np\n")

    lines = [line.strip() for line in check(homework, "A1").stdout.splitlines()]

    assert lines[2:] == [
        "wrong            Arrays are doubled, too.",
        "ok     double: of 3 is right",
        "wrong  double: a is off by 1 of its largest magnitude at [0]",
        "expected [2. 2. 2.]",
        "got      [4. 4. 4.]",
        "ok     double: b is right: the largest error is 0",
        "",
        "A1  0 of 1 ok, 1 wrong",
        "0 of 1 checks are ok. python check.py -x PROBLEM shows the whole traceback.",
    ]


def test_quantities_that_are_right_are_not_shown_for_the_whole_homework(homework: Path) -> None:
    """`python check.py` has a line for each check."""
    (homework / "tests/test_counts.py").write_text(QUANTITIES, "utf-8")

    assert "largest error" not in check(homework).stdout
    assert "largest error" in check(homework, "A1").stdout


def test_a_wrong_quantity_is_explained_by_the_usual_slip(homework: Path) -> None:
    """The hint is in the docstring of the function that the quantity is named after."""
    (homework / "tests/test_counts.py").write_text(QUANTITIES, "utf-8")
    text = MODULE.replace('"""2 x."""', '"""2 x.\n\n    The usual slip: x + 2,\n    once. A good answer has 1 line."""')
    (homework / "numnet/counts.py").write_text(text.replace("return 2 * x", "return x + 2"), "utf-8")

    assert "                   hint   The usual slip: x + 2, once.\n" in check(homework).stdout


def test_points_in_reach_are_those_of_problems_that_are_all_ok(homework: Path) -> None:
    """Where points are known, each problem says what it is worth, and the last lines add up."""
    table = '[{}]\ntitle = "{}"\npoints = {}\nextra_credit = {}\n'
    problems = table.format("A1", "Doubling", 2.5, "false") + table.format("G1", "Any number", 1, "true")
    (homework / "problems.toml").write_text(problems, "utf-8")
    write(homework, "    return x + x if x != 2 else 5\n")

    ended = check(homework)

    assert "\nA1  Doubling: 2.5 points\n" in ended.stdout and "\nG1  Any number: 1 extra point\n" in ended.stdout
    assert "\n0 of 2.5 points in reach\n1 of 1 extra point in reach\n" in ended.stdout


def test_what_submit_refuses_is_said(homework: Path) -> None:
    """An answer that is right and cannot be handed in is told so in the last line."""
    write(homework, "    return 2 * x\n\n\ndef plot():\n    import matplotlib\n")

    ended = check(homework)

    assert ended.returncode == 0
    assert ended.stdout.endswith(
        "All 3 checks are ok. Hidden checks look further.\npython submit.py will refuse it: "
        "numnet/counts.py line 10: imports matplotlib; NumPy and the standard library are all it takes.\n"
    )


def test_a_reader_who_leaves_early_gets_no_traceback(homework: Path) -> None:
    """`python check.py | head -1` ends in silence."""
    command = [sys.executable, str(homework / "check.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as running:
        assert running.stdout and running.stderr
        running.stdout.close()

        assert running.stderr.read() == ""


def test_the_traceback_is_shown_when_asked_for(homework: Path) -> None:
    """-x shows the source lines and what was printed on the way."""
    write(homework, "    return x\n")

    ended = check(homework, "-x", "A1")

    assert "def test_two_becomes_four():" in ended.stdout
    assert "a line that a student printed" in ended.stdout
    assert "a line that a student printed" not in check(homework, "A1").stdout


def test_settings_around_the_homework_change_nothing(homework: Path) -> None:
    """Neither pytest's settings of a parent folder nor of the environment are used."""
    (homework.parent / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", "utf-8")

    ended = check(homework, PYTEST_ADDOPTS="--no-such-option", PYTEST_PLUGINS="no_such_plugin")
    (homework.parent / "pytest.ini").unlink()

    assert (ended.returncode, ended.stderr) == (0, "")


def test_colors_are_for_terminals(homework: Path) -> None:
    """A terminal gets colours unless NO_COLOR is set; a file never does."""
    pty = pytest.importorskip("pty")

    def shown(**environment: str) -> bytes:
        ours, theirs = pty.openpty()
        environment = {"TERM": "xterm", "NO_COLOR": ""} | environment
        subprocess.run([sys.executable, homework / "check.py"], stdout=theirs, env=os.environ | environment, check=True)
        os.close(theirs)
        return os.read(ours, 100_000)

    assert b"\033[32mok" in shown()
    assert b"\033" not in shown(NO_COLOR="1")
    assert "\033" not in check(homework, TERM="xterm", NO_COLOR="").stdout


def test_the_solution_passes_its_own_public_checks() -> None:
    """What students are shown as right is right."""
    ended = check(SOLUTION)

    assert ended.returncode == 0, ended.stdout
