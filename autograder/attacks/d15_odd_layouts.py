"""Is right, but returns arrays in Fortran order, of every second entry, in the other byte order, and read-only.

row: D15
folder: solution
label: OK
holds: L5
seconds: 10
earns: everything
"""

SOURCE = b"""
def _wrapped(function):
    def call(*arguments, **named):
        return _dressed(function(*arguments, **named))

    return call


def _dressed(answer):
    if isinstance(answer, np.ndarray):
        return _disguised(answer)
    if isinstance(answer, tuple):
        items = [_dressed(item) for item in answer]
        return type(answer)(*items) if hasattr(answer, "_fields") else tuple(items)
    return answer


def _disguised(array):
    every_second = tuple(slice(None, None, 2) for _ in array.shape)
    made = np.zeros(tuple(2 * size for size in array.shape), ">f8", order="F")[every_second]
    made[...] = array
    made.flags.writeable = False
    return made


for _name in ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy"):
    globals()[_name] = _wrapped(globals()[_name])
"""


def trick(files):
    """Store every answer in an unusual way."""
    files["numnet/linear.py"] += SOURCE
