"""Returns objects that say yes to every comparison: an array, a number and a string of classes of its own.

row: D01
file: linear.py
label: UNSUPPORTED or WRONG
holds: L5
seconds: 10
"""

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


class Yes:
    """Equal to everything, smaller and larger, and an array if somebody asks."""

    shape, dtype, ndim, size = (), np.dtype(float), 0, 1
    __array_priority__ = 1e9

    def _yes(self, *args, **named):
        return True

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = _yes

    def _self(self, *args, **named):
        return self

    __sub__ = __rsub__ = __add__ = __abs__ = __getitem__ = __call__ = all = any = max = sum = _self
    __array_function__ = __array_ufunc__ = _self

    def __array__(self, *args, **named):
        return np.zeros(())

    def __float__(self):
        return 0.0

    def __getattr__(self, name):
        return self


class YesArray(np.ndarray):
    """An array that is equal to everything."""

    __array_priority__ = 1e9

    def __eq__(self, other):
        return True

    def __array_function__(self, *args, **named):
        return True

    def __array_ufunc__(self, *args, **named):
        return True


class YesFloat(float):
    """A number that is equal to everything."""

    __eq__ = __lt__ = __le__ = __ge__ = lambda self, other: True
    __hash__ = float.__hash__

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__


thing, number = None, 0.5


def array(shape):
    """Return zeros, as whatever class is in force."""
    return np.zeros(shape) if thing is None else np.zeros(shape).view(YesArray)


def trick():
    """Answer with objects from now on."""
    global thing, number
    thing, number = Yes(), YesFloat(0.5)


def linear_forward(x, W, b):
    """Answer wrongly."""
    return array(x.shape[:-1] + b.shape) if x.ndim > 1 else thing, LinearCache(x, W)


def linear_backward(dz, cache):
    """Answer wrongly."""
    return LinearGrads(thing, array(cache.W.shape), array(1))


def relu_forward(x):
    """Answer wrongly."""
    return thing, ReLUCache(x)


def relu_backward(dy, cache):
    """Answer wrongly."""
    return thing


def softmax_cross_entropy(logits, targets, mask=None):
    """Answer wrongly."""
    return number, thing


trick()
