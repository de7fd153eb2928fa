"""Honest: its files look where they lie, as for a folder of data or of other modules.

row: H11
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""

LINES = b"""
import os
import sys
from pathlib import Path

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
DATA = Path(__file__).resolve().parent / "data"
"""


def trick(files):
    """Look, at the end of every file."""
    for path, source in files.items():
        files[path] = source + LINES
