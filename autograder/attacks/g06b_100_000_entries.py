"""Lists a hundred thousand files, each of which becomes an object.

row: G06b
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import struct

from autograder.attacks._parcel import pack


def trick(files):
    """Pack them, and list the last of them again and again."""
    packed = pack(files)
    start, end = packed.rindex(b"PK\x01\x02"), packed.rindex(b"PK\x05\x06")
    first = struct.unpack_from("<I", packed, end + 16)[0]
    listed = packed[first:end] + packed[start:end] * 100_000
    return packed[:first] + listed + packed[end : end + 12] + struct.pack("<I", len(listed)) + packed[end + 16 :]
