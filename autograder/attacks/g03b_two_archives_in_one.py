"""Is a tar for whoever reads from the front, and a zip for whoever reads from the back.

row: G03b
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import io
import tarfile

from autograder.attacks._parcel import pack


def trick(files):
    """Pack it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("numnet/linear.py"))
    return stream.getvalue() + pack(files)
