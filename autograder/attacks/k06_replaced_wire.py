"""Puts the null device in the place of the wire, so that replies go nowhere.

row: K06
file: linear.py
label: EXITED or WRONG
holds: L5
seconds: 10
"""

import os
import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def replace(*arguments, **named):
    """Answer into nothing."""
    os.dup2(1, 3)
    time.sleep(1e9)


def trick():
    """Do it in one function: our side waits half a second for the last words of a guest that hangs up and lives on."""
    globals().update(relu_forward=replace)


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
