"""Crashes the process: by abort, by reading address 0, by a signal to itself.

The first process of a namespace does not hear what it sends to itself.

row: A09
file: linear.py
label: CRASH or WRONG
holds: L5
seconds: 10
"""

import ctypes
import os
import signal

import numpy as np

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def crash(*arguments, **named):
    """Crash in a way that the arguments choose."""
    ways = (os.abort, lambda: ctypes.string_at(0), lambda: os.kill(os.getpid(), signal.SIGKILL))
    ways[len(arguments[0]) % len(ways) if np.ndim(arguments[0]) else 0]()


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, crash))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
