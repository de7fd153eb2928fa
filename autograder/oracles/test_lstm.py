"""The networks of lstm.py, beside torch.nn.LSTM where there are no peepholes, and beside the paper's equations.

Letters: T time, N sequences, I input, H hidden.
"""

import numpy as np
import torch

from autograder.oracles import graves
from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, dparams, gradients, leaf, leaves, recurrent, send_back, values
from numnet import lstm
from numnet.given.caches import DeepBidirectionalLSTMGrads, LSTMGrads, LSTMParams, LSTMStepGrads


def _params(rng: np.random.Generator, inputs: int, hidden: int) -> LSTMParams:
    shapes = (4 * hidden, inputs), (4 * hidden, hidden), (4 * hidden,), (3, hidden)
    return LSTMParams(*(rng.normal(size=shape) / np.sqrt(hidden) for shape in shapes))


def _sizes(rng: np.random.Generator):
    """Yield T, N, I, H: all of size 1, then random ones."""
    yield 1, 1, 1, 1
    for time in (2, 3, 5, 20):
        yield time, *rng.integers(1, 6, size=3).tolist()


@covers("lstm.lstm_step_forward", "lstm.lstm_step_backward", by="torch's autograd on the five equations")
def test_lstm_step(rng):
    """One step with peepholes, and the gradients of all arguments from both results."""
    for _, n, i, h in _sizes(rng):
        x, (h0, c0, dh, dc), params = rng.normal(size=(n, i)), rng.normal(size=(4, n, h)), _params(rng, i, h)
        theirs, weights = leaves(x, h0, c0), leaves(*params)
        their_h, their_c = graves.step(*theirs, weights)
        send_back((their_h, dh), (their_c, dc))

        h_t, c_t, cache = lstm.lstm_step_forward(x, h0, c0, params)

        agree((h_t, c_t), (values(their_h), values(their_c)), "state and cell")
        agree(lstm.lstm_step_backward(dh, dc, cache), LSTMStepGrads(*gradients(*theirs, *weights)), "gradients")


@covers("lstm.lstm_step_forward", by="torch.nn.LSTMCell, without peepholes")
def test_lstm_step_without_peepholes(rng):
    """The order of the gates is torch's."""
    for _, n, i, h in _sizes(rng):
        params = _params(rng, i, h)._replace(w_peep=np.zeros((3, h)))
        x, h0, c0 = rng.normal(size=(n, i)), *rng.normal(size=(2, n, h))
        cell = torch.nn.LSTMCell(i, h)
        W_xh, W_hh, b_h = map(torch.from_numpy, params[:3])
        cell.load_state_dict({"weight_ih": W_xh, "weight_hh": W_hh, "bias_ih": b_h, "bias_hh": torch.zeros(4 * h)})
        their_h, their_c = cell(torch.from_numpy(x), (torch.from_numpy(h0), torch.from_numpy(c0)))

        h_t, c_t, _ = lstm.lstm_step_forward(x, h0, c0, params)

        agree((h_t, c_t), (values(their_h), values(their_c)), "state and cell")


@covers("lstm.lstm_forward", "lstm.lstm_backward", by="torch's autograd on the five equations")
def test_lstm_over_time(rng):
    """Gradients come in at every state, at the last state and at the last cell."""
    for t, n, i, h in _sizes(rng):
        x, dh, params = rng.normal(size=(t, n, i)), rng.normal(size=(t, n, h)), _params(rng, i, h)
        h0, c0, dh_T, dc_T = rng.normal(size=(4, n, h))
        theirs, weights = leaves(x, h0, c0), leaves(*params)
        their_h, their_h_T, their_c_T = graves.run(*theirs, weights)
        send_back((their_h, dh), (their_h_T, dh_T), (their_c_T, dc_T))

        states, h_T, c_T, cache = lstm.lstm_forward(x, h0, c0, params)

        agree((states, h_T, c_T), tuple(map(values, (their_h, their_h_T, their_c_T))), "h, h_T, c_T")
        agree(lstm.lstm_backward(dh, cache, dh_T, dc_T), LSTMGrads(*gradients(*theirs, *weights)), "gradients")


