"""Has a name that is not UTF-8.

row: G05f
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("numnet/caf0.txt", b"")).replace(b"caf0", b"caf\xe9")
