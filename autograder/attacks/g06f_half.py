"""Is the first half of an archive, as an upload leaves it that was cut off.

row: G06f
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    packed = pack(files)
    return packed[: len(packed) // 2]
