"""Raises the limit for core dumps, takes memory, and crashes.

row: C11
file: linear.py
label: CRASH
holds: L5
seconds: 10
"""

import os
import resource

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def dump(*arguments, **named):
    """Leave a large file behind."""
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        pass
    ballast = bytearray(2**25)
    os.abort()
    return ballast


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, dump))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
