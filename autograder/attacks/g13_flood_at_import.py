"""Prints a hundred thousand lines when it is imported.

row: G13
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] += b"for _ in range(100_000):\n    print(_)\n"
