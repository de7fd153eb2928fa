"""Holds two names that look the same, of composed and of decomposed characters.

row: G04c
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("caf\u00e9.txt", b""), ("cafe\u0301.txt", b""))
