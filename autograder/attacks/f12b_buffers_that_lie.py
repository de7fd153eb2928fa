"""Sends two arrays in one buffer, one in no buffer, and buffers that do not add up.

row: F12b
file: linear.py
label: PROTOCOL
holds: L5
seconds: 10
"""

import sys
import time

import numpy as np

from autograder.sandbox.guest.value import Array, Tuple
from autograder.sandbox.guest.wire import Done

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def under_way():
    """Return the worker that called us, and the call that it is to answer."""
    frame = sys._getframe()
    while not {"self", "call"} <= frame.f_locals.keys():
        frame = frame.f_back
    return frame.f_locals["self"], frame.f_locals["call"]


BUFFERS = (  # which ones the arrays of a pair lie in, and how large the buffers are said to be
    ((0, 0), [64]),
    ((0, 2), [64]),
    ((0, -1), [64]),
    ((0, 1), [128, -64]),
    ((0, 1), [32, 64]),
)


def send(indexes, sizes):
    """Answer with a pair of arrays."""
    worker, call = under_way()
    pair = Tuple([Array("f8", [8], index) for index in indexes])
    worker.line.send(Done([pair] * len(call.calls), [], [], False, sizes), worker.sequence, [np.zeros(8)])
    time.sleep(1e9)


def trick():
    """Send another of them in each function."""
    for name, buffers in zip(NAMES, BUFFERS, strict=True):
        globals()[name] = lambda *arguments, buffers=buffers, **named: send(*buffers)


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
