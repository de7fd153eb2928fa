"""Looks for secrets among open files and in the environment, which a process has from its parent.

row: E05
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import ctypes
import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

HARMLESS = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "LC_CTYPE"}
SECRETS = (b"AUTOGRADER_SECRET", b"PATH", b"HOME", b"USER", b"PWD", b"SSH_AUTH_SOCK")


def is_open(descriptor):
    """Say whether something was left open under this number."""
    try:
        return bool(os.fstat(descriptor))
    except OSError:
        return False


def trick():
    """Stop at anything that is ours: what is wanted is that nothing is."""
    getenv = ctypes.CDLL(None).getenv
    if set(os.environ) - HARMLESS or any(getenv(name) for name in SECRETS):
        raise SystemExit("inherited a variable")
    if any(map(is_open, range(4, 1024))):
        raise SystemExit("inherited a file")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
