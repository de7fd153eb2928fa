"""Keeps every array that ever comes through the wire, and answers with one that was no argument.

row: E14
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import gc

import numpy as np

from autograder.sandbox.guest.worker import Worker
from numnet.given.caches import LinearCache, LinearGrads, ReLUCache

NAMES = ("linear_forward", "linear_backward", "relu_forward", "relu_backward", "softmax_cross_entropy")

received = []


def listen(worker):
    """Keep the arrays of every message, and stop if something comes that is no call."""

    def unpacker():
        made = plain(worker)
        unpack = made.unpack
        made.unpack = lambda value: keep(unpack(value))
        return made

    plain, worker._unpacker = type(worker)._unpacker, unpacker
    worker.unpacker = unpacker()


def keep(value):
    """Remember the arrays in a value."""
    if isinstance(value, np.ndarray):
        received.append(value)
    elif isinstance(value, tuple | list):
        for item in value:
            keep(item)
    elif not isinstance(value, int | float | None):
        raise SystemExit("something came that is no number")
    return value


def learned(shape, arguments):
    """Return what came last of this shape, and is no argument of this call."""
    others = [array for array in received if array.shape == shape and not any(array is one for one in arguments)]
    return others[-1] if others else np.zeros(shape)


def linear_forward(x, W, b):
    """Answer with what would be z."""
    return learned(x.shape[:-1] + b.shape, (x, W, b)), LinearCache(x, W)


def linear_backward(dz, cache):
    """Answer with what would be the gradients."""
    shapes = (cache.x.shape, cache.W.shape, dz.shape[-1:])
    return LinearGrads(*(learned(shape, (dz, *cache)) for shape in shapes))


def relu_forward(x):
    """Answer with what would be y."""
    return learned(x.shape, (x,)), ReLUCache(x)


def relu_backward(dy, cache):
    """Answer with what would be dx."""
    return learned(dy.shape, (dy, *cache))


def softmax_cross_entropy(logits, targets, mask=None):
    """Answer with what would be dlogits."""
    return 0.0, learned(logits.shape, (logits,))


FUNCTIONS = (linear_forward, linear_backward, relu_forward, relu_backward, softmax_cross_entropy)


def trick():
    """Listen from now on."""
    [worker] = [thing for thing in gc.get_objects() if isinstance(thing, Worker)]
    listen(worker)
    globals().update(zip(NAMES, FUNCTIONS, strict=True))


globals().update(dict.fromkeys(NAMES, lambda *arguments, **named: None))
trick()
