"""Packs a link in the place of its answer, so that a grader which follows it grades the solution.

row: E06a
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import stat
from pathlib import Path

import autograder
from autograder.attacks._parcel import entry, pack


def trick(files):
    """Pack it."""
    solution = Path(autograder.__file__).parents[1] / "solution/numnet/linear.py"
    del files["numnet/linear.py"]
    return pack(files, (entry("numnet/linear.py", stat.S_IFLNK | 0o777), str(solution).encode()))
