"""A folder from a stranger: plain files are named and read; links are not followed, pipes not opened."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.archive import MAX_DEPTH, MAX_FILE_BYTES, is_junk
from autograder.errors import SubmissionError


class Directory:
    """What one student handed in as files on a disk, each by the name that the student gave it.

    tops: what of the folder is the student's, a file or a folder, and its name for the student; "" lends a folder none
    """

    def __init__(self, folder: Path, tops: tuple[tuple[str, str], ...] = (("", ""),)) -> None:
        """Look at nothing yet."""
        self._folder = folder
        self._tops = tops
        self._paths: dict[str, Path] = {}

    def names(self) -> list[str]:
        """Return the paths of the plain files, sorted in each folder."""
        self._paths = {name: path for top, name in self._tops for name, path in _files(self._folder / top, name)}
        return list(self._paths)

    def read(self, name: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
        """Read one of the files that were named."""
        return read_plain(self._paths[name], max_bytes)


def read_plain(path: Path, max_bytes: int) -> bytes:
    """Read a plain file. A link or a pipe in its place is not opened in a way that follows or waits."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as stream:  # noqa: PTH123
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{path.name!a} is not a plain file")
        content = stream.read(min(status.st_size, max_bytes) + 1)  # as much as is asked for is taken at once
    if len(content) > max_bytes:
        raise SubmissionError(f"{path.name!a} is larger than {max_bytes >> 20} MiB")
    return content


def _files(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Yield one file, or the files of a folder, each with its name."""
    if name and not path.is_dir():
        yield name, path
    else:
        yield from _walk(path, "")


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """Yield the files in a folder. Links are not followed, and only plain files are named."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if is_junk(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False) and prefix.count("/") < MAX_DEPTH:
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                yield prefix + entry.name, Path(entry.path)
