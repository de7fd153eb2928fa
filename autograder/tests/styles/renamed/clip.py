"""How loud yesterday still is, and a muzzle."""

from collections.abc import Callable
from typing import Any

import numpy as np

from numnet.toolbox import Bag, Real


def sensitivity(
    forward: Callable[[Real], tuple[Real, Any]],
    backward: Callable[[Real, Any], Real],
    x: Real,
    s: int = 0,
) -> Real:
    """Poke every unit on every day, and listen at day s."""
    moods, memory = forward(x)
    loudness = np.zeros(len(moods))
    for day in range(s, len(moods)):
        for unit in np.ndindex(*moods.shape[1:]):
            poke = np.zeros_like(moods)
            poke[(day, *unit)] = 1.0
            echo = backward(poke, memory)[s]
            loudness[day] += (echo * echo).sum()
    return np.sqrt(loudness)


def clip_grad_norm(grads: Bag, max_norm: float) -> tuple[Bag, float]:
    """Turn everything down by the same factor."""
    energy = 0.0
    for noise in grads.values():
        energy += float(np.vdot(noise, noise))
    volume = np.sqrt(energy)
    turn_down = max_norm / (volume + 1e-6)
    if turn_down > 1:
        turn_down = 1.0
    return {name: noise * turn_down for name, noise in grads.items()}, float(volume)


def clip_grad_value(grads: Bag, c: float) -> Bag:
    """Cut the peaks."""
    muzzled = {}
    for name, noise in grads.items():
        muzzled[name] = np.clip(noise, -c, c)
    return muzzled
