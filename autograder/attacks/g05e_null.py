"""Has a null byte in a name: zipfile cuts it there, and reads another linear.py.

row: G05e
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("numnet/linear.py0.txt", b"")).replace(b"py0", b"py\0")
