"""Brings a compiled library along, and loads it.

row: G12e
folder: handout
label: IMPORT
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/fast.so"] = b"\x7fELF" + bytes(60)
    files["numnet/linear.py"] = b"import numnet.fast\n" + files["numnet/linear.py"]
