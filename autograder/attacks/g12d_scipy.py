"""Imports SciPy, one module of it: a library that does the homework.

row: G12d
folder: handout
label: FORBIDDEN
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"from scipy import signal" + b"\n" + files["numnet/linear.py"]
