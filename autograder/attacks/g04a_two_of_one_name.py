"""Holds two files of one name: a scanner may read the first and Python the second.

row: G04a
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("numnet/linear.py", b""))
