"""Is compressed in a way that asks for as much memory as its header says.

row: G06g
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import zipfile

from autograder.attacks._parcel import entry, pack


def trick(files):
    """Pack it."""
    return pack(files, (entry("numnet/extra.py", compression=zipfile.ZIP_LZMA), b"x" * 1000))
