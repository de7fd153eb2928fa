"""Catches whatever would end its loop: timeouts by signal, KeyboardInterrupt and SystemExit.

row: A08
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def stay(*arguments, **named):
    """Go on, whatever happens."""
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, stay))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
