"""Sends arrays whose shape overflows, is negative or enormous and empty, or whose dtype is an object.

row: F12a
file: linear.py
label: PROTOCOL
holds: L5
seconds: 10
"""

import sys
import time

import numpy as np

from autograder.sandbox.guest.value import Array
from autograder.sandbox.guest.wire import Done

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def under_way():
    """Return the worker that called us, and the call that it is to answer."""
    frame = sys._getframe()
    while not {"self", "call"} <= frame.f_locals.keys():
        frame = frame.f_back
    return frame.f_locals["self"], frame.f_locals["call"]


ARRAYS = (
    Array("f8", [2**32, 2**32], 0),  # 2^67 bytes, which are 0 where a product overflows
    Array("f8", [-1, -8], 0),
    Array("f8", [0, 2**39], 0),
    Array("f8", [1] * 17, 0),
    Array("O", [8], 0),
)


def send(array):
    """Answer with an array that has 64 bytes, or none."""
    worker, call = under_way()
    body = np.zeros(0 if 0 in array.shape or 2**32 in array.shape else 64, np.uint8)
    worker.line.send(Done([array] * len(call.calls), [], [], False, [body.size]), worker.sequence, [body])
    time.sleep(1e9)


def trick():
    """Send another of them in each function."""
    for name, array in zip(NAMES, ARRAYS, strict=True):
        globals()[name] = lambda *arguments, array=array, **named: send(array)


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
