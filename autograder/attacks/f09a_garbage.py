"""Sends bytes that are no message: noise, text, a pickle, zeros, and more than a header.

row: F09a
file: linear.py
label: PROTOCOL
holds: L5
seconds: 10
"""

import os
import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

GARBAGE = (
    bytes(range(255, 200, -1)),
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n100",
    b"cos\n_exit\n(I0\ntR.".ljust(24, b"."),
    bytes(24),
    b"WALL" * 1000,
)


def spoil(garbage):
    """Send it, and wait to be ended."""
    os.write(3, garbage)
    time.sleep(1e9)


def trick():
    """Send another kind in each function."""
    for name, garbage in zip(NAMES, GARBAGE, strict=True):
        globals()[name] = lambda *arguments, garbage=garbage, **named: spoil(garbage)


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
