"""Declares an encoding that does not exist.

row: G09c
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"# coding: klingon\n" + files["numnet/linear.py"]
