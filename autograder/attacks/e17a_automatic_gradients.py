"""Takes gradients from libraries that differentiate by themselves, and imports them only when it is called.

row: E17a
file: linear.py
label: FORBIDDEN or WRONG
holds: L5
seconds: 10
"""

import importlib

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

LIBRARIES = {"linear_backward": "autograd", "relu_backward": "jax.numpy", "softmax_cross_entropy": "torch.autograd"}


def trick():
    """Do it in every function that has a gradient."""
    for name, library in LIBRARIES.items():
        globals()[name] = lambda *arguments, library=library, **named: importlib.import_module(library)


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
