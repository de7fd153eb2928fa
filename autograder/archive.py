"""A zip from a stranger: what is strange about it is refused, never repaired.

Nothing that an archive says about itself is believed: what comes out is counted while it comes. Names are judged as
they stand in the archive; `zipfile` shows them repaired. Nothing is extracted to a disk.
"""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from autograder.errors import SubmissionError

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")

MAX_ENTRIES = 1_000
MAX_DIRECTORY_BYTES = 256 << 10  # of the list of entries, which becomes an object for each
MAX_DEPTH = 8
MAX_NAME = 100  # characters
MAX_FILE_BYTES = 1 << 20
MAX_TOTAL_BYTES = 16 << 20
MAX_RATIO = 200  # text is packed to a tenth; deflate reaches 1030
LEAST_BOMB_BYTES = 1 << 17  # a smaller file may be as repetitive as it likes

_PLAIN = re.compile(r"[A-Za-z0-9._-]+")
_JUNK = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06")  # of a zip with entries, and without any
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_TAIL_BYTES = 22 + 0xFFFF + 20 + 56  # where the end of a zip may stand: its record, comment, and what zip64 adds
_BROKEN = (  # what zipfile raises on bytes that are no zip, or one that it cannot read
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OverflowError,
)


class Archive:
    """What one student packed: some or all entries of a zip, each with its name as the student gave it."""

    def __init__(self, packed: ZipFile, entries: Sequence[tuple[str, ZipInfo]]) -> None:
        """Refuse the archive if any of its entries is strange."""
        if len(entries) > MAX_ENTRIES:
            raise SubmissionError(f"the archive has more than {MAX_ENTRIES} entries")
        self._packed = packed
        self._entries = dict(_safe(entries))
        self._left = MAX_TOTAL_BYTES

    def names(self) -> list[str]:
        """Return the paths of the files, in their order."""
        return list(self._entries)

    def read(self, name: str, max_bytes: int = MAX_FILE_BYTES) -> bytes:
        """Unpack one file, and stop as soon as more comes out than may."""
        entry, name = self._entries[name], _shown(name)
        with refusing(), self._packed.open(entry) as stream:
            content = stream.read(max_bytes + 1)
        self._left -= len(content)
        if len(content) > max_bytes:
            raise SubmissionError(f"{name} is larger than {max_bytes >> 20} MiB")
        if self._left < 0:
            raise SubmissionError(f"the archive holds more than {MAX_TOTAL_BYTES >> 20} MiB")
        if len(content) != entry.file_size:
            raise SubmissionError(f"{name} is not as large as the archive says")
        return content


def open_archive(content: bytes) -> Archive:
    """Open the zip that a student sent, or refuse it as a whole."""
    packed = open_zip(BytesIO(content), MAX_DIRECTORY_BYTES)
    archive = Archive(packed, [(entry.orig_filename, entry) for entry in packed.infolist()])
    for name in archive.names():
        if is_archive(name):
            raise SubmissionError(f"{_shown(name)} is an archive inside the archive")
    return archive


def open_zip(stream: BinaryIO, max_directory_bytes: int) -> ZipFile:
    """Open a zip without judging what is in it; a list of entries larger than this is not read."""
    if stream.read(4) not in _BEGINNINGS:
        raise SubmissionError("the archive is not a zip, and nothing else is read")
    if _directory_bytes(stream) > max_directory_bytes:
        raise SubmissionError("the archive has too many entries")
    with refusing():
        return ZipFile(stream)


def is_archive(name: str) -> bool:
    """Tell by its name whether a file is an archive of any kind."""
    return name.lower().endswith(SUFFIXES)


def is_junk(name: str) -> bool:
    """Tell whether a file or folder is what an operating system or Python leaves behind, or hidden."""
    return name.startswith(".") or name in _JUNK


@contextmanager
def refusing() -> Iterator[None]:
    """Turn whatever zipfile raises into one sentence."""
    try:
        yield
    except _BROKEN as error:
        raise SubmissionError(f"the archive is not a zip that can be read: {str(error)!a:.100}") from error


def _directory_bytes(stream: BinaryIO) -> int:
    """Return how large a zip says its list of entries is, wherever it says so."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL_BYTES))
    tail = stream.read()
    claims = [
        int.from_bytes(tail[start + offset : start + offset + width], "little")
        for mark, offset, width in ((_END, 12, 4), (_END_64, 40, 8))
        if (start := tail.rfind(mark)) >= 0
    ]
    return max([claim for claim in claims if claim != 0xFFFFFFFF], default=0)  # which says: see zip64


def _safe(entries: Sequence[tuple[str, ZipInfo]]) -> Iterator[tuple[str, ZipInfo]]:
    """Yield the entries that are files, and refuse the archive if any entry is strange."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name, entry in entries:
        parts = name.removesuffix("/").split("/")
        if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts):
            raise SubmissionError(f"{_shown(name)} leads out of the archive")
        if any(is_junk(part) for part in parts):
            continue
        _require_ordinary(name, parts)
        _require_honest(name, entry)
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts) + name.endswith("/"))]
        if any(folders.setdefault(_key(folder), folder) != folder for folder in above):
            raise SubmissionError(f"{_shown(name)} lies in a folder that is spelled in two ways")
        if name.endswith("/"):
            continue
        if _key(name) in files:
            raise SubmissionError(f"{_shown(name)} is there twice")
        files[_key(name)] = name
        yield name, entry
    if both := sorted(files.keys() & folders.keys()):
        raise SubmissionError(f"{_shown(files[both[0]])} is a file and a folder")


def _require_ordinary(name: str, parts: Sequence[str]) -> None:
    """Refuse a name that is hidden, endless or unreadable somewhere, and any but a plain one for a module."""
    if len(parts) > MAX_DEPTH:
        raise SubmissionError(f"{_shown(name)} is more than {MAX_DEPTH} folders deep")
    if not name.isprintable() or any(len(part) > MAX_NAME for part in parts):
        raise SubmissionError(f"{_shown(name)} is not a name of at most {MAX_NAME} printable characters")
    if name.lower().endswith(".py") and not _PLAIN.fullmatch(parts[-1]):
        raise SubmissionError(f"{_shown(name)} is not a name of letters, digits, dots, dashes and underscores")


def _require_honest(name: str, entry: ZipInfo) -> None:
    """Refuse an entry that is anything but a plain file or folder, packed as files are packed."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not entry.flag_bits & 0x800 and not _is_utf8(entry.orig_filename):
        raise SubmissionError(f"{_shown(name)} is a name that is not UTF-8")
    if entry.flag_bits & 0x41:
        raise SubmissionError(f"{_shown(name)} is encrypted")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise SubmissionError(f"{_shown(name)} is a link or a device")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SubmissionError(f"{_shown(name)} is compressed in another way than deflate")
    if entry.file_size > max(LEAST_BOMB_BYTES, MAX_RATIO * entry.compress_size):
        raise SubmissionError(f"{_shown(name)} is a bomb: it unpacks to more than {MAX_RATIO} times its size")


def _is_utf8(name: str) -> bool:
    """Say whether a name that was read as DOS wrote it is UTF-8 all the same: a Mac does not mark it."""
    try:
        name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _key(name: str) -> str:
    """Return what two names share that some system takes for one."""
    return unicodedata.normalize("NFC", name).casefold()


def _shown(name: str) -> str:
    """Return a name as it may be shown: without control characters, and not endless."""
    return name if _PLAIN.fullmatch(name.replace("/", "")) and len(name) <= MAX_NAME else ascii(name)[:MAX_NAME]
