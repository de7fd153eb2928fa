"""Packs links that have the names of what a grader writes, and lead to files of the system.

row: E07a
archive: homework.zip
label: BAD_ARCHIVE
holds: L5
seconds: 10
"""

import stat

from autograder.attacks._parcel import entry, pack

RESULTS = ("report.json", "results/results.json", "scores.csv", "stdout", "numnet/__pycache__")


def trick(files):
    """Pack it."""
    return pack(files, *((entry(name, stat.S_IFLNK | 0o777), b"/etc/passwd") for name in RESULTS))
