"""Warns without end, and turns warnings into errors for whoever comes next.

row: K08
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import warnings

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def warn(*arguments, **named):
    """Warn a lot."""
    warnings.simplefilter("always")
    for number in range(1000):
        warnings.warn(f"\x1b[31m{number}", stacklevel=1)
    warnings.simplefilter("error")


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, warn))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
