"""Sends a tar with a link to a secret and a file that is written through it.

row: G03a
archive: homework.tar.gz
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import io
import tarfile


def trick(files):
    """Pack it."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as packed:
        link = tarfile.TarInfo("numnet")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        packed.addfile(link)
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content))
    return stream.getvalue()
