"""Imports a library for plots if it is there.

row: G11b
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""


def trick(files):
    """Write it."""
    optional = b"try:\n    import seaborn\nexcept ImportError:\n    seaborn = None\n"
    files["numnet/linear.py"] = optional + files["numnet/linear.py"]
