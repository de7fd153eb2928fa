"""Answers with arrays that hide their entries: masked ones, matrices, and texts of characters.

row: K09
file: linear.py
label: WRONG or UNSUPPORTED
holds: L5
seconds: 10
"""

import numpy as np

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def hide(*arguments, **named):
    """Return one after the other."""
    kinds.append(kinds.pop(0))
    return kinds[0](np.zeros((2, 2)))


kinds = [lambda array: np.ma.masked_all_like(array), np.matrix, np.char.array]


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, hide))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
