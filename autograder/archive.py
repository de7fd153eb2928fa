"""A zip from a stranger, read into memory: what is strange about it is refused, never repaired.

Nothing that an archive says about itself is believed: what comes out is counted while it comes.
"""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from autograder.errors import SubmissionError

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tar.bz2", ".tar.xz", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")

MAX_ENTRIES = 1_000
MAX_DEPTH = 8
MAX_NAME = 100  # characters
MAX_FILE_BYTES = 1 << 20
MAX_TOTAL_BYTES = 16 << 20

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_JUNK = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}
_HEADER = b"PK\x01\x02"  # stands before every entry of a zip's directory
_BROKEN = (  # what zipfile raises on bytes that are no zip, or one that it cannot read
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


def read_archive(content: bytes) -> dict[str, bytes]:
    """Return the files of a zip by path, or refuse it as a whole."""
    if content.count(_HEADER) > MAX_ENTRIES:  # before zipfile makes an object of each
        raise SubmissionError(f"the archive has more than {MAX_ENTRIES} entries")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return dict(_read(archive, list(_safe(archive.infolist()))))
    except _BROKEN as error:
        raise SubmissionError(f"the archive is not a zip that can be read: {str(error)!a:.100}") from error


def is_junk(name: str) -> bool:
    """Tell whether a file or folder is what an operating system or Python leaves behind, or hidden."""
    return name.startswith(".") or name in _JUNK


def _safe(entries: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    """Yield the entries that are files, and refuse the archive if any entry is strange."""
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for entry in entries:
        name = entry.orig_filename  # `filename` is already repaired
        parts = name.removesuffix("/").split("/")
        if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in parts):
            raise SubmissionError(f"{_shown(name)} leads out of the archive")
        if any(is_junk(part) for part in parts):
            continue
        _require_plain(entry, parts)
        above = ["/".join(parts[:depth]) for depth in range(1, len(parts) + entry.is_dir())]
        if any(folders.setdefault(folder.lower(), folder) != folder for folder in above):
            raise SubmissionError(f"{_shown(name)} lies in a folder that is spelled in two ways")
        if entry.is_dir():
            continue
        if name.lower() in files:
            raise SubmissionError(f"{_shown(name)} is there twice")
        files[name.lower()] = name
        yield entry
    if both := sorted(files.keys() & folders.keys()):
        raise SubmissionError(f"{_shown(both[0])} is a file and a folder")


def _require_plain(entry: zipfile.ZipInfo, parts: list[str]) -> None:
    """Refuse an entry that is anything but a small file or a folder with an ordinary name."""
    name, kind = _shown(entry.orig_filename), stat.S_IFMT(entry.external_attr >> 16)
    if any(not _NAME.fullmatch(part) or len(part) > MAX_NAME for part in parts):
        raise SubmissionError(
            f"{name} is not a name of at most {MAX_NAME} letters, digits, dots, dashes and underscores"
        )
    if len(parts) > MAX_DEPTH:
        raise SubmissionError(f"{name} is more than {MAX_DEPTH} folders deep")
    if entry.flag_bits & 0x41:
        raise SubmissionError(f"{name} is encrypted")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise SubmissionError(f"{name} is a link or a device")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SubmissionError(f"{name} is compressed in another way than deflate")
    if name.lower().endswith(SUFFIXES):
        raise SubmissionError(f"{name} is an archive inside the archive")


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Yield every file, and stop as soon as more comes out than may."""
    left = MAX_TOTAL_BYTES
    for entry in entries:
        name = _shown(entry.orig_filename)
        with archive.open(entry) as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
        left -= len(content)
        if len(content) > MAX_FILE_BYTES:
            raise SubmissionError(f"{name} is larger than {MAX_FILE_BYTES >> 20} MiB")
        if left < 0:
            raise SubmissionError(f"the archive holds more than {MAX_TOTAL_BYTES >> 20} MiB")
        if len(content) != entry.file_size:
            raise SubmissionError(f"{name} is not as large as the archive says")
        yield entry.orig_filename, content


def _shown(name: str) -> str:
    """Return a name as it may be shown: without control characters, and not endless."""
    return name if _NAME.fullmatch(name.replace("/", "")) and len(name) <= MAX_NAME else ascii(name)[:MAX_NAME]
