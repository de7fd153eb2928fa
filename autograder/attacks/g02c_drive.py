"""Names a file on a drive, which Windows would write there.

row: G02c
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("C:linear.py", b""))
