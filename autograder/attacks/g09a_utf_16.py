"""Is written in UTF-16.

row: G09a
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = files["numnet/linear.py"].decode().encode("utf-16")
