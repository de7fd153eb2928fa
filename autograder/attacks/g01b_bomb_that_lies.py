"""Packs 50 MiB of zeros, and says in both headers that they are 900 bytes.

row: G01b
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack, patched


def trick(files):
    """Pack it."""
    return patched(pack({"numnet/linear.py": bytes(50 << 20)}), 22, 24, (900).to_bytes(4, "little"))
