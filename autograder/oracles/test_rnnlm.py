"""rnnlm.py, beside an embedding, a recurrent layer and a linear one of torch; the LSTM with peepholes is graves.py.

Letters: T time, N sentences, D numbers per word, H hidden, V words.
"""

from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence

from autograder.oracles import graves
from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, gradient, leaf, send_back, tensors, values
from numnet import rnnlm

CELLS = 1, 4  # row blocks: of an Elman network, of an LSTM
BOS, EOS = 0, 1


def _params(rng: np.random.Generator, blocks: int, words: int = 7, size: int = 3, hidden: int = 4):
    rows = blocks * hidden
    shapes = {"E": (words, size), "W_xh": (rows, size), "W_hh": (rows, hidden), "b_h": (rows,)}
    shapes |= {"w_peep": (3, hidden)} if blocks == 4 else {}
    shapes |= {"W_hy": (words, hidden), "b_y": (words,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def _cell(params, x: torch.Tensor, state):
    """Run torch's cell; returns h and the last state, in the form of rnnlm."""
    if "w_peep" in params:
        h, *last = graves.run(x, *state, [params[name] for name in ("W_xh", "W_hh", "b_h", "w_peep")])
        return h, tuple(last)
    weights = [params[name] for name in ("W_xh", "W_hh", "b_h")]
    h, last = torch.rnn_tanh(
        x, state[None], [*weights, torch.zeros(len(weights[2]))], True, 1, 0.0, False, False, False
    )
    return h, last[0]


def _logits(params, ids: torch.Tensor, state):
    h, last = _cell(params, F.embedding(ids, params["E"]), state)
    return F.linear(h, params["W_hy"], params["b_y"]), last


def _state(rng: np.random.Generator, blocks: int, n: int, hidden: int = 4):
    pair = tuple(rng.normal(size=(2, n, hidden)))
    return pair if blocks == 4 else pair[0]


def _torch(state):
    return tuple(map(torch.from_numpy, state)) if isinstance(state, tuple) else torch.from_numpy(state)


def _values(state):
    return tuple(map(values, state)) if isinstance(state, tuple) else values(state)


def _rows(state, chosen: np.ndarray):
    return tuple(part[chosen] for part in state) if isinstance(state, tuple) else state[chosen]


def _zeros(blocks: int, n: int = 1, hidden: int = 4):
    return (torch.zeros(n, hidden),) * 2 if blocks == 4 else torch.zeros(n, hidden)


@covers("rnnlm.cell_forward", "rnnlm.cell_backward", by="torch's Elman network and graves.py")
def test_cell(rng):
    """Both cells, from a state that is not zero, and the gradients of their weights."""
    for blocks in CELLS:
        params, state, x = _params(rng, blocks), _state(rng, blocks, 2), rng.normal(size=(5, 2, 3))
        dh, theirs, their_x = rng.normal(size=(5, 2, 4)), tensors(params), leaf(x)
        their_h, their_last = _cell(theirs, their_x, _torch(state))
        send_back((their_h, dh))

        h, last, cache = rnnlm.cell_forward(params, x, state)

        agree((h, last), (values(their_h), _values(their_last)), "h and the last state")
        names = [name for name in params if name not in ("E", "W_hy", "b_y")]
        expected = gradient(their_x), {name: gradient(theirs[name]) for name in names}
        agree(rnnlm.cell_backward(dh, cache), expected, "gradients")


@covers("rnnlm.lm_inputs_targets", by="torch.nn.utils.rnn.pad_sequence")
def test_inputs_and_targets(rng):
    """Sentences of different lengths, empty ones too; the padding has the id of a word."""
    for count in (1, 2, 5):
        sentences = [rng.integers(0, 9, size=n) for n in rng.integers(0, 6, size=count)]
        inp, tgt = (
            pad_sequence([torch.tensor(ids) for ids in rows], padding_value=3)
            for rows in ([[BOS, *ids] for ids in sentences], [[*ids, EOS] for ids in sentences])
        )
        mask = pad_sequence([torch.ones(len(ids) + 1, dtype=torch.bool) for ids in sentences])

        answer = rnnlm.lm_inputs_targets([ids.tolist() for ids in sentences], BOS, EOS, pad=3)

        agree(answer, (inp.numpy(), tgt.numpy(), mask.numpy()), "inp, tgt, mask")


@covers("rnnlm.rnnlm_loss", by="torch.nn.functional")
def test_loss_of_a_batch(rng):
    """The mean over the words that are there, the gradient of every weight, and the last state."""
    for blocks in CELLS:
        for t, n in ((1, 1), (4, 3), (9, 2)):
            params, state = _params(rng, blocks), _state(rng, blocks, n)
            inp, tgt = rng.integers(7, size=(2, t, n))
            mask = np.arange(t)[:, None] < np.array([t, *rng.integers(1, t + 1, size=n - 1)])
            theirs, whole = tensors(params), mask.all(axis=0)
            logits, their_last = _logits(theirs, torch.from_numpy(inp), _torch(state))
            labels = torch.from_numpy(np.where(mask, tgt, -100))
            their_loss = F.cross_entropy(logits.flatten(0, 1), labels.flatten())
            their_loss.backward()

            loss, grads, last = rnnlm.rnnlm_loss(params, inp, tgt, mask, state)

            agree(loss, their_loss.item(), "loss")
            agree(grads, {name: gradient(tensor) for name, tensor in theirs.items()}, "gradients")
            agree(_rows(last, whole), _rows(_values(their_last), whole), "last state of sentences without padding")


@covers("rnnlm.rnnlm_logprob", by="torch.nn.functional.cross_entropy")
def test_probability_of_a_sentence(rng):
    """The chain rule, the end included."""
    for blocks in CELLS:
        for length in (0, 1, 6):
            params, ids = _params(rng, blocks), rng.integers(2, 7, size=length).tolist()
            logits, _ = _logits(tensors(params), torch.tensor([[BOS, *ids]]).T, _zeros(blocks))
            surprise = F.cross_entropy(logits[:, 0], torch.tensor([*ids, EOS]), reduction="sum")

            agree(rnnlm.rnnlm_logprob(params, ids, BOS, EOS), -surprise.item(), "log-probability")


@covers("rnnlm.sample", by="torch.softmax and torch.searchsorted")
def test_sampling(rng):
    """The same uniform numbers give the same words, at several temperatures; at 0 the likeliest one."""
    for blocks in CELLS:
        for temperature in (0.0, 0.5, 1.0, 2.0):
            params, seed = _params(rng, blocks), int(rng.integers(1000))
            theirs, uniform, state = tensors(params), Random(seed), _zeros(blocks)
            expected = [BOS]
            while len(expected) <= 12 and (len(expected) == 1 or expected[-1] != EOS):
                logits, state = _logits(theirs, torch.tensor([[expected[-1]]]), state)
                if temperature:
                    cumulative = torch.softmax(logits[0, 0] / temperature, dim=0).cumsum(0)
                    expected.append(int(torch.searchsorted(cumulative, uniform.random(), right=True)))
                else:
                    expected.append(int(logits[0, 0].argmax()))

            words = rnnlm.sample(params, Random(seed), BOS, EOS, max_len=12, temperature=temperature)

            assert words == (expected[1:-1] if expected[-1] == EOS else expected[1:])
