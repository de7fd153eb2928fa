"""Ends its lines as Windows does.

row: G09f
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = files["numnet/linear.py"].replace(b"\n", b"\r\n")
