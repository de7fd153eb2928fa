"""The pool of workers: results come back, errors are told, faults of ours get a second chance, and nobody stays."""

import os
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.errors import AssignmentError, SandboxError
from autograder.pool import ENDED, Pool
from autograder.soak.family import members, wait_for_the_end

LONG = """
import time
from autograder.pool import Pool
if __name__ == "__main__":
    pool = Pool(print, [(), ()])
    futures = [pool.submit(time.sleep, 600) for _ in range(2)]
    print("ready", flush=True)
    time.sleep(600)
"""


@contextmanager
def pool(workers=1):
    """Give a pool, and end it."""
    made = Pool(os.getpid, [()] * workers)
    yield made
    made.shutdown(cancel_futures=True)


def raise_ours():
    """Find a mistake in the assignment."""
    raise AssignmentError("the assignment is wrong")


def raise_unexpected():
    """Be a bug."""
    raise KeyError("nobody thought of this")


def die_once(mark):
    """End the process, but not the second time."""
    if not Path(mark).exists():
        Path(mark).touch()
        os._exit(9)
    return os.getpid()


def test_results_come_from_other_processes():
    """Each worker is one process, which is kept."""
    with pool() as made:
        first, second = made.submit(os.getpid).result(), made.submit(os.getpid).result()

    assert first == second != os.getpid()
    assert made.replaced == 0


def test_a_worker_that_ends_is_replaced_once(tmp_path):
    """The same call is made again in another process; if that ends, too, the error says so."""
    with pool() as made:
        survived = made.submit(die_once, str(tmp_path / "mark")).result()
        lost = made.submit(os._exit, 9).exception()
        after = made.submit(os.getpid).result()

    assert survived != after
    assert isinstance(lost, SandboxError) and str(lost) == ENDED
    assert made.replaced == 3


def test_errors_are_told_as_they_are_meant():
    """One that we raise on purpose comes as it is, at once; a bug is a fault of ours, and tried twice."""
    with pool() as made:
        ours, bug = made.submit(raise_ours).exception(), made.submit(raise_unexpected).exception()

    assert isinstance(ours, AssignmentError) and str(ours) == "the assignment is wrong"
    assert isinstance(bug, SandboxError) and "KeyError" in str(bug)
    assert made.replaced == 2


def test_a_pool_that_is_stopped_waits_for_nobody():
    """What is under way ends, what waits is cancelled, and it takes no time."""
    with pool() as made:
        futures = [made.submit(time.sleep, 600) for _ in range(3)]
        while not futures[0].running():
            time.sleep(0.01)

    assert isinstance(futures[0].exception(), SandboxError)
    with pytest.raises(CancelledError):
        futures[2].result(timeout=0)


def test_a_block_ends_with_its_work_or_with_its_error():
    """What was submitted is done when the block ends; after an error in it nothing is."""
    with Pool(os.getpid, [()]) as made:
        done = made.submit(os.getpid)
    with pytest.raises(KeyboardInterrupt), Pool(os.getpid, [()]) as made:
        undone = made.submit(time.sleep, 20)
        while not undone.running():
            time.sleep(0.01)
        raise KeyboardInterrupt

    assert done.result(timeout=0) != os.getpid()
    assert isinstance(undone.exception(timeout=0), SandboxError)


def test_workers_in_the_middle_of_something_end_with_the_grader(tmp_path):
    """When the process that made the pool is killed, nothing of it stays."""
    script = tmp_path / "long.py"
    script.write_text(LONG, "utf-8")
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, start_new_session=True)
    with process:
        assert process.stdout
        process.stdout.readline()
        while len(members(process.pid)) < 4:  # with the one that multiprocessing has of its own
            time.sleep(0.05)
        time.sleep(1)  # they are in the middle of it
        process.kill()

    assert wait_for_the_end(process.pid, seconds=10) == []
