"""Packs a device.

row: G03e
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import stat

from autograder.attacks._parcel import entry, pack


def trick(files):
    """Pack it."""
    return pack(files, (entry("numnet/extra.py", stat.S_IFBLK | 0o666), b"/etc/passwd"))
