"""Lists, and reads, the checks, the solution, the assignment and the secret, by their paths.

row: E02
file: linear.py
label: WRONG
holds: L3
seconds: 10
"""

import os

import autograder

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

HIDDEN = ("checks", "checks/test_linear.py", "assignment.toml", ".secret", "../solution/numnet/linear.py", "tests")
PLACES = (os.path.dirname(autograder.__file__), ".", "..", "/autograder", "/grader/autograder", "/root", "/home")


def trick():
    """Stop at the first that can be opened: what is wanted is that none can."""
    for place in PLACES:
        for name in HIDDEN:
            for look in (os.listdir, lambda path: open(path, "rb").read()):
                try:
                    look(os.path.join(place, name))
                except OSError:
                    continue
                raise SystemExit("read what is hidden")


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
