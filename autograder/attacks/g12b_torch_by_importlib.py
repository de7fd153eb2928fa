"""Imports torch, by importlib: a library that does the homework.

row: G12b
folder: handout
label: FORBIDDEN
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = (
        b"import importlib; torch = importlib.import_module('torch.nn')" + b"\n" + files["numnet/linear.py"]
    )
