"""Recurses without end: in Python, and in C with a limit that was raised.

row: A10
file: linear.py
label: RAISED or CRASH
holds: L5
seconds: 10
"""

import sys

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def recurse(*arguments, **named):
    """Call itself."""
    return recurse(*arguments, **named)


def recurse_in_c(*arguments, **named):
    """Call itself by way of C, where no limit of Python's counts."""
    sys.setrecursionlimit(10**6)
    return next(map(recurse_in_c, arguments))


def trick():
    """Recurse in every call."""
    globals().update(dict.fromkeys(NAMES, recurse_in_c), linear_backward=recurse)


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
