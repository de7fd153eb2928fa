"""Sends arrays of bool whose bytes are 7, which NumPy takes for more than true.

row: F12c
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import sys

import numpy as np

from autograder.sandbox.guest.value import Array, Tuple
from autograder.sandbox.guest.wire import Call, Done

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def under_way():
    """Return the worker that called us, and the call that it is to answer."""
    frame = sys._getframe()
    while not {"self", "call"} <= frame.f_locals.keys():
        frame = frame.f_back
    return frame.f_locals["self"], frame.f_locals["call"]


def serve(*arguments, **named):
    """Take the place of the worker, and answer with pairs of them."""
    worker, call = under_way()
    sequence = worker.sequence
    while True:
        answer(worker.line, sequence, len(call.calls))
        call, _, sequence = worker.line.receive([Call], None)


def answer(line, sequence, calls):
    """Send a pair for every call, each array in a buffer of its own."""
    arrays = [Array("?", [8], index) for index in range(2 * calls)]
    pairs = [Tuple(arrays[index : index + 2]) for index in range(0, len(arrays), 2)]
    sizes = [8] * len(arrays)
    line.send(Done(pairs, [], [], False, sizes), sequence, [np.full(8, 7, np.uint8)] * len(arrays))


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, serve))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
