"""Honest: its lines end as on Windows.

row: H05
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""


def trick(files):
    """End every line with two characters."""
    for path, source in files.items():
        files[path] = source.replace(b"\n", b"\r\n")
