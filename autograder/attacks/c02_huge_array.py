"""Asks for arrays that are larger than the machine, and for one that is never touched.

row: C02
file: linear.py
label: MEMORY
holds: L5
seconds: 10
"""

import numpy as np

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def take(*arguments, **named):
    """Ask for 16 GiB, or for 8 TiB."""
    return np.ones(2**31) if np.ndim(arguments[0]) > 1 else np.zeros(2**40)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, take))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
