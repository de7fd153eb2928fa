"""Watches the standard library, to see which files of it the submissions beside this one open.

row: E18
file: linear.py
label: WRONG
holds: L3
seconds: 10
"""

import ctypes
import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

IN_OPEN = 0x20
INIT1, ADD_WATCH = {"x86_64": (294, 254), "aarch64": (26, 27)}[os.uname().machine]
libc = ctypes.CDLL(None)


def trick():
    """Try to: what is wanted is that it cannot."""
    watch = libc.syscall(INIT1, os.O_NONBLOCK)
    if libc.syscall(ADD_WATCH, watch, os.path.dirname(os.__file__).encode(), IN_OPEN) >= 0:
        raise SystemExit("sees what others open")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
