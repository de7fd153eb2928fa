"""A training shows a bar to whoever sits at a terminal, and to nobody else."""

import os
import subprocess
import sys

import pytest

from autograder.tests.conftest import ROOT

TRAIN = """
import numpy as np
from numnet.sgd import fit
start = {"w": np.zeros(1)}
print(len(fit(lambda params, x: (0.0, start), start, (np.zeros(4),), np.random.default_rng(0), 5, 2, 0.1).losses))
"""


def train(**streams):
    """Train for five epochs in a process of its own."""
    command = [sys.executable, "-c", TRAIN]
    return subprocess.run(command, cwd=ROOT / "solution", stdout=subprocess.PIPE, encoding="utf-8", **streams)


def test_a_training_that_nobody_watches_prints_nothing():
    """Neither a file nor a pipe gets a bar."""
    ended = train(stderr=subprocess.PIPE)

    assert (ended.stdout, ended.stderr) == ("5\n", "")


def test_a_training_on_a_terminal_shows_how_far_it_is():
    """The bar counts epochs, and is gone afterwards."""
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))

    ended = train(stderr=theirs)
    os.close(theirs)

    assert ended.stdout == "5\n"
    assert b"epochs:" in os.read(ours, 100_000)
