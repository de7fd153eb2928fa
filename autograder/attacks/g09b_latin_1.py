"""Has an umlaut that is not UTF-8, and does not say what it is.

row: G09b
folder: handout
label: SYNTAX
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files["numnet/linear.py"] += b"# f\xfcr\n"
