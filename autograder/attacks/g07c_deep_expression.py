"""Nests half a million minus signs, which a parser takes one in another.

row: G07c
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"x = " + b"-" * 500_000 + b"1"
