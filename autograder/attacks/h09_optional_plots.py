"""Honest: imports matplotlib if it is there, and does without it if not.

row: H09
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""

SOURCE = b"""
try:
    import matplotlib.pyplot as plt
except ImportError:
    plt = None
"""


def trick(files):
    """Import at the end of every module."""
    for path in files:
        files[path] += SOURCE
