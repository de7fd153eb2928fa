"""Imports torch, in the ordinary way: a library that does the homework.

row: G12a
folder: handout
label: FORBIDDEN
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"import torch" + b"\n" + files["numnet/linear.py"]
