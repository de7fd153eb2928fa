"""Packs 50 MiB of zeros into 50 KiB: a disk or memory is full before anybody looks.

row: G01a
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files | {"numnet/linear.py": bytes(50 << 20)})
