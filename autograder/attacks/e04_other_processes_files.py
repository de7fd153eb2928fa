"""Reads the environment, the command, the memory and the open files of every other process in /proc.

row: E04
file: linear.py
label: WRONG
holds: L3
seconds: 10
"""

import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

PARTS = ("environ", "cmdline", "maps", "mem", "fd/0", "fd/3", "root/etc/passwd", "cwd/assignment.toml")


def trick():
    """Stop at the first that can be read: what is wanted is that none can."""
    for process in {1, os.getppid(), *range(max(2, os.getpid() - 20), os.getpid() + 20)} - {0, os.getpid()}:
        for part in PARTS:
            try:
                open(f"/proc/{process}/{part}", "rb").read(1)
            except OSError:
                continue
            raise SystemExit("read the file of another process")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
