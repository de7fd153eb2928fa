"""Loops when it is imported. That is tried once, not in every check.

row: B06
file: linear.py
label: TIMEOUT
holds: L5
seconds: 3
"""

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def trick():
    """Never be imported."""
    while True:
        pass


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
