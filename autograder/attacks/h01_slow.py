"""Honest, and slow: every call takes its time.

row: H01
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""

SOURCE = b"""
import time


def _changed(function):
    def call(*arguments, **named):
        time.sleep(0.01)
        return function(*arguments, **named)

    return call


for _name in ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy"):
    globals()[_name] = _changed(globals()[_name])
"""


def trick(files):
    """Wait before every answer."""
    files["numnet/linear.py"] += SOURCE
