"""Zips for attacks: ordinary files, and entries that zipfile would not make by itself."""

import io
import warnings
import zipfile
from collections.abc import Mapping


def pack(files: Mapping[str, bytes], *more: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """Return a zip of files by path, then of more entries, whatever they are called."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed, warnings.catch_warnings(action="ignore"):
        for name, content in (*files.items(), *more):
            packed.writestr(name, content)
    return stream.getvalue()


def entry(name: str, mode: int = 0o100644, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """Return an entry of that very name, type and permissions."""
    made = zipfile.ZipInfo("placeholder")
    made.filename = made.orig_filename = name
    made.external_attr, made.compress_type, made.create_system = mode << 16, compression, 3
    return made


def patched(packed: bytes, local: int, central: int, new: bytes) -> bytes:
    """Return a zip with other bytes at these offsets of the last entry's two headers."""
    content = bytearray(packed)
    for mark, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        start = content.rindex(mark) + offset
        content[start : start + len(new)] = new
    return bytes(content)
