"""Has a null byte in its source.

row: G08c
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] += b"x = 1\0\n"
