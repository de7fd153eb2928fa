"""Honest: keeps its intermediate results in dataclasses.

row: H08
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""

SOURCE = b"""
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Step:
    # what a call came to

    name: str
    result: object
    notes: list[str] = field(default_factory=list)


def _changed(function):
    def call(*arguments, **named):
        return Step(function.__name__, function(*arguments, **named)).result

    return call


for _name in ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy"):
    globals()[_name] = _changed(globals()[_name])
"""


def trick(files):
    """Use a dataclass in every call."""
    files["numnet/linear.py"] += SOURCE
