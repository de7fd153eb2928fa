"""Nests half a million parentheses, which overflows the stack of a careless compiler.

row: G07b
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"(" * 500_000 + b")" * 500_000
