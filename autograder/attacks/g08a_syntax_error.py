"""Is no Python.

row: G08a
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] += b"\ndef broken(:\n"
