"""Imports torch, by a call of __import__: a library that does the homework.

row: G12c
folder: handout
label: FORBIDDEN
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b'torch = __import__("to" + "rch")' + b"\n" + files["numnet/linear.py"]
