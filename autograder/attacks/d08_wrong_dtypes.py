"""Returns right numbers in single or half precision, as complex numbers, or rounded to integers.

row: D08
folder: solution
label: WRONG
holds: L5
seconds: 10
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
    return array.astype((np.complex128, np.float16, np.int64)[array.ndim % 3])


for _name in ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy"):
    globals()[_name] = _wrapped(globals()[_name])
"""


def trick(files):
    """Change the dtype of every answer."""
    files["numnet/linear.py"] += SOURCE
