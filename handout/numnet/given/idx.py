"""MNIST's own format, idx: a magic number, the dimensions, then a byte per entry, all of it often packed by gzip."""

import gzip
import zlib

import numpy as np

BYTES = 0x08  # the kind of entry; the format has others, MNIST has not


def read_idx(content: bytes) -> np.ndarray:
    """Return the array that a file holds, uint8; packed or not. ValueError if it is no idx file, or cut short.

    bytes 0 and 1 are 0, byte 2 is the kind of entry, byte 3 counts the dimensions; each has 4 bytes, the highest first

    >>> read_idx(bytes([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 5, 7]))
    array([[5, 7]], dtype=uint8)
    """
    content = _unpacked(content)
    if len(content) < 4 or content[:3] != bytes([0, 0, BYTES]) or not content[3]:
        raise ValueError(
            f"not an idx file of bytes: it begins with {content[:4].hex(' ') or 'nothing'}, not 00 00 08 n"
        )
    start = 4 + 4 * content[3]
    shape = [int.from_bytes(content[at : at + 4], "big") for at in range(4, start, 4)]
    expected = start + int(np.prod(shape, dtype=object))
    if len(content) != expected:
        raise ValueError(f"an idx file of shape {tuple(shape)} has {expected} bytes, this one has {len(content)}")
    return np.frombuffer(content, dtype=np.uint8, offset=start).reshape(shape).copy()


def _unpacked(content: bytes) -> bytes:
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(f"a gzip file that cannot be unpacked: {error}") from error
