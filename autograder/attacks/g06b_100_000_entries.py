"""Has a hundred thousand empty files.

row: G06b
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 30
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, *((f"{number}", b"") for number in range(100_000)))
