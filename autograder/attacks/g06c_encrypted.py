"""Is encrypted: whoever asks for the password waits for ever.

row: G06c
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack, patched


def trick(files):
    """Pack it."""
    return patched(pack(files), 6, 8, b"\1\0")
