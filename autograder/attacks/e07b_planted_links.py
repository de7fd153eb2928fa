"""Makes links, while it runs, where a grader could write later.

row: E07b
file: linear.py
label: WRONG
holds: L3
seconds: 10
"""

import os

import autograder

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

PLACES = (".", "/", "/tmp", "/var/tmp", "/dev/shm", "/results", os.path.dirname(autograder.__file__))


def trick():
    """Stop at the first that can be made: what is wanted is that none can."""
    for place in PLACES:
        for make in (os.symlink, os.link):
            for name in ("report.json", "scores.csv", "results"):
                try:
                    make("/etc/passwd", os.path.join(place, name))
                except OSError:
                    continue
                raise SystemExit("planted a link")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
