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
    for folder in ("numnet", "tests"):
        (tmp_path / folder).mkdir()
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
    assert ended.stdout.endswith("A1  0 of 1 ok, 1 not written yet\n0 of 1 checks are ok.\n")
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
