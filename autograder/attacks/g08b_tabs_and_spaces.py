"""Mixes tabs and spaces.

row: G08b
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] += b"\nif True:\n        x = 1\n\ty = 2\n"
