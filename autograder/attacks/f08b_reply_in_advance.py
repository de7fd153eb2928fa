"""Answers calls that were not made yet, with the numbers that they will have.

row: F08b
file: linear.py
label: WRONG or PROTOCOL
holds: L5
seconds: 10
"""

import sys

from autograder.sandbox.guest.wire import Done

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def under_way():
    """Return the worker that called us, and the call that it is to answer."""
    frame = sys._getframe()
    while not {"self", "call"} <= frame.f_locals.keys():
        frame = frame.f_back
    return frame.f_locals["self"], frame.f_locals["call"]


def answer_in_advance(*arguments, **named):
    """Send replies to this call and to the next hundred."""
    worker, call = under_way()
    for later in range(100):
        worker.line.send(Done([True] * len(call.calls), [], [], False, []), worker.sequence + later)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, answer_in_advance))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
