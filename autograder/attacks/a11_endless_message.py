"""Raises an exception whose text is endless, enormous, or raises by itself.

row: A11
file: linear.py
label: RAISED
holds: L5
seconds: 10
"""

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


class Endless(Exception):
    """Never done telling."""

    def __str__(self):
        while True:
            pass

    __repr__ = __str__


class Enormous(Exception):
    """A gigabyte of text."""

    def __str__(self):
        return "x" * 2**30

    __repr__ = __str__


class Failing(Exception):
    """Cannot be told."""

    def __str__(self):
        raise Failing

    __repr__ = __str__


def complain(*arguments, **named):
    """Raise one after the other."""
    kinds.append(kinds.pop(0))
    raise kinds[0]()


kinds = [Endless, Enormous, Failing]


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, complain))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
