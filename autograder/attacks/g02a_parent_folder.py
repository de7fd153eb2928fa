"""Names a file outside the folder that it is unpacked into.

row: G02a
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("../numnet/linear.py", b""))
