"""Puts functions of its own in the place of the worker's: none of them looks at an argument, or fails.

row: F13b
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import sys

from autograder.sandbox.guest import wire, worker

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def answer(self, call, body):
    """Answer every call with a one."""
    return wire.Done([1.0] * len(call.calls), [], [], False, []), []


def succeed(error):
    """Say of a failure that it was an answer."""
    return wire.Done([1.0], [], [], False, [])


def trick():
    """Replace them in the class, in the module, and in the functions that look."""
    worker.Worker._answer, worker._describe = answer, succeed
    worker.Watch.after = worker.Watch.before = lambda *arguments: None
    sys.modules["autograder.sandbox.guest.worker"] = sys.modules["autograder.sandbox.guest.wire"] = None


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
