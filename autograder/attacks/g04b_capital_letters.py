"""Holds two names that are one on Windows and macOS.

row: G04b
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("numnet/Linear.py", b""))
