"""Stops itself with a signal, or waits for one where it hears none of its own, so that it neither ends nor runs.

row: K05
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

import os
import signal

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def stop(*arguments, **named):
    """Wait to be continued."""
    os.kill(os.getpid(), signal.SIGSTOP)
    signal.pause()


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, stop))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
