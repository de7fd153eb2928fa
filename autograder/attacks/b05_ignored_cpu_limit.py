"""Ignores the signal for too much processor time. The clock of the check ends it first.

row: B05
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

import signal

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def loop(*arguments, **named):
    """Ignore the warning, and compute on."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, loop))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
