"""Sends its reply byte by byte, each in time.

row: B09
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

import os
import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def drip(*arguments, **named):
    """Send the beginning of a reply, slowly."""
    for byte in b"WALL\x01" + bytes(1000):
        os.write(3, bytes([byte]))
        time.sleep(0.05)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, drip))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
