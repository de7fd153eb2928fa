"""The networks of rnn.py, beside torch.nn.RNN.

Letters: T time, N sequences, I input, H hidden, L layers.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, dparams, gradient, gradients, leaf, leaves, recurrent, send_back, values
from numnet import rnn
from numnet.given.caches import (
    BidirectionalGrads,
    DeepBidirectionalGrads,
    DeepElmanGrads,
    ElmanGrads,
    ElmanParams,
    ElmanStepGrads,
)


def _params(rng: np.random.Generator, inputs: int, hidden: int) -> ElmanParams:
    shapes = (hidden, inputs), (hidden, hidden), (hidden,)
    return ElmanParams(*(rng.normal(size=shape) / np.sqrt(hidden) for shape in shapes))


def _sizes(rng: np.random.Generator):
    """Yield T, N, I, H: all of size 1, then random ones."""
    yield 1, 1, 1, 1
    for time in (2, 3, 5, 25):
        yield time, *rng.integers(1, 6, size=3).tolist()


@covers("rnn.elman_step_forward", "rnn.elman_step_backward", by="torch.nn.RNNCell")
def test_elman_step(rng):
    """One step, and the gradients of all five arguments."""
    for _, n, i, h in _sizes(rng):
        x, h0, dh, params = rng.normal(size=(n, i)), *rng.normal(size=(2, n, h)), _params(rng, i, h)
        cell = torch.nn.RNNCell(i, h)
        names = "weight_ih", "weight_hh", "bias_ih"
        state = {name: torch.from_numpy(array) for name, array in zip(names, params, strict=True)}
        cell.load_state_dict({**state, "bias_hh": torch.zeros(h)})
        theirs = leaves(x, h0)
        their_h = cell(*theirs)
        send_back((their_h, dh))

        h_t, cache = rnn.elman_step_forward(x, h0, *params)

        agree(h_t, values(their_h), "h_t")
        weights = [cell.get_parameter(name) for name in names]
        agree(rnn.elman_step_backward(dh, cache), ElmanStepGrads(*gradients(*theirs, *weights)), "gradients")


@covers("rnn.elman_forward", "rnn.elman_backward", by="torch.nn.RNN")
def test_elman_network(rng):
    """A first state that is not zero, and gradients that come in at every state and at the last one."""
    for t, n, i, h in _sizes(rng):
        x, (h0, dh_T), params = rng.normal(size=(t, n, i)), rng.normal(size=(2, n, h)), _params(rng, i, h)
        dh, layer, theirs = rng.normal(size=(t, n, h)), recurrent(params), leaves(x, h0)
        their_h, their_last = layer(theirs[0], theirs[1][None])
        send_back((their_h, dh), (their_last[0], dh_T))

        states, last, cache = rnn.elman_forward(x, h0, params)

        agree(states, values(their_h), "h")
        agree(last, values(their_last[0]), "h_T")
        agree(rnn.elman_backward(dh, cache, dh_T), ElmanGrads(*gradients(*theirs), *dparams(layer)[0]), "gradients")


@covers("rnn.elman_outputs", by="torch.nn.functional.linear")
def test_elman_outputs(rng):
    """The same layer at every time."""
    for t, n, i, h in _sizes(rng):
        states, W_hy, b_y = rng.normal(size=(t, n, h)), rng.normal(size=(i, h)), rng.normal(size=i)

        y, _ = rnn.elman_outputs(states, W_hy, b_y)

        agree(y, values(F.linear(*leaves(states, W_hy, b_y))), "y")


@covers("rnn.elman_backward_truncated", by="torch.nn.RNN, detached every k steps")
def test_truncated_backpropagation(rng):
    """Chunks that divide the sequence and that do not, of one step, and longer than the sequence."""
    for t, n, i, h in _sizes(rng):
        for k in (1, 2, 3, t, t + 1):
            x, h0, dh = rng.normal(size=(t, n, i)), rng.normal(size=(n, h)), rng.normal(size=(t, n, h))
            params = _params(rng, i, h)
            layer, theirs = recurrent(params), leaves(x, h0)
            last = theirs[1][None]
            for start in range(0, t, k):
                chunk, last = layer(theirs[0][start : start + k], last)
                send_back((chunk, dh[start : start + k]))
                last = last.detach()
            _, _, cache = rnn.elman_forward(x, h0, params)

            grads = rnn.elman_backward_truncated(dh, cache, k)

            agree(grads, ElmanGrads(*gradients(*theirs), *dparams(layer)[0]), f"gradients with k={k}")


@covers("rnn.reverse_padded", by="torch.flip")
def test_padded_sequences_turned_round(rng):
    """Each sequence up to its length; an empty one, too."""
    for t, n, i, _ in _sizes(rng):
        x, lengths = rng.normal(size=(t, n, i)), rng.integers(0, t + 1, size=n)
        expected = torch.from_numpy(x.copy())
        for place, length in enumerate(lengths):
            expected[:length, place] = torch.flip(expected[:length, place], dims=[0])

        agree(rnn.reverse_padded(x, lengths), values(expected), "x_rev")


@covers("rnn.bidirectional_forward", "rnn.bidirectional_backward", by="torch.nn.RNN on a PackedSequence")
def test_bidirectional_layer(rng):
    """Sequences of different lengths, whose padding is NaN; first states of both directions."""
    for t, n, i, h in _sizes(rng):
        h0, dh = rng.normal(size=(2, n, h)), rng.normal(size=(t, n, 2 * h))
        lengths = rng.integers(1, t + 1, size=n)
        lengths[0] = t
        x = np.where((np.arange(t)[:, None] < lengths)[..., None], rng.normal(size=(t, n, i)), np.nan)
        params = _params(rng, i, h), _params(rng, i, h)
        layer, theirs = recurrent(*params), leaves(x, h0)
        packed = pack_padded_sequence(theirs[0], torch.from_numpy(lengths), enforce_sorted=False)
        their_packed, their_last = layer(packed, theirs[1])
        their_h, _ = pad_packed_sequence(their_packed)
        send_back((their_h, dh))

        states, last, cache = rnn.bidirectional_forward(x, *h0, *params, lengths)

        agree(states, values(their_h), "h")
        agree(np.stack(last), values(their_last), "last states")
        agree(last[0], values(their_last[0]), "h_T")
        dx, dh0 = gradients(*theirs)
        agree(rnn.bidirectional_backward(dh, cache), BidirectionalGrads(dx, *dh0, *dparams(layer)), "gradients")


@covers("rnn.deep_elman_forward", "rnn.deep_elman_backward", by="torch.nn.RNN, one upon the other")
def test_deep_network(rng):
    """One to three layers, each of a size of its own."""
    for depth in (1, 2, 3):
        for t, n, i, _ in _sizes(rng):
            sizes = rng.integers(1, 6, size=depth).tolist()
            params = [_params(rng, *pair) for pair in zip([i, *sizes], sizes, strict=False)]
            x, h0 = rng.normal(size=(t, n, i)), [rng.normal(size=(n, h)) for h in sizes]
            dh = rng.normal(size=(t, n, sizes[-1]))
            their_x, firsts, layers = leaf(x), leaves(*h0), [recurrent(each) for each in params]
            below, lasts = their_x, []
            for layer, first in zip(layers, firsts, strict=True):
                below, last = layer(below, first[None])
                lasts.append(values(last[0]))
            send_back((below, dh))

            states, last, cache = rnn.deep_elman_forward(x, h0, params)

            agree(states, values(below), "h")
            agree(last, tuple(lasts), "h_T")
            records = tuple(dparams(layer)[0] for layer in layers)
            expected = DeepElmanGrads(gradient(their_x), tuple(gradients(*firsts)), records)
            agree(rnn.deep_elman_backward(dh, cache), expected, "gradients")


@covers("rnn.deep_bidirectional_forward", "rnn.deep_bidirectional_backward", by="torch.nn.RNN, one upon the other")
def test_deep_bidirectional_network(rng):
    """One to three layers; both directions of a layer read both of the layer below."""
    for depth in (1, 2, 3):
        for t, n, i, _ in _sizes(rng):
            sizes = rng.integers(1, 6, size=depth).tolist()
            inputs = [i, *(2 * size for size in sizes)]
            pairs = list(zip(inputs, sizes, strict=False))
            params = [(_params(rng, *pair), _params(rng, *pair)) for pair in pairs]
            x, dh = rng.normal(size=(t, n, i)), rng.normal(size=(t, n, 2 * sizes[-1]))
            their_x, layers = leaf(x), [recurrent(*each) for each in params]
            below = their_x
            for layer in layers:
                below, _ = layer(below)
            send_back((below, dh))

            states, cache = rnn.deep_bidirectional_forward(x, params)

            agree(states, values(below), "h")
            expected = DeepBidirectionalGrads(gradient(their_x), tuple(dparams(layer) for layer in layers))
            agree(rnn.deep_bidirectional_backward(dh, cache), expected, "gradients")


def test_torch_stacks_layers_in_the_same_way(rng):
    """torch's own num_layers=3, bidirectional=True, is one layer upon the other, as above."""
    stack = torch.nn.RNN(3, 4, num_layers=3, bidirectional=True)
    weights = {name: values(tensor) for name, tensor in stack.named_parameters()}

    def record(end: str) -> ElmanParams:
        bias = weights[f"bias_ih{end}"] + weights[f"bias_hh{end}"]
        return ElmanParams(weights[f"weight_ih{end}"], weights[f"weight_hh{end}"], bias)

    params = [(record(f"_l{layer}"), record(f"_l{layer}_reverse")) for layer in range(3)]
    x = rng.normal(size=(5, 2, 3))

    states, _ = rnn.deep_bidirectional_forward(x, params)

    agree(states, values(stack(torch.from_numpy(x))[0]), "h")
