"""Raises an exception whose class has a name that is no text, and raises when somebody asks for it.

row: K01
file: linear.py
label: EXITED
holds: L5
seconds: 10
"""

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


class Nameless(type):
    """A class of classes without a name."""

    @property
    def __name__(cls):
        raise cls


class Unspeakable(Exception, metaclass=Nameless):
    """Cannot be named."""


def complain(*arguments, **named):
    """Raise what cannot be told. Our side of the guest fails over it, and the guest ends."""
    raise Unspeakable


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, complain))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
