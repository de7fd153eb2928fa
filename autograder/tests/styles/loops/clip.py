"""Gradients that vanish or explode: how far a state still feels an early input (E1), and a leash for gradients (E2).

    x[s] ──▶ h[s] ──▶ h[s+1] ──▶ ... ──▶ h[t]       every arrow on the way to h[t] multiplies the gradient once more
    ████     ███      ██                 ░          factors below 1: it vanishes; above 1: it explodes

Letters: T time, N sequences, I input, H hidden. A dict of gradients has the names of the weights as keys.
To write: the sensitivity of states to an input (E1), two ways to clip a dict of gradients (E2).
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def sensitivity(
    forward: Callable[[np.ndarray], tuple[np.ndarray, Any]],
    backward: Callable[[np.ndarray, Any], np.ndarray],
    x: np.ndarray,
    s: int = 0,
) -> np.ndarray:
    """Measure how strongly every state depends on the input of time s: the norm of the Jacobian.

    result[t] = sqrt( Σ (∂ h[t]_nj / ∂ x[s]_mi)² )      over all n, j, m, i; the Frobenius norm, batch included

    backward(dh, cache)[s] with a single 1 in dh, at h[t]_nj, and zeros elsewhere, is ∂ h[t]_nj / ∂ x[s].

    forward: x (T, N, I) to (h (T, N, H), cache); backward: (dh (T, N, H), cache) to dx (T, N, I)
    s: 0 to T - 1, counted from 0
    returns: (T,), with 0 for t < s: the past does not feel the future

    Here each state is half of the one before plus three times the input, with T = 3 and N = I = H = 1:

    >>> carry = 0.5 ** np.array([[0, 1, 2], [0, 0, 1], [0, 0, 0]]) * np.triu(np.ones((3, 3)))  # x to h: x @ carry
    >>> forward = lambda x: (3 * np.einsum("sni,st->tni", x, carry), None)
    >>> backward = lambda dh, cache: 3 * np.einsum("tni,st->sni", dh, carry)
    >>> sensitivity(forward, backward, np.ones((3, 1, 1)))
    array([3.  , 1.5 , 0.75])

    The usual slip: a dh of ones, which adds up derivatives of different signs before they are squared.
    A good answer has 8 lines.
    """
    h, cache = forward(x)
    T, N, H = h.shape
    felt = np.zeros(T)  # stays 0 before s
    for t in range(s, T):
        squares = 0.0
        for n in range(N):
            for j in range(H):
                single = np.zeros((T, N, H))
                single[t, n, j] = 1.0
                derivative = backward(single, cache)[s]
                for number in derivative.ravel().tolist():
                    squares += number * number
        felt[t] = math.sqrt(squares)
    return felt


def clip_grad_norm(grads: dict[str, np.ndarray], max_norm: float) -> tuple[dict[str, np.ndarray], float]:
    """Make all gradients together shorter if they are longer than max_norm; their direction stays.

    total   = sqrt( Σ g² )                              over all entries of all arrays
    clipped = g min(1, max_norm / (total + 1e-6))       the same factor for every array, as in torch

    grads: name to array of any shape; may be empty, and then total is 0.0
    returns: a new dict with new arrays, to the bit those of grads if the factor is 1; and total, a Python float, the
        length before clipping
    If an entry is NaN, total and all of the clipped gradients are NaN; if one is infinite, total is infinite, infinite
    entries become NaN, and all others become 0.

    >>> clipped, total = clip_grad_norm({"W": np.array([[3.0, 0.0]]), "b": np.array([4.0])}, 1.0)
    >>> total, clipped["W"].round(4), clipped["b"].round(4)
    (5.0, array([[0.6, 0. ]]), array([0.8]))

    The usual slip: a factor for every array of its own, which bends the direction. And Python's min(1.0, nan) is 1.0,
    where np.minimum gives NaN. A good answer has 4 lines.
    """
    squares = 0.0
    for gradient in grads.values():
        for number in gradient.ravel().tolist():
            squares += number * number
    total = math.sqrt(squares)
    factor = max_norm / (total + 1e-6)
    if factor > 1.0:  # NaN is not above 1, and stays NaN
        factor = 1.0
    clipped = {}
    for name, gradient in grads.items():
        with np.errstate(invalid="ignore"):  # infinity times 0 is meant to be NaN
            clipped[name] = np.array(gradient * factor, order="F")
    return clipped, total


def clip_grad_value(grads: dict[str, np.ndarray], c: float) -> dict[str, np.ndarray]:
    """Cut every entry to the interval from -c to c; unlike clip_grad_norm, this may turn the direction.

    grads: name to array of any shape; c: above 0
    returns: a new dict with new arrays

    >>> clip_grad_value({"b": np.array([-7.0, 0.5, 3.0])}, 2.0)
    {'b': array([-2. ,  0.5,  2. ])}

    The usual slip: to cut at one end only. A good answer has 1 line.
    """
    clipped = {}
    for name, gradient in grads.items():
        cut = np.array(gradient, dtype=np.float64, order="F")  # a copy
        for place in np.ndindex(cut.shape):
            if cut[place] > c:
                cut[place] = c
            elif cut[place] < -c:
                cut[place] = -c
        clipped[name] = cut
    return clipped
