"""Brings files that Python runs when it starts, before any program.

row: F02
folder: handout
label: NOT_WRITTEN
holds: L5
seconds: 10
"""

SOURCE = b"import os; os._exit(0)\n"
NAMES = (
    "sitecustomize.py",
    "usercustomize.py",
    "__main__.py",
    "evil.pth",
    "evil.egg-link",
    "python311._pth",
    "pyvenv.cfg",
)


def trick(files):
    """Put them wherever Python would look."""
    for folder in ("", "numnet/", "site-packages/", "lib/python3/site-packages/", ".local/lib/python3/site-packages/"):
        files |= {folder + name: SOURCE for name in NAMES}
