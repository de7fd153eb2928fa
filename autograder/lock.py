"""Folders that belong to one run as long as it lives: where it writes reports, and where its temporary files lie.

The lock is the kernel's: it ends with the process, however that ends. So whatever lies in a folder that nobody has
locked was left behind by a run that was killed, and may go.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import UsageError

PREFIX = "autograder-run-"
VARIABLE = "TMPDIR"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder, and refuse one that another run is in."""
    descriptor = _lock(folder.resolve())
    if descriptor is None:
        raise UsageError(f"{folder}: another run writes there; wait for it, or name another folder with --out")
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def temporary_files() -> Iterator[Path]:
    """Give a folder for the temporary files of this process and of those that it starts; remove those of dead runs."""
    remove_leftovers(Path(tempfile.gettempdir()))
    folder, descriptor = _make()
    before = tempfile.tempdir, os.environ.get(VARIABLE)
    tempfile.tempdir = os.environ[VARIABLE] = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before[0]
        os.environ.pop(VARIABLE)
        if before[1] is not None:
            os.environ[VARIABLE] = before[1]
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def remove_leftovers(above: Path) -> None:
    """Remove the folders of temporary files whose runs were killed."""
    for folder in above.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # of somebody else, or gone by now
            if folder.lstat().st_uid == os.geteuid() and (descriptor := _lock(folder)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(descriptor)


def _make() -> tuple[Path, int]:
    """Make a folder and lock it; between these two, another run may have taken it for one that was left behind."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        with contextlib.suppress(FileNotFoundError):
            folder.chmod(0o711)  # a guest is another user, and tries to read a file in it
            if (descriptor := _lock(folder)) is not None and folder.is_dir():
                return folder, descriptor


def _lock(folder: Path) -> int | None:
    """Lock a folder, and return the descriptor that holds the lock; None if another process has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        return descriptor  # a file system without locks
    return descriptor
