"""Blocks and ignores every signal, then loops.

row: B03
file: linear.py
label: TIMEOUT
holds: L5
seconds: 10
"""

import signal

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def ignore(*arguments, **named):
    """Hear nothing, and never answer."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, ignore))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
