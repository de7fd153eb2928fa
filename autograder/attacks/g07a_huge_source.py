"""Sends a module of 3 MiB, which takes a compiler minutes and gigabytes.

row: G07a
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from random import Random

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files | {"numnet/linear.py": b"# " + Random(0).randbytes(3 << 19).hex().encode()})
