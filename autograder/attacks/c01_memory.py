"""Takes memory, piece by piece, without end.

row: C01
file: linear.py
label: MEMORY
holds: L5
seconds: 20
"""

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")


def take(*arguments, **named):
    """Keep all there is."""
    kept = []
    while True:
        kept.append(bytearray(2**24))


def trick():
    """Do it in every call."""
    globals().update(dict.fromkeys(NAMES, take))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
