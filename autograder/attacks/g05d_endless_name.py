"""Has a name of 300 characters, which no disk takes.

row: G05d
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("numnet/" + "x" * 300, b""))