@covers("lstm.lstm_forward", by="torch.nn.LSTM, without peepholes")
def test_lstm_over_time_without_peepholes(rng):
    """The whole network and all gradients but those of the peepholes, which torch does not have."""
    for t, n, i, h in _sizes(rng):
        params = _params(rng, i, h)._replace(w_peep=np.zeros((3, h)))
        x, h0, c0 = rng.normal(size=(t, n, i)), *rng.normal(size=(2, n, h))
        dh, layer, theirs = rng.normal(size=(t, n, h)), recurrent(params), leaves(x, h0, c0)
        their_h, (their_h_T, their_c_T) = layer(theirs[0], (theirs[1][None], theirs[2][None]))
        send_back((their_h, dh))

        states, h_T, c_T, cache = lstm.lstm_forward(x, h0, c0, params)

        agree((states, h_T, c_T), (values(their_h), values(their_h_T[0]), values(their_c_T[0])), "h, h_T, c_T")
        grads = lstm.lstm_backward(dh, cache)
        agree(tuple(grads[:-1]), (*gradients(*theirs), *dparams(layer)[0]), "gradients but those of the peepholes")


@covers(
    "lstm.deep_bidirectional_lstm_forward", "lstm.deep_bidirectional_lstm_backward",
    by="torch's autograd on the five equations",
)  # fmt: skip
def test_deep_bidirectional_lstm(rng):
    """One to three layers, each of a size of its own; both directions of a layer read both of the layer below."""
    for depth in (1, 2, 3):
        for t, n, i, _ in list(_sizes(rng))[:4]:
            sizes = rng.integers(1, 6, size=depth).tolist()
            inputs = [i, *(2 * size for size in sizes)]
            params = [(_params(rng, *pair), _params(rng, *pair)) for pair in zip(inputs, sizes, strict=False)]
            h0, c0 = ([tuple(rng.normal(size=(2, n, h))) for h in sizes] for _ in range(2))
            x, dh = rng.normal(size=(t, n, i)), rng.normal(size=(t, n, 2 * sizes[-1]))
            their_x = leaf(x)
            theirs = [[leaves(*arrays) for arrays in zip(*layer, strict=True)] for layer in zip(h0, c0, strict=True)]
            weights = [[leaves(*record) for record in pair] for pair in params]
            below = their_x
            for (first_f, first_b), (weights_f, weights_b) in zip(theirs, weights, strict=True):
                h_f, _, _ = graves.run(below, *first_f, weights_f)
                h_b, _, _ = graves.run(below.flip(0), *first_b, weights_b)
                below = torch.cat([h_f, h_b.flip(0)], dim=2)
            send_back((below, dh))

            states, cache = lstm.deep_bidirectional_lstm_forward(x, h0, c0, params)

            agree(states, values(below), "h")
            expected = DeepBidirectionalLSTMGrads(
                *gradients(their_x),
                *(tuple(tuple(gradients(f[k], b[k])) for f, b in theirs) for k in (0, 1)),
                tuple(tuple(LSTMParams(*gradients(*record)) for record in pair) for pair in weights),
            )
            agree(lstm.deep_bidirectional_lstm_backward(dh, cache), expected, "gradients")


@covers("lstm.deep_bidirectional_lstm_forward", by="torch.nn.LSTM(bidirectional=True), without peepholes")
def test_deep_bidirectional_lstm_without_peepholes(rng):
    """Two layers from states of zeros."""
    for t, n, i, h in _sizes(rng):
        params = [
            tuple(_params(rng, inputs, h)._replace(w_peep=np.zeros((3, h))) for _ in range(2)) for inputs in (i, 2 * h)
        ]
        x, zeros = rng.normal(size=(t, n, i)), [(np.zeros((n, h)),) * 2] * 2
        below = torch.from_numpy(x)
        for pair in params:
            below, _ = recurrent(*pair)(below)

        states, _ = lstm.deep_bidirectional_lstm_forward(x, zeros, zeros, params)

        agree(states, values(below), "h")
