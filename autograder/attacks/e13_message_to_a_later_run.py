"""Leaves a message for a later run: in files, their times, shared memory, queues, keys and locks.

row: E13
file: linear.py
label: WRONG
holds: L3
seconds: 10
"""

import ctypes
import fcntl
import os

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

SHMGET, MSGGET, ADD_KEY, MQ_OPEN = range(4)
SYSTEM_CALLS = {"x86_64": (29, 68, 248, 240), "aarch64": (194, 186, 217, 180)}
libc = ctypes.CDLL(None)


def call(place, *arguments):
    """Make one of the system calls; raise if it is refused."""
    if libc.syscall(SYSTEM_CALLS[os.uname().machine][place], *arguments) < 0:
        raise OSError


ATTEMPTS = (
    *(lambda folder=folder: os.mkdir(f"{folder}/message") for folder in (".", "/tmp", "/var/tmp", "/dev/shm", "/run")),
    *(lambda path=path: os.utime(path) for path in (os.__file__, os.path.dirname(os.__file__), "/dev/null", "/")),
    lambda: os.setxattr(os.__file__, "user.message", b"x"),
    lambda: os.mkfifo("/tmp/message"),
    lambda: call(SHMGET, 1, 4096, 0o1600),
    lambda: call(MSGGET, 1, 0o1600),
    lambda: call(ADD_KEY, b"user", b"message", b"x", 1, -4),
    lambda: call(MQ_OPEN, b"message", os.O_CREAT | os.O_RDWR, 0o600, None),
    lambda: fcntl.flock(1, fcntl.LOCK_EX | fcntl.LOCK_NB),
    lambda: fcntl.lockf(1, fcntl.LOCK_EX | fcntl.LOCK_NB),
    lambda: fcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB),
)


def trick():
    """Stop at the first that can be left: what is wanted is that none can."""
    for attempt in ATTEMPTS:
        try:
            attempt()
        except OSError:
            continue
        raise SystemExit("left a message")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
