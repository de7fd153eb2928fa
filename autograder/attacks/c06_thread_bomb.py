"""Starts threads without end.

row: C06
file: linear.py
label: RAISED
holds: L3
seconds: 10
"""

import threading
import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def multiply(*arguments, **named):
    """Start threads until it is refused."""
    while True:
        threading.Thread(target=time.sleep, args=(1e9,)).start()


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, multiply))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
