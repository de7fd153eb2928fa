"""Replaces every function that a grader could compare with, so that a wrong answer passes in a shared process.

row: F04
file: linear.py
label: WRONG
holds: L5
seconds: 10
"""

import builtins
import sys

import numpy as np

from numnet.given.caches import LinearCache, LinearGrads, ReLUCache


def trick():
    """Make every comparison of this process come out well."""
    for name in ("allclose", "isclose", "array_equal", "array_equiv"):
        setattr(np, name, lambda *args, **named: True)
    for name in vars(np.testing):
        if name.startswith("assert_"):
            setattr(np.testing, name, lambda *args, **named: None)
    builtins.abs = builtins.max = lambda *args, **named: 0.0
    np.shares_memory = np.may_share_memory = lambda *args, **named: False
    for module in list(sys.modules.values()):
        for name in ("agree", "holds", "conform", "_fingerprint", "_arrays"):
            if hasattr(module, name):
                setattr(module, name, lambda *args, **named: [])


def linear_forward(x, W, b):
    """Answer wrongly."""
    return np.zeros(x.shape[:-1] + b.shape) + 7.0, LinearCache(x, W)


def linear_backward(dz, cache):
    """Answer wrongly."""
    return LinearGrads(cache.x, cache.W, dz.sum(axis=0))


def relu_forward(x):
    """Answer wrongly."""
    return x, ReLUCache(x)


def relu_backward(dy, cache):
    """Answer wrongly."""
    return dy


def softmax_cross_entropy(logits, targets, mask=None):
    """Answer wrongly."""
    return 0.5, np.zeros_like(logits)


trick()
