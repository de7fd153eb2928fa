"""Try what a hostile submission would try, and tell what got through.

Runs in a guest, in place of the worker, before a level of the wall is believed. Each attempt belongs to one layer and
is done for real: a return code of the kernel's at set-up proves nothing.
"""

import ctypes
import errno
import fcntl
import os
import resource
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

PR_SET_PDEATHSIG = 1
PTRACE_SEIZE = 0x4206  # attaches without stopping
SYS_MEMFD_CREATE = {"x86_64": 319, "aarch64": 279}
SYS_SHMGET = {"x86_64": 29, "aarch64": 194}
HARMLESS = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "LC_CTYPE"}
libc = ctypes.CDLL(None, use_errno=True)


def attempts(canary: str, grader: int, memory_bytes: int) -> dict[str, dict[str, bool]]:
    """Return layer to attempt to whether it got through.

    canary: a file that anybody may read; grader: the process to protect; memory_bytes: the limit
    """
    return {
        "clean": {
            "read the grader's environment": bool(set(os.environ) - HARMLESS),
            "leave text in a standard stream": any(_keeps_text(descriptor) for descriptor in range(3)),
            "use a descriptor of the grader's": any(_is_open(descriptor) for descriptor in range(4, 256)),
        },
        "namespaces": {
            "see the canary's name": _worked(lambda: Path(canary).stat()),
            "see other processes": os.getpid() > 1,
            "see network devices": _worked(lambda: socket.if_nameindex()[1]),
        },
        "uid": {"be the grader's user": os.getuid() == 0 or _worked(lambda: os.setuid(0))},
        "landlock": {
            "read the canary": _worked(lambda: Path(canary).read_bytes()),
            "list the root directory": _worked(lambda: list(Path("/").iterdir())),
            "write beside the canary": _worked(lambda: _create(f"{canary}.written")),
            "write to /tmp": _worked(lambda: _create(f"/tmp/canary.{os.getpid()}")),
            "write to /dev/shm": _worked(lambda: _create(f"/dev/shm/canary.{os.getpid()}")),
        },
        "seccomp": {
            "open a socket": any(_may_open(family) for family in (socket.AF_INET, socket.AF_UNIX)),
            "start a process": _worked(_fork),
            "start a thread": _worked(_start_thread),
            "lock a file that others see": _worked(lambda: fcntl.lockf(1, fcntl.LOCK_EX | fcntl.LOCK_NB)),
            "watch what others open": libc.inotify_init() >= 0,
            "run a program": _may_execute(),
            "signal the grader": _worked(lambda: os.kill(grader, 0)),
            "signal everybody": _worked(lambda: os.kill(-1, 0)),
            "trace the grader": libc.ptrace(PTRACE_SEIZE, grader, None, None) == 0,
            "keep living without a parent": libc.prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) == 0,
            "leave shared memory behind": _syscall(SYS_SHMGET, 0, 4096, 0o1600),
            "take memory outside its limit": _syscall(SYS_MEMFD_CREATE, b"x", 0),
        },
        "limits": {
            "take more memory": _worked(lambda: np.ones(memory_bytes // 8 + 1)),
            "dump core": _worked(_dump_core),
        },
        "library": {"import from the standard library": _worked(lambda: Path(os.__file__).read_bytes())},
    }


def _worked(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError, IndexError, ValueError):
        return False
    return True


def _is_open(descriptor: int) -> bool:
    return _worked(lambda: os.fstat(descriptor))


def _keeps_text(descriptor: int) -> bool:
    return _worked(lambda: os.pwrite(descriptor, b"x", 0)) and os.pread(descriptor, 1, 0) == b"x"


def _create(path: str) -> None:
    Path(path).write_bytes(b"")
    Path(path).unlink()


def _may_open(family: int) -> bool:
    return _worked(lambda: socket.socket(family).close())


def _fork() -> None:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _start_thread() -> None:
    try:
        threading.Thread(target=os.getpid).start()
    except RuntimeError as error:
        raise OSError(str(error)) from error


def _may_execute() -> bool:
    """Run a directory: refused as such where programs may be run, and as not permitted where they may not."""
    try:
        os.execve("/", ["/"], {})
    except OSError as error:
        return error.errno != errno.EPERM


def _dump_core() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


def _syscall(numbers: dict[str, int], *arguments: object) -> bool:
    number = numbers.get(os.uname().machine)
    return number is not None and libc.syscall(number, *arguments) >= 0
