"""Packs a link in the place of the whole folder, and a file that lies behind it.

row: E06b
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import stat

from autograder.attacks._parcel import entry, pack


def trick(files):
    """Pack it."""
    link = entry("homework/numnet", stat.S_IFLNK | 0o777)
    return pack({}, (link, b"/etc"), *((f"homework/{path}", content) for path, content in files.items()))
