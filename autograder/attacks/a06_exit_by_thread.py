"""Starts a thread that ends the process with status 0 while a check runs.

row: A06
file: linear.py
label: RAISED
holds: L5
seconds: 10
unwalled: EXITED
"""

import os
import threading
import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def leave(*arguments, **named):
    """Let somebody else end the process, a little later."""
    threading.Timer(0.02, os._exit, (0,)).start()
    time.sleep(1)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, leave))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
