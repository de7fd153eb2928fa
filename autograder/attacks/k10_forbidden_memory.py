"""Answers with an array whose memory nobody may read, not even the system when it sends it.

row: K10
file: linear.py
label: EXITED or CRASH
holds: L5
seconds: 10
"""

import ctypes
import mmap

import numpy as np

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def lock(*arguments, **named):
    """Return an array, and take its memory away."""
    memory = mmap.mmap(-1, 2**20)
    array = np.frombuffer(memory, dtype=float)
    kept.append(memory)
    ctypes.CDLL(None).mprotect(ctypes.c_void_p(array.ctypes.data), ctypes.c_size_t(2**20), 0)
    return array


kept = []


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, lock))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
