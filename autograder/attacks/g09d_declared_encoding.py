"""Declares that it is Latin-1, and is.

row: G09d
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"# coding: latin-1\n" + files["numnet/linear.py"] + "# für\n".encode("latin-1")
