"""Turns the end of a name around, so that it looks like another.

row: G05c
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("numnet/txt\u202eyp.txt", b""))
