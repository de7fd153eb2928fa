"""Declares an encoding that Python knows, but that is none of text.

row: G09e
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"# coding: rot13\n" + files["numnet/linear.py"]
