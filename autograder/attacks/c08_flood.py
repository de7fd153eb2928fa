"""Writes 10 GB to the standard streams. They are null devices: nobody reads them, so nothing limits them.

row: C08
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def flood(*arguments, **named):
    """Write a lot, once."""
    page = bytes(2**20)
    for _ in range(5 * 2**10 if not flooded else 0):
        os.write(1, page)
        os.write(2, page)
    flooded.append(True)


flooded = []


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, flood))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
