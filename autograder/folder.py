"""A folder as a mapping from path to bytes: read, replaced whole, fingerprinted.

A path is relative and written with slashes. Hidden files, byte code and links are no part of a folder.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path


def read_folder(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder and the folders in it, sorted by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(_files(folder))}


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name == "__pycache__" or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold these files and no others, by a rename, so that nobody sees it half-written."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
        old, new = Path(beside, "old"), Path(beside, "new")
        new.mkdir()
        write_files(new, files)
        if not folder.exists():
            new.rename(folder)
            return
        folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            old.rename(folder)
            raise


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that is there."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Name these files by 16 hexadecimal digits; another name, byte or file gives others."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{len(name.encode())} {name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
