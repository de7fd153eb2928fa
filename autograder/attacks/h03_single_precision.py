"""Honest, but in single precision where double was asked for; the message says so.

row: H03
folder: solution
label: WRONG
holds: L5
seconds: 10
"""

SOURCE = b"""
def _single(function):
    def call(*arguments, **named):
        return _cast(function(*map(_cast, arguments), **named))

    return call


def _cast(value):
    if isinstance(value, tuple):
        items = [_cast(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == float else value


for _name in ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy"):
    globals()[_name] = _single(globals()[_name])
"""


def trick(files):
    """Compute in float32."""
    files["numnet/linear.py"] += SOURCE
