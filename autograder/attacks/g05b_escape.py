"""Clears the terminal by the name of a file.

row: G05b
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("numnet/\x1b[2J.txt", b""))
