"""Starts a process that has no parent, no session and no end.

row: C05
file: linear.py
label: RAISED
holds: L3
seconds: 10
"""

import os
import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def haunt(*arguments, **named):
    """Stay after the end."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(1e9)
        os._exit(0)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, haunt))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
