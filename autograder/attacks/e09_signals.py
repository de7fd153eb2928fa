"""Signals its parents, its group and everybody, in every way there is.

row: E09
file: linear.py
label: WRONG
holds: L3
seconds: 10
"""

import ctypes
import fcntl
import os
import signal

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

IGNORED = signal.SIGURG  # nobody is harmed if it arrives: what counts is whether it may be sent
SYSTEM_CALLS = {"x86_64": (200, 234, 129, 297), "aarch64": (130, 131, 138, 240)}  # tkill, tgkill, (tg)sigqueueinfo
libc = ctypes.CDLL(None)


def own(process):
    """Let the wire send the signal, whenever something arrives."""
    fcntl.fcntl(3, 10, IGNORED)  # F_SETSIG
    fcntl.fcntl(3, fcntl.F_SETOWN, process)


def call(place, *arguments):
    """Make one of the system calls; raise if it is refused."""
    if libc.syscall(SYSTEM_CALLS[os.uname().machine][place], *arguments) < 0:
        raise OSError


INFORMATION = ctypes.create_string_buffer(128)
ATTEMPTS = (
    lambda process: os.kill(process, IGNORED),
    lambda process: os.killpg(os.getpgid(process), IGNORED),
    lambda process: signal.pidfd_send_signal(os.pidfd_open(process), IGNORED),
    lambda process: call(0, process, IGNORED),
    lambda process: call(1, process, process, IGNORED),
    lambda process: call(2, process, IGNORED, INFORMATION),
    lambda process: call(3, process, process, IGNORED, INFORMATION),
    own,
)


def trick():
    """Stop at the first that works: what is wanted is that none does."""
    for process in {os.getppid(), 1, -1, -os.getppid()} - {os.getpid()}:
        for attempt in ATTEMPTS:
            try:
                attempt(process)
            except (OSError, OverflowError):
                continue
            raise SystemExit("sent a signal")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
