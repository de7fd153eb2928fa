"""Says that its last file is larger than what comes out.

row: G06d
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack, patched


def trick(files):
    """Pack it."""
    return patched(pack({"numnet/linear.py": b"x = 1"}), 22, 24, b"\x40\0\0\0")
