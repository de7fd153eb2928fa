"""The LSTM of Graves, Mohamed and Hinton (2013), written out in torch as its five equations stand in the paper.

    i_t = σ(W_xi x_t + W_hi h_{t-1} + w_ci c_{t-1} + b_i)
    f_t = σ(W_xf x_t + W_hf h_{t-1} + w_cf c_{t-1} + b_f)
    c_t = f_t c_{t-1} + i_t tanh(W_xc x_t + W_hc h_{t-1} + b_c)
    o_t = σ(W_xo x_t + W_ho h_{t-1} + w_co c_t + b_o)
    h_t = o_t tanh(c_t)

Their gradients are torch's: no backward pass is written here. Letters: T time, N sequences, H hidden.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, sigmoid, tanh


def step(x_t: Tensor, h: Tensor, c: Tensor, weights: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Return h_t and c_t, each (N, H); weights: W_xh, W_hh, b_h with the blocks i, f, c, o, and w_peep (3, H)."""
    W_xh, W_hh, b_h, (w_ci, w_cf, w_co) = weights
    W_xi, W_xf, W_xc, W_xo = W_xh.chunk(4)
    W_hi, W_hf, W_hc, W_ho = W_hh.chunk(4)
    b_i, b_f, b_c, b_o = b_h.chunk(4)
    i_t = sigmoid(x_t @ W_xi.T + h @ W_hi.T + w_ci * c + b_i)
    f_t = sigmoid(x_t @ W_xf.T + h @ W_hf.T + w_cf * c + b_f)
    c_t = f_t * c + i_t * tanh(x_t @ W_xc.T + h @ W_hc.T + b_c)
    o_t = sigmoid(x_t @ W_xo.T + h @ W_ho.T + w_co * c_t + b_o)
    return o_t * tanh(c_t), c_t


def run(
    x: Tensor, h: Tensor, c: Tensor, weights: Sequence[Tensor], mask: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Return h of every time (T, N, H), the last state and the last cell; both stay as they are where mask is False."""
    states = []
    for t, x_t in enumerate(x):
        h_t, c_t = step(x_t, h, c, weights)
        if mask is not None:
            h_t, c_t = torch.where(mask[t][:, None], h_t, h), torch.where(mask[t][:, None], c_t, c)
        h, c = h_t, c_t
        states.append(h)
    return torch.stack(states), h, c
