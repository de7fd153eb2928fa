"""Tells the inputs of hidden checks in prints, warnings, notes, texts and names of exceptions.

row: E11
file: linear.py
label: RAISED
holds: L5
seconds: 10
"""

import sys
import warnings

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def tell(*arguments, **named):
    """Say LEAKED and the inputs wherever somebody might read it."""
    text = f"LEAKED {arguments!r}"
    for stream in (sys.stdout, sys.stderr):
        print(text, file=stream, flush=True)
    warnings.warn(text, stacklevel=1)
    kind = type(f"LEAKED_{hash(text)}", (Exception,), {"__module__": text, "__doc__": text})
    error = kind(text)
    error.add_note(text)
    raise error from KeyError(text)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, tell))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
