"""Loops without end.

row: B01
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def loop(*arguments, **named):
    """Never answer."""
    while True:
        pass


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, loop))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
