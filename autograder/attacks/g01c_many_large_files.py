"""Packs eighteen modules of 1 MiB: each of them is small enough, all together are not.

row: G01c
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from random import Random

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    text = b"# " + Random(0).randbytes((1 << 19) - 1).hex().encode()
    return pack(files | {f"numnet/m{number}.py": text for number in range(18)})
