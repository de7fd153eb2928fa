"""Calls sys.exit() when it is imported, which ends a test runner that imports it.

row: A04
file: linear.py
label: RAISED
holds: L5
seconds: 10
"""

import sys

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def trick():
    """Ask the interpreter to end."""
    sys.exit()


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
