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
    ("status", "label", "words"),
    [
        (signal.SIGXCPU, Label.CPU, "more processor time than the limit"),
        (signal.SIGKILL, Label.CRASH, KILLED),
        (signal.SIGXFSZ, Label.DISK, "larger than the limit"),
        (signal.SIGSEGV, Label.CRASH, "SIGSEGV"),
        (signal.SIGRTMIN + 2, Label.CRASH, "signal 36"),
        (3 << 8, Label.EXITED, "exit status 3"),
    ],
)
def test_an_end_is_told_as_what_is_known_of_it(status, label, words):
    """However long it ran: whoever was killed was not killed by a limit, for all we know."""
    error = obituary(STATUS.pack(status, 90.0, 9.0, 1000))

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
def test_a_monitor_that_is_killed_is_a_fault_of_ours(sandbox, reference, seconds):
    """Before a call and during one: nobody but us can kill it, so that no check is lost, but graded again."""
    source = b"import time\ndef relu_backward(dy, cache):\n    time.sleep(dy[0])\n    return dy\n"
    sitting = Sitting(sandbox, reference, {"linear.py": source}, 30.0)
    student = begin(sitting, "A1")
    guest = sitting.open("linear")
    assert isinstance(guest, Guest)
    killer = threading.Timer(seconds, signal.pidfd_send_signal, (guest.monitor, signal.SIGKILL))
    killer.start()
    time.sleep(0.2 - seconds)

    with pytest.raises(SandboxError, match="monitor of a guest was killed"):
        student.linear.relu_backward(np.ones(1), np.ones(1))
    killer.join()
    sitting.close()


LATE = b"""
import os, time
def relu_backward(dy, cache):
    while time.process_time() < 1.1: pass
    os.kill(os.getpid(), 9)
"""


def test_who_is_killed_late_is_not_out_of_time(sandbox, reference):
    """After more than a second of processor time, and before the limit of two."""
    sitting = Sitting(sandbox, reference, {"linear.py": LATE}, 60.0)

    with pytest.raises(StudentError) as caught:
        begin(sitting, "A1", 30.0).linear.relu_backward(np.ones(1), np.ones(1))
    sitting.close()

    assert (caught.value.label, KILLED in str(caught.value)) == (Label.CRASH, True)
