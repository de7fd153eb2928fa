"""Sends a reply of its own before the one of the worker, which is in the queue when the next call comes.

row: F08a
file: linear.py
label: PROTOCOL or WRONG
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


def answer_twice(*arguments, **named):
    """Send one reply; when we return, the worker sends another."""
    worker, call = under_way()
    if len(call.calls) == 1:  # so that the second fits the next call in all but its number
        worker.line.send(Done([True], [], [], False, []), worker.sequence)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, answer_twice))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
