"""Separates folders by backslashes, which are a way out on Windows and part of the name elsewhere.

row: G02d
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    return pack(files, ("..\\numnet\\linear.py", b""))
