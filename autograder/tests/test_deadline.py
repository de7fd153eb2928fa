"""A busy machine fails nobody: time in which a guest, or we, had no processor is not counted."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from autograder.errors import Label, StudentError
from autograder.sandbox import deadline
from autograder.sandbox.deadline import MOST, OURS, Deadline, waited
from autograder.sandbox.host import Sandbox
from autograder.sandbox.level import Layer
from autograder.sitting import Sitting
from autograder.tests.conftest import begin

BUSY = "while True: pass"


@pytest.fixture
def now(monkeypatch):
    """A clock that stands still: now[0] is the time. We ourselves never wait."""
    moment = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    monkeypatch.setattr(deadline, "OURS", "/nowhere")
    return moment


def test_time_on_the_processor_counts(now):
    """Whoever waits for nobody has the seconds that were given, and what we took ourselves."""
    end = Deadline(5.0)
    now[0] += 4.0

    assert end.left() == 1.0
    end.extend(0.5)
    assert end.left() == 1.5
    now[0] += 2.0
    assert end.left() == -0.5 and end.lost == 0.0


def test_waiting_for_a_processor_does_not_count(now):
    """From the moment on at which it is watched."""
    waits = [7.0]
    end = Deadline(5.0)
    end.watch(lambda: waits[0])
    waits[0] += 2.0
    now[0] += 6.0

    assert end.left() == 1.0 and end.lost == 2.0


def test_a_deadline_does_not_move_for_ever(now):
    """A guest may give its turn away as often as it likes."""
    waits = [0.0]
    end = Deadline(5.0)
    end.watch(lambda: waits[0])
    waits[0] = now[0] = 1000.0

    assert end.left() < 0 and end.lost == MOST * 5.0


@contextmanager
def _busy(processes: int) -> Iterator[None]:
    """Keep the one core that this process is on busy."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()
        os.sched_setaffinity(0, cores)


@pytest.mark.skipif(not waited(OURS), reason="this kernel does not say how long a process waited")
def test_a_slow_answer_on_a_busy_machine_is_in_time(given_files, reference, monkeypatch):
    """It computes for half of its time, and others have the processor for most of it; one that sleeps is still late."""
    monkeypatch.setattr(deadline, "MOST", 1000)  # however busy this one is
    slow = "import time\ndef relu_backward(dy, cache):\n    end = time.process_time() + 0.15\n"
    slow += "    while time.process_time() < end: pass\n    return dy\n"
    late = "import time\ndef relu_backward(dy, cache):\n    time.sleep(60)\n"
    with _busy(3), Sandbox(Layer.LIMITS, given_files) as sandbox:
        for source, label in ((slow, None), (late, Label.TIMEOUT)):
            sitting = Sitting(sandbox, reference, {"linear.py": source.encode()}, 30.0)
            student = begin(sitting, "A1", 0.3)
            try:
                answer = student.linear.relu_backward(np.ones(3), np.ones(3))
                assert label is None and answer.shape == (3,)
                assert sitting.deadline.lost > 0 and sitting.seconds == 30.0
            except StudentError as error:
                assert error.label is label
            finally:
                sitting.close()
