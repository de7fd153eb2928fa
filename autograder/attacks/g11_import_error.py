"""Imports a library for plots that is not there.

row: G11
folder: handout
label: IMPORT
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] = b"import seaborn\n" + files["numnet/linear.py"]
