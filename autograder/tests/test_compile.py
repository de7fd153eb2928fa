"""A submission is compiled once, by its first guest, before any of it runs; where that fails nothing is lost."""

import marshal

import numpy as np
import pytest

from autograder.errors import StudentError
from autograder.sandbox import host
from autograder.sitting import Sitting
from autograder.tests.conftest import begin

MEDDLER = b"""
import marshal
dumps, other = marshal.dumps, compile("def relu_backward(dy, cache):\\n    return None", "other", "exec")
marshal.dumps = lambda code: dumps(other)
def relu_backward(dy, cache):
    return dy
"""


def test_later_guests_run_what_the_first_one_compiled(sandbox, reference):
    """They do not compile it again: what lies in the place of the codes is what they run."""
    files = {"linear.py": b"def relu_backward(dy, cache):\n    return dy\n"}
    sitting = Sitting(sandbox, reference, files, 30.0)
    assert begin(sitting, "A1").linear.relu_backward(np.ones(3), np.ones(3)).sum() == 3
    twice = compile("def relu_backward(dy, cache):\n    return 2 * dy\n", "twice", "exec")
    sandbox._codes["numnet.linear"] = marshal.dumps(twice)

    assert begin(sitting, "A2").linear.relu_backward(np.ones(3), np.ones(3)).sum() == 6
    sitting.close()


def test_what_is_compiled_once_is_compiled_before_anything_runs(sandbox, reference):
    """Later guests get the codes of the first one as they were when none of the student's lines had run."""
    files = {
        "linear.py": MEDDLER,
        "conv.py": b"def conv_output_size(size, kernel, stride, padding):\n    return size\n",
    }
    sitting = Sitting(sandbox, reference, files, 30.0)
    for problem in ("A1", "A2", "A3"):
        student = begin(sitting, problem)
        assert student.linear.relu_backward(np.ones(3), np.ones(3)).shape == (3,)
    assert begin(sitting, "A4").conv.conv_output_size(7, 3, 1, 0) == 7
    sitting.close()


def test_a_file_that_does_not_compile_costs_no_other(sandbox, reference):
    """It is told when it is asked for, with its place, whichever guest is asked."""
    files = {"linear.py": b"def relu_backward(dy, cache):\n    return dy\n", "conv.py": b"def x(:\n"}
    sitting = Sitting(sandbox, reference, files, 30.0)
    for problem in ("A1", "A2"):
        student = begin(sitting, problem)
        assert student.linear.relu_backward(np.ones(3), np.ones(3)).shape == (3,)
        with pytest.raises(StudentError, match=r"conv\.py line 1 does not compile"):
            student.conv.conv_output_size(7, 3, 1, 0)
    sitting.close()


@pytest.mark.parametrize("what", ["COMPILE_SECONDS", "MAX_META_BYTES"])
def test_files_that_cannot_be_compiled_ahead_are_compiled_when_they_are_asked_for(
    sandbox, reference, monkeypatch, what
):
    """For want of time, or because too much comes of it: the guest that tried is replaced, and no time is lost."""
    if what == "COMPILE_SECONDS":
        monkeypatch.setattr(host, what, 0.0)
    source = b"TEXT = " + repr("x" * (2**21 if what == "MAX_META_BYTES" else 1)).encode()
    files = {"linear.py": source + b"\ndef relu_backward(dy, cache):\n    return dy\n"}
    sitting = Sitting(sandbox, reference, files, 30.0)
    for problem in ("A1", "A2"):
        assert begin(sitting, problem).linear.relu_backward(np.ones(3), np.ones(3)).shape == (3,)
    sitting.close()
