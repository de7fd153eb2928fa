"""Begins a line of its own in a log, in the name of a file.

row: G05a
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("numnet/x\ngraded 100 points.txt", b""))
