"""Adam (Kingma and Ba 2015): every weight moves by about lr, whatever the size of its gradient."""

from typing import NamedTuple

import numpy as np

Arrays = dict[str, np.ndarray]
BETA1, BETA2, EPS = 0.9, 0.999, 1e-8


class AdamState(NamedTuple):
    """What one step leaves to the next: how many there were, and the running means of g and of g²."""

    t: int
    m: Arrays
    v: Arrays


def adam_step(params: Arrays, grads: Arrays, lr: float, state: AdamState | None = None) -> tuple[Arrays, AdamState]:
    """Move every array of weights against its gradient, measured by its usual size; as torch.optim.Adam does.

    t' = t + 1
    m' = β1 m + (1 - β1) g                      β1 = 0.9; m, v and t are 0 in the first step, when state is None
    v' = β2 v + (1 - β2) g²                     β2 = 0.999
    θ' = θ - lr m̂ / (√v̂ + ε)                    m̂ = m' / (1 - β1^t'), v̂ = v' / (1 - β2^t'), ε = 1e-8

    params, grads: dicts of the same names, arrays of the same shapes
    returns: the new params and the new state: new dicts, new arrays

    >>> params, state = adam_step({"w": np.array([1.0, 1.0])}, {"w": np.array([0.001, -50.0])}, lr=0.1)
    >>> params["w"].round(5)
    array([0.9, 1.1])
    """
    if state is None:
        zeros = {name: np.zeros_like(g) for name, g in grads.items()}
        state = AdamState(0, zeros, zeros)
    t = state.t + 1
    m = {name: BETA1 * state.m[name] + (1 - BETA1) * g for name, g in grads.items()}
    v = {name: BETA2 * state.v[name] + (1 - BETA2) * g**2 for name, g in grads.items()}
    scale = {name: np.sqrt(v[name] / (1 - BETA2**t)) + EPS for name in grads}
    moved = {name: theta - lr / (1 - BETA1**t) * m[name] / scale[name] for name, theta in params.items()}
    return moved, AdamState(t, m, v)
