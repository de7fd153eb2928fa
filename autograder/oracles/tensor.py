"""Between arrays and torch: leaves for the gradient to arrive at, and the layers of torch with our weights."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import torch

from autograder.checks import claim
from numnet.given.caches import ElmanParams, LSTMParams

agree = partial(claim.agree, within=claim.Tolerance(1e-10, 1e-11))  # two right float64 versions differ by 3e-14


def leaf(array: np.ndarray) -> torch.Tensor:
    """Copy an array into a tensor that will have a gradient."""
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def leaves(*arrays: np.ndarray) -> list[torch.Tensor]:
    """Copy arrays into tensors that will have gradients."""
    return [leaf(array) for array in arrays]


def values(tensor: torch.Tensor) -> np.ndarray:
    """Copy a tensor into an array."""
    return tensor.detach().numpy().copy()


def gradient(tensor: torch.Tensor) -> np.ndarray:
    """Return the gradient that arrived at a leaf; zeros, if none did."""
    return np.zeros(tuple(tensor.shape)) if tensor.grad is None else values(tensor.grad)


def gradients(*tensors: torch.Tensor) -> list[np.ndarray]:
    """Return the gradients that arrived at leaves."""
    return [gradient(tensor) for tensor in tensors]


def send_back(*pairs: tuple[torch.Tensor, np.ndarray]) -> None:
    """Send gradients back from results, all at once."""
    torch.autograd.backward([result for result, _ in pairs], [torch.from_numpy(d) for _, d in pairs])


def tensors(arrays: Mapping[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """Copy a dict of arrays into leaves."""
    return {name: leaf(array) for name, array in arrays.items()}


def recurrent(*params: ElmanParams | LSTMParams) -> Any:
    """Make torch's layer with our weights: in one direction, or in both if there are two records. No peepholes."""
    kind = torch.nn.LSTM if isinstance(params[0], LSTMParams) else torch.nn.RNN
    hidden = params[0].W_hh.shape[1]
    layer = kind(params[0].W_xh.shape[1], hidden, bidirectional=len(params) == 2)
    state = {}
    for end, (W_xh, W_hh, b_h, *_) in zip(("_l0", "_l0_reverse"), params, strict=False):
        weights = {"weight_ih": W_xh, "weight_hh": W_hh, "bias_ih": b_h, "bias_hh": np.zeros_like(b_h)}
        state |= {name + end: torch.from_numpy(array) for name, array in weights.items()}
    layer.load_state_dict(state)
    return layer


def dparams(layer: Any) -> tuple[ElmanParams, ...]:
    """Return the gradients of torch's layer, a record of W_xh, W_hh and b_h for each direction."""
    ends = ("_l0", "_l0_reverse") if layer.bidirectional else ("_l0",)
    names = "weight_ih", "weight_hh", "bias_ih"
    return tuple(ElmanParams(*(gradient(layer.get_parameter(name + end)) for name in names)) for end in ends)
