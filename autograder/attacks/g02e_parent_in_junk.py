"""Hides the way out below a folder that is ignored.

row: G02e
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("__MACOSX/../../numnet/linear.py", b""))
