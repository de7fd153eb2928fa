"""Raises from fifty thousand calls deep, so that telling where takes long.

row: K07
file: linear.py
label: RAISED or CRASH or MEMORY
holds: L5
seconds: 10
"""

import sys

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def dig(*arguments, **named):
    """Raise from below."""
    sys.setrecursionlimit(10**6)
    descend(50_000)


def descend(depth):
    """Go down by one."""
    return descend(depth - 1) if depth else 1 / 0


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, dig))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
