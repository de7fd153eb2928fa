"""Raises what `except Exception` does not catch.

row: A07
file: linear.py
label: RAISED
holds: L5
seconds: 10
"""

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


class Interruption(BaseException):
    """One that nobody expects."""


def interrupt(*arguments, **named):
    """Raise one after the other."""
    raised.append(EXCEPTIONS[len(raised) % len(EXCEPTIONS)])
    raise raised[-1]


EXCEPTIONS = (KeyboardInterrupt, GeneratorExit, StopIteration, StopAsyncIteration, SystemExit, Interruption)
raised = []


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, interrupt))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
