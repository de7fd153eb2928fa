"""Packs a link to a file of the grader's.

row: G03c
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import stat

from autograder.attacks._parcel import entry, pack


def trick(files):
    """Pack it."""
    return pack(files, (entry("numnet/extra.py", stat.S_IFLNK | 0o777), b"/etc/passwd"))
