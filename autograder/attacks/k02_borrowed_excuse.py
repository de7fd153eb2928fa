"""Raises our own exception for what went wrong, with excuses of its own choice.

row: K02
file: linear.py
label: FORBIDDEN or MISSING or WRONG or SYNTAX
holds: L5
seconds: 10
"""

import sys

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


EXCUSES = (("import", "torch"), ("file", "conv.py"), ("first", "tuple"), ("syntax", "\x1b[2J<script>"))


def excuse(*arguments, **named):
    """Say that it was something else."""
    worker = sys.modules["autograder.sandbox.guest.worker"]
    EXCUSED.append(EXCUSES[len(EXCUSED) % len(EXCUSES)])
    raise worker.NoAnswer(*EXCUSED[-1])


EXCUSED = []


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, excuse))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
