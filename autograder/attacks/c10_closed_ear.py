"""Makes its end of the wire small, and stops reading from it.

row: C10
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

import socket
import time

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def stop(*arguments, **named):
    """Hear nothing any more."""
    wire = socket.socket(fileno=3)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    time.sleep(1e9)


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, stop))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
