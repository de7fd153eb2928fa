"""Packs a zip into the zip, and so on for as long as somebody unpacks.

row: G06a
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("more.zip", pack(files, ("more.zip", pack(files)))))
