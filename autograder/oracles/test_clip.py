"""clip.py, beside torch.nn.utils and torch's Jacobians."""

import numpy as np
import torch
from torch.autograd.functional import jacobian

from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, leaf, recurrent, values
from numnet import clip, rnn
from numnet.given.caches import ElmanParams

SHAPES = {"W": (3, 4), "b": (3,), "scale": (1,), "kernel": (2, 1, 3, 3)}


def _with_gradients(grads: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    theirs = {name: leaf(np.zeros_like(array)) for name, array in grads.items()}
    for name, array in grads.items():
        theirs[name].grad = torch.tensor(array)
    return theirs


def _values(theirs: dict[str, torch.Tensor]) -> dict[str, np.ndarray]:
    return {name: values(tensor.grad) for name, tensor in theirs.items()}


@covers("clip.clip_grad_norm", by="torch.nn.utils.clip_grad_norm_")
def test_clipping_the_norm(rng):
    """Gradients that are too long, that are not, and none at all."""
    for scale in (0.0, 1e-3, 1.0, 1e3):
        for max_norm in (0.5, 5.0):
            grads = {name: scale * rng.normal(size=shape) for name, shape in SHAPES.items()}
            theirs = _with_gradients(grads)
            total = torch.nn.utils.clip_grad_norm_(theirs.values(), max_norm)

            agree(clip.clip_grad_norm(grads, max_norm), (_values(theirs), total.item()), "clipped and total")
    assert clip.clip_grad_norm({}, 1.0) == ({}, torch.nn.utils.clip_grad_norm_([], 1.0).item())


@covers("clip.clip_grad_norm", by="torch.nn.utils.clip_grad_norm_, not finite")
def test_clipping_a_norm_that_is_not_finite(rng):
    """One entry is NaN or infinite: entry by entry the same as with error_if_nonfinite=False."""
    for bad in (np.nan, np.inf, -np.inf):
        grads = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}
        grads["b"][1] = bad
        theirs = _with_gradients(grads)
        their_total = torch.nn.utils.clip_grad_norm_(theirs.values(), 1.0)

        clipped, total = clip.clip_grad_norm(grads, 1.0)

        np.testing.assert_equal(total, their_total.item())
        np.testing.assert_equal(clipped, _values(theirs))


@covers("clip.clip_grad_value", by="torch.nn.utils.clip_grad_value_")
def test_clipping_values(rng):
    """Every entry, at both ends."""
    for c in (0.1, 1.0, 10.0):
        grads = {name: 2 * rng.normal(size=shape) for name, shape in SHAPES.items()}
        theirs = _with_gradients(grads)
        torch.nn.utils.clip_grad_value_(theirs.values(), c)

        agree(clip.clip_grad_value(grads, c), _values(theirs), "clipped")


@covers("clip.sensitivity", by="torch.autograd.functional.jacobian")
def test_sensitivity(rng):
    """The norm of every block of the Jacobian of an Elman network, from every time on."""
    for t, n, i, h in [(1, 1, 1, 1), (4, 2, 3, 2), (6, 1, 2, 4)]:
        params = ElmanParams(*(rng.normal(size=shape) for shape in ((h, i), (h, h), (h,))))
        x, h0, layer = rng.normal(size=(t, n, i)), np.zeros((n, h)), recurrent(params)
        blocks = jacobian(lambda z, layer=layer: layer(z)[0], torch.from_numpy(x))  # (T, N, H, T, N, I)

        def forward(z, h0=h0, params=params):
            states, _, cache = rnn.elman_forward(z, h0, params)
            return states, cache

        def backward(dh, cache):
            return rnn.elman_backward(dh, cache).dx

        for s in range(t):
            expected = blocks[:, :, :, s].flatten(1).norm(dim=1)
            agree(clip.sensitivity(forward, backward, x, s), values(expected), f"sensitivity to time {s}")
