"""Stays in one call of LAPACK for half a minute, where no handler of Python's runs.

row: B04
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

import numpy as np

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def solve(*arguments, **named):
    """Look for the eigenvalues of a large matrix."""
    np.linalg.eigvals(np.arange(2000.0**2).reshape(2000, 2000) % 1999)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, solve))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
