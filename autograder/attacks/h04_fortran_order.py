"""Honest: stores every array in the order of Fortran.

row: H04
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""

SOURCE = b"""
def _transposed(function):
    def call(*arguments, **named):
        return _stored(function(*arguments, **named))

    return call


def _stored(value):
    if isinstance(value, tuple):
        items = [_stored(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return np.array(value, order="F") if isinstance(value, np.ndarray) else value


for _name in ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy"):
    globals()[_name] = _transposed(globals()[_name])
"""


def trick(files):
    """Store every answer by columns."""
    files["numnet/linear.py"] += SOURCE
