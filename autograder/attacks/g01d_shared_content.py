"""Points two names at one place in the archive: a bomb is made of a thousand such names.

row: G01d
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    packed = pack({"numnet/conv.py": b"x = 1", "numnet/linear.py": b"x = 2"})
    start = packed.rindex(b"PK\x01\x02") + 42  # where the last name says that its content begins
    return packed[:start] + bytes(4) + packed[start + 4 :]
