"""Answers with a dict of two thousand keys that have one hash, which takes quadratic time to build.

row: K04
file: linear.py
label: PROTOCOL
holds: L5
seconds: 10
"""

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def collide(*arguments, **named):
    """Return what is slow to read."""
    if not made:
        made.update((key * (2**61 - 1), None) for key in range(2000))
    return made


made = {}


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, collide))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
