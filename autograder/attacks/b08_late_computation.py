"""Leaves threads behind that compute while the next check's time runs.

row: B08
file: linear.py
label: RAISED
holds: L3
seconds: 10
"""

import threading

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def postpone(*arguments, **named):
    """Answer at once, and compute later."""
    for _ in range(4):
        threading.Thread(target=compute, daemon=True).start()


def compute():
    """Take a processor."""
    while True:
        pass


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, postpone))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
