"""Has another checksum than its content.

row: G06e
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack, patched


def trick(files):
    """Pack it."""
    return patched(pack({"numnet/linear.py": b"x = 1"}), 14, 16, b"\0\0\0\0")
