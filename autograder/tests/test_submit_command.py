"""`python submit.py` packs the same answer into the same bytes, or says in one sentence why not."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.submission import Entry, read_submission

SOLUTION = Path(__file__).parents[2] / "solution"


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    """Return a homework of one module, with the command that students run."""
    for folder in ("numnet/given", "tests"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(SOLUTION / "submit.py", tmp_path)
    put(tmp_path, "numnet/__init__.py", "")
    put(tmp_path, "numnet/conv.py", "import math\nimport numpy as np\nfrom numnet.given.data import *\n")
    put(tmp_path, "numnet/given/data.py", "import pooch\n")
    put(tmp_path, "tests/test_conv.py", "from numnet.conv import conv2d\nfrom numnet.given.gradcheck import near\n")
    return tmp_path


def put(homework: Path, name: str, text: str) -> None:
    """Write a file."""
    (homework / name).write_text(text, "utf-8")


def submit(homework: Path) -> subprocess.CompletedProcess[str]:
    """Run the command from somewhere else."""
    command = [sys.executable, str(homework / "submit.py")]
    return subprocess.run(command, cwd=homework.parent, capture_output=True, encoding="utf-8", check=False)


def test_the_students_own_modules_are_packed(homework: Path) -> None:
    """The zip is one that we read, and what is printed is its size and SHA-256."""
    ended = submit(homework)

    packed = (homework / "submission.zip").read_bytes()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert set(read_submission(Entry("ada", homework / "submission.zip")).files) == {"__init__.py", "conv.py"}
    assert f"submission.zip{len(packed):>19,} bytes   SHA-256 {hashlib.sha256(packed).hexdigest()}\n" in ended.stdout
    assert sorted(path.name for path in homework.iterdir()) == ["numnet", "submission.zip", "submit.py", "tests"]


def test_the_same_files_give_the_same_bytes(homework: Path) -> None:
    """Neither dates nor permissions nor an earlier zip leave a trace; another byte does."""
    submit(homework)
    first = (homework / "submission.zip").read_bytes()
    os.utime(homework / "numnet/conv.py", (0, 0))
    (homework / "numnet/conv.py").chmod(0o600)

    submit(homework)
    assert (homework / "submission.zip").read_bytes() == first
    put(homework, "numnet/conv.py", "import numpy\n")
    submit(homework)

    assert (homework / "submission.zip").read_bytes() != first


def test_what_is_not_written_is_counted(homework: Path) -> None:
    """A stub that is still there does not stop anybody, but it is said."""
    put(homework, "numnet/conv.py", 'def conv2d():\n    raise NotImplementedError("A2 conv2d: not written yet")\n')

    ended = submit(homework)

    assert ended.returncode == 0
    assert "bytes   1 not written yet\n" in ended.stdout


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import numpy\nimport torch\n", "numnet/conv.py line 2: imports torch; NumPy and the standard library are"),
        ("import matplotlib.pyplot\n", "numnet/conv.py line 1: imports matplotlib; NumPy and"),
        ("from scipy.signal import convolve\n", "numnet/conv.py line 1: imports scipy; NumPy and"),
        ("def f():\n    import os, sklearn.svm\n", "numnet/conv.py line 2: imports sklearn; NumPy and"),
        ("def f(:\n", "numnet/conv.py line 1: invalid syntax"),
        ("return 1\n", "numnet/conv.py line 1: 'return' outside function"),
        ("x = 1\0\n", "numnet/conv.py"),
        ("#" * (1 << 20) + "#", "numnet/conv.py is larger than 1 MiB"),
        (None, "numnet/conv.py is not there"),
    ],
)
def test_an_answer_that_cannot_be_graded_is_not_packed(homework: Path, text: str | None, sentence: str) -> None:
    """One clear sentence on stderr, exit code 2, and an earlier zip stays as it was."""
    put(homework, "submission.zip", "earlier")
    (homework / "numnet/conv.py").unlink()
    if text is not None:
        put(homework, "numnet/conv.py", text)

    ended = submit(homework)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"Nothing was packed: {sentence}") and ended.stderr.count("\n") == 1
    assert (homework / "submission.zip").read_text("utf-8") == "earlier"


def test_a_reader_who_leaves_early_gets_no_traceback(homework: Path) -> None:
    """`python submit.py | head -1` packs, and ends in silence."""
    command = [sys.executable, str(homework / "submit.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as running:
        assert running.stdout and running.stderr
        running.stdout.close()

        assert running.stderr.read() == ""
    assert (homework / "submission.zip").exists()


@pytest.mark.parametrize("text", ["from .linear import x\n", "from . import linear\n", "'\\d'\n"])
def test_an_honest_answer_is_packed(homework: Path, text: str) -> None:
    """Relative imports and a warning of the compiler are no reason to refuse."""
    put(homework, "numnet/conv.py", text)

    assert submit(homework).returncode == 0
