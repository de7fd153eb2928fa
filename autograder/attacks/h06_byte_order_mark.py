"""Honest: its files begin with the mark that some editors write.

row: H06
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""

import codecs


def trick(files):
    """Put the mark before every file."""
    for path, source in files.items():
        files[path] = codecs.BOM_UTF8 + source
