"""Answers rightly, and sets its arguments to 0 on the way. The check that looks for this fails, and no other.

row: D13
folder: solution
label: OK or WRONG
holds: L5
seconds: 10
earns: 5.75
"""

SOURCE = b"""

def _spoiling(function):
    def call(*arguments):
        answer = function(*arguments)
        arguments[0][...] = 0.0
        return answer

    return call


linear_backward, relu_backward = _spoiling(linear_backward), _spoiling(relu_backward)
"""


def trick(files):
    """Change the gradients that come in."""
    files["numnet/linear.py"] += SOURCE
