"""Begins with a byte order mark, as Windows writes it.

row: G09e
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"\xef\xbb\xbf" + files["numnet/linear.py"]
