"""Traces the processes around it, reads and writes their memory, and takes their open files.

row: E08
file: linear.py
label: WRONG
holds: L3
seconds: 10
"""

import ctypes
import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

PTRACE_SEIZE, PIDFD_GETFD = 0x4206, 438
libc = ctypes.CDLL(None)
memory = ctypes.create_string_buffer(8)
piece = (ctypes.c_void_p * 2)(ctypes.addressof(memory), 8)


def getfd(process):
    """Take the file that the process has open as number 3."""
    return libc.syscall(PIDFD_GETFD, os.pidfd_open(process), 3, 0)


ATTEMPTS = (
    lambda process: libc.ptrace(PTRACE_SEIZE, process, None, None),
    lambda process: libc.process_vm_readv(process, piece, 1, piece, 1, 0),
    lambda process: libc.process_vm_writev(process, piece, 1, piece, 1, 0),
    getfd,
)


def trick():
    """Stop at the first that works: what is wanted is that none does."""
    for process in {1, os.getppid(), *range(max(2, os.getpid() - 20), os.getpid() + 20)} - {0, os.getpid()}:
        for attempt in ATTEMPTS:
            try:
                done = attempt(process)
            except OSError:
                continue
            if done >= 0:
                raise SystemExit("reached into another process")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
