"""Leaves a thread and a handler behind that keep the interpreter from ending.

row: B07
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import atexit
import threading
import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def trick():
    """Never end."""
    atexit.register(time.sleep, 1e9)
    try:
        threading.Thread(target=time.sleep, args=(1e9,), daemon=False).start()
    except RuntimeError:
        pass  # there are no threads here


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
