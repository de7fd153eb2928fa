"""Takes other arguments than were asked for.

row: G10c
folder: handout
label: RAISED
holds: L5
seconds: 10
"""

import re


def trick(files):
    """Write it."""
    names = re.findall(rb"(?m)^def (\w+)", files["numnet/linear.py"])
    files["numnet/linear.py"] = b"".join(b"def %s():\n    pass\n" % name for name in names)
