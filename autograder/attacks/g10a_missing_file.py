"""Leaves a module out.

row: G10a
folder: handout
label: MISSING
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    del files["numnet/linear.py"]
