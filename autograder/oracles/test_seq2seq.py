"""seq2seq.py, beside the encoder and decoder of graves.py, and torch.nn.LSTM on packed sequences without peepholes.

Letters: T time, N sentences, D numbers per word, H hidden.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence

from autograder.oracles import graves
from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree, gradient, gradients, leaves, recurrent, send_back, tensors, values
from numnet import seq2seq
from numnet.given.caches import LSTMGrads, LSTMParams

SOURCE, TARGET, SIZE, HIDDEN = 6, 5, 3, 4
BOS, EOS = 0, 1


def _params(rng: np.random.Generator) -> dict[str, np.ndarray]:
    cell = {"W_xh": (4 * HIDDEN, SIZE), "W_hh": (4 * HIDDEN, HIDDEN), "b_h": (4 * HIDDEN,), "w_peep": (3, HIDDEN)}
    shapes = {f"{side}.{name}": shape for side in ("enc", "dec") for name, shape in cell.items()}
    shapes |= {"enc.E": (SOURCE, SIZE), "dec.E": (TARGET, SIZE), "W_hy": (TARGET, HIDDEN), "b_y": (TARGET,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def _side(params: dict, side: str) -> list:
    return [params[f"{side}.{name}"] for name in LSTMParams._fields]


def _mask(rng: np.random.Generator, t: int, n: int, least: int = 0) -> np.ndarray:
    return np.arange(t)[:, None] < rng.integers(least, t + 1, size=n)


def _encode(theirs: dict, src: np.ndarray, mask: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    x = F.embedding(torch.from_numpy(src), theirs["enc.E"])
    zeros = torch.zeros(src.shape[1], HIDDEN)
    _, h, c = graves.run(x, zeros, zeros, _side(theirs, "enc"), torch.from_numpy(mask))
    return h, c


@covers("seq2seq.masked_lstm_forward", "seq2seq.masked_lstm_backward", by="torch's autograd on the five equations")
def test_lstm_over_padded_sentences(rng):
    """Masks with holes and without; gradients come in at every state and at the last ones."""
    for t, n, i, h in [(1, 1, 1, 1), (5, 3, 2, 4), (8, 2, 3, 3)]:
        shapes = (4 * h, i), (4 * h, h), (4 * h,), (3, h)
        params = LSTMParams(*(rng.normal(size=shape) for shape in shapes))
        x, mask, dh = rng.normal(size=(t, n, i)), rng.random((t, n)) < 0.6, rng.normal(size=(t, n, h))
        h0, c0, dh_T, dc_T = rng.normal(size=(4, n, h))
        theirs, weights = leaves(x, h0, c0), leaves(*params)
        their_h, their_h_T, their_c_T = graves.run(*theirs, weights, torch.from_numpy(mask))
        send_back((their_h, dh), (their_h_T, dh_T), (their_c_T, dc_T))

        states, h_T, c_T, cache = seq2seq.masked_lstm_forward(x, mask, h0, c0, params)

        agree((states, h_T, c_T), tuple(map(values, (their_h, their_h_T, their_c_T))), "h, h_T, c_T")
        grads = seq2seq.masked_lstm_backward(dh, mask, cache, dh_T, dc_T)
        agree(grads, LSTMGrads(*gradients(*theirs, *weights)), "gradients")


@covers("seq2seq.encode", by="torch on the five equations")
def test_encoder(rng):
    """State and cell after each source's last word; zeros for one without a word."""
    for t, n in ((1, 1), (4, 3), (7, 2)):
        params, src, mask = _params(rng), rng.integers(SOURCE, size=(t, n)), _mask(rng, t, n)

        expected = _encode(tensors(params), src, mask)

        agree(seq2seq.encode(params, src, mask), tuple(map(values, expected)), "h and c")


@covers("seq2seq.encode", by="torch.nn.LSTM on a PackedSequence, without peepholes")
def test_encoder_without_peepholes(rng):
    """torch's own way of leaving out the padding."""
    for t, n in ((1, 1), (4, 3), (7, 2)):
        params, src = _params(rng), rng.integers(SOURCE, size=(t, n))
        params["enc.w_peep"][:] = 0.0
        mask = _mask(rng, t, n, least=1)
        x = F.embedding(torch.from_numpy(src), torch.from_numpy(params["enc.E"]))
        packed = pack_padded_sequence(x, torch.from_numpy(mask.sum(axis=0)), enforce_sorted=False)

        _, (h, c) = recurrent(LSTMParams(*_side(params, "enc")))(packed)

        agree(seq2seq.encode(params, src, mask), (values(h[0]), values(c[0])), "h and c")


@covers("seq2seq.seq2seq_loss", by="torch's autograd on the five equations")
def test_loss_and_gradients(rng):
    """The gradient of every weight of both sides; the encoder's come through the last state and cell only."""
    for t, length, n in ((1, 1, 1), (4, 3, 2), (3, 6, 4)):
        params, src, src_mask = _params(rng), rng.integers(SOURCE, size=(t, n)), _mask(rng, t, n)
        tgt_in, tgt_out = rng.integers(TARGET, size=(2, length, n))
        tgt_mask = _mask(rng, length, n, least=1)
        theirs = tensors(params)
        y = F.embedding(torch.from_numpy(tgt_in), theirs["dec.E"])
        h, _, _ = graves.run(y, *_encode(theirs, src, src_mask), _side(theirs, "dec"))
        labels = torch.from_numpy(np.where(tgt_mask, tgt_out, -100))
        their_loss = F.cross_entropy(F.linear(h, theirs["W_hy"], theirs["b_y"]).flatten(0, 1), labels.flatten())
        their_loss.backward()

        loss, grads = seq2seq.seq2seq_loss(params, src, src_mask, tgt_in, tgt_out, tgt_mask)

        agree(loss, their_loss.item(), "loss")
        agree(grads, {name: gradient(theirs[name]) for name in params}, "gradients")


@covers("seq2seq.greedy_decode", by="torch.argmax, sentence by sentence")
def test_greedy_translation(rng):
    """Every source alone, without padding, until its own eos or max_len words."""
    for _ in range(6):
        params, src, mask = _params(rng), rng.integers(SOURCE, size=(5, 4)), _mask(rng, 5, 4)
        theirs, expected = tensors(params), []
        for n, length in enumerate(mask.sum(axis=0)):
            h, c = _encode(theirs, src[: max(length, 1), [n]], mask[: max(length, 1), [n]])
            words = [BOS]
            while len(words) <= 6 and (len(words) == 1 or words[-1] != EOS):
                h, c = graves.step(theirs["dec.E"][words[-1:]], h, c, _side(theirs, "dec"))
                words.append(int(F.linear(h[0], theirs["W_hy"], theirs["b_y"]).argmax()))
            expected.append(words[1:-1] if words[-1] == EOS else words[1:])

        assert seq2seq.greedy_decode(params, src, mask, BOS, EOS, max_len=6) == expected
