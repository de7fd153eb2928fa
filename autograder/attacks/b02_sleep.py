"""Sleeps for thirty years, and so uses no processor time.

row: B02
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def sleep(*arguments, **named):
    """Never answer."""
    time.sleep(1e9)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, sleep))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
