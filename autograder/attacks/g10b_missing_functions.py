"""Has none of the functions that were asked for.

row: G10b
folder: handout
label: MISSING
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"def linear(x):\n    return x\n"
