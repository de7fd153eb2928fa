"""Is a notebook, and no modules.

row: G10d
folder: handout
label: MISSING
holds: L5
seconds: 10
"""


def trick(files):
    """Write it."""
    files.clear()
    files["homework.ipynb"] = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
