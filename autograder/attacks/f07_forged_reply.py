"""Finds its descriptor, answers this call and all later ones by itself, and says that all was well.

row: F07
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import socket
import sys

from autograder.sandbox.guest.wire import Call, Done, Line

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def under_way():
    """Return the worker that called us, and the call that it is to answer."""
    frame = sys._getframe()
    while not {"self", "call"} <= frame.f_locals.keys():
        frame = frame.f_back
    return frame.f_locals["self"], frame.f_locals["call"]


def forge(*arguments, **named):
    """Take the place of the worker."""
    worker, call = under_way()
    line, sequence = Line(socket.socket(fileno=3), max_meta_bytes=2**31), worker.sequence
    while True:
        line.send(Done([True] * len(call.calls), [], [], False, []), sequence)
        call, _, sequence = line.receive([Call], None)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, forge))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
