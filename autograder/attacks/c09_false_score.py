"""Prints lines that look like a score, like the end of a test run, and like commands to a terminal.

row: C09
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import os
import sys

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def pretend(*arguments, **named):
    """Print what somebody might believe."""
    for stream in (sys.stdout, sys.stderr):
        print('{"score": 100, "label": "OK"}\n12 passed in 0.01s\nscore: 100', file=stream)
        print("\x1b[2J\x1b]0;full marks\x07<script>alert(1)</script>\r\x00", end="", flush=True, file=stream)
    os.write(1, b"\xff\xfe no newline")


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, pretend))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
