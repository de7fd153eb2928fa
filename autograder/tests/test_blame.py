"""Why there is no answer: only what is known is told, and whoever chooses an excuse chooses none that is ours."""

import signal
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import Label, SandboxError, StudentError
from autograder.model import Outcome
from autograder.sandbox.blame import KILLED, blame, obituary
from autograder.sandbox.guest.wire import Failed
from autograder.sandbox.host import Guest
from autograder.sandbox.zygote import STATUS
from autograder.scale import was_killed
from autograder.scoring import Verdict
from autograder.sitting import Sitting
from autograder.tests.conftest import begin
from autograder.tests.sample import make_report

NOT_THEIRS = {Label.OK, Label.NOT_CHOSEN, Label.BAD_ARCHIVE, Label.GRADER_ERROR}  # no guest can end like this
WORDS = st.text(max_size=250) | st.sampled_from(["MemoryError", "torch", "numnet/conv.py", "numnet/conv.py:3", "OK"])
STAGES = st.sampled_from(["not written", "file", "lookup", "import", "syntax", "first", "answer", "call", ""]) | WORDS


@pytest.mark.parametrize(
    ("status", "is_up", "label", "words"),
    [
        (signal.SIGXCPU, True, Label.CPU, "more processor time than the limit"),
        (signal.SIGKILL, True, Label.CPU, "more processor time than the limit"),
        (signal.SIGKILL, False, Label.CRASH, KILLED),
        (signal.SIGXFSZ, True, Label.DISK, "larger than the limit"),
        (signal.SIGSEGV, True, Label.CRASH, "SIGSEGV"),
        (signal.SIGRTMIN + 2, False, Label.CRASH, "signal 36"),
        (3 << 8, True, Label.EXITED, "exit status 3"),
    ],
)
def test_an_end_is_told_as_what_is_known_of_it(status, is_up, label, words):
    """Who was killed before its processor time was used up was not killed by a limit."""
    error = obituary(STATUS.pack(status, is_up))

    assert error.label is label
    assert words in str(error)


@pytest.mark.parametrize(("message", "again"), [(KILLED, True), (f"f: {KILLED}", True), ("f: SIGKILL", False)])
def test_who_was_killed_is_graded_once_more(message, again):
    """It may have been the machine; a name that a student chose is no reason."""
    report = make_report({"test_one": Verdict(Outcome.FAILED, Label.CRASH, message)})

    assert was_killed(report) is again


@given(st.builds(Failed, STAGES, WORDS, WORDS, WORDS, st.integers(-(2**63), 2**64 - 1)))
def test_no_excuse_is_a_fault_of_ours(failed):
    """Whatever a guest says of its failure, it is a failure of the student's, in one plain line."""
    error = blame(failed)

    assert type(error) is StudentError and error.label not in NOT_THEIRS
    assert str(error).isprintable() and len(str(error)) < 300


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_a_zygote_that_is_killed_is_a_fault_of_ours(sandbox, reference, seconds):
    """Before a call and during one: its guests end with it, and nobody loses a check for it, but is graded again."""
    source = b"import time\ndef relu_backward(dy, cache):\n    time.sleep(dy[0])\n    return dy\n"
    sitting = Sitting(sandbox, reference, {"linear.py": source}, 30.0)
    student = begin(sitting, "A1")
    sitting.open("linear")
    killer = threading.Timer(seconds, sandbox.process.kill)
    killer.start()
    time.sleep(0.2 - seconds)

    with pytest.raises(SandboxError, match="zygote is gone"):
        student.linear.relu_backward(np.ones(1), np.ones(1))
    killer.join()
    sitting.close()
    sandbox.restart()


LATE = b"""
import time
def relu_backward(dy, cache):
    while time.process_time() < 1.5: pass
"""


def test_who_is_killed_late_is_not_out_of_time(sandbox, reference):
    """After more than a second of processor time, and before the limit of two."""
    sitting = Sitting(sandbox, reference, {"linear.py": LATE}, 60.0)
    student = begin(sitting, "A1", 30.0)
    guest = sitting.open("linear")
    assert isinstance(guest, Guest)
    killer = threading.Timer(1.1, signal.pidfd_send_signal, (guest.process.pidfd, signal.SIGKILL))
    killer.start()

    with pytest.raises(StudentError) as caught:
        student.linear.relu_backward(np.ones(1), np.ones(1))
    killer.join()
    sitting.close()

    assert (caught.value.label, KILLED in str(caught.value)) == (Label.CRASH, True)
