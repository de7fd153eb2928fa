"""Sequence to sequence: two scans, with words that some sentences do not have."""

from itertools import takewhile
from types import SimpleNamespace

import numpy as np

from numnet.embedding import embedding_backward, embedding_forward
from numnet.given.caches import LSTMCache, LSTMGrads, LSTMParams
from numnet.linear import linear_backward, linear_forward, softmax_cross_entropy
from numnet.lstm import lstm_step_backward, lstm_step_forward
from numnet.rnn import scan

Arrays = dict[str, np.ndarray]


def lstm_weights(params: Arrays, side: str) -> LSTMParams:
    """Return the weights of one LSTM; side: "enc" or "dec"."""
    return LSTMParams(*(params[f"{side}.{name}"] for name in LSTMParams._fields))


def _choose(chosen, one, other):
    """Return rows of one where a sentence is chosen, rows of the other elsewhere."""
    return np.where(chosen[:, np.newaxis], one, other)


def masked_lstm_forward(
    x: np.ndarray, mask: np.ndarray, h0: np.ndarray, c0: np.ndarray, params: LSTMParams
) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMCache]:
    """Scan over time; a sentence that is over stays."""

    def step(before, now):
        (h, c, _), (x_t, is_word) = before, now
        h_new, c_new, cache = lstm_step_forward(x_t, h, c, params)
        return _choose(is_word, h_new, h), _choose(is_word, c_new, c), cache

    steps = scan(step, zip(x, mask, strict=True), (h0, c0, None))
    states, cells, caches = zip(*steps, strict=True)
    return np.stack(states), states[-1], cells[-1], LSTMCache(caches)


def masked_lstm_backward(
    dh: np.ndarray, mask: np.ndarray, cache: LSTMCache, dh_T: np.ndarray, dc_T: np.ndarray
) -> LSTMGrads:
    """Scan against time; a sentence that was over is told nothing, and its gradients go by."""

    def step(after, now):
        dh_t, is_word, one = now
        told, cell = dh_t + after.dh, after.dc
        grads = lstm_step_backward(_choose(is_word, told, 0.0), _choose(is_word, cell, 0.0), one)
        return SimpleNamespace(
            grads=grads, dh=_choose(is_word, grads.dh_prev, told), dc=_choose(is_word, grads.dc_prev, cell)
        )

    backwards = zip(dh[::-1], mask[::-1], cache.steps[::-1], strict=True)
    steps = scan(step, backwards, SimpleNamespace(dh=dh_T, dc=dc_T))
    dx = np.stack([_choose(is_word, one.grads.dx, 0.0) for one, is_word in zip(steps[::-1], mask, strict=True)])
    weights = (np.sum(parts, axis=0) for parts in zip(*(one.grads[3:] for one in steps), strict=True))
    return LSTMGrads(dx, steps[-1].dh, steps[-1].dc, *weights)


def _run(params, side, ids, mask, state):
    """Embed the words and run one LSTM; return its states, the last pair, and the way back."""
    x, looked_up = embedding_forward(np.where(mask, ids, 0), params[f"{side}.E"])
    h, h_T, c_T, cache = masked_lstm_forward(x, mask, *state, lstm_weights(params, side))

    def back(dh, dh_T, dc_T):
        dx, dh0, dc0, *weights = masked_lstm_backward(dh, mask, cache, dh_T, dc_T)
        grads = {f"{side}.E": embedding_backward(dx, looked_up)}
        named = {f"{side}.{name}": d for name, d in zip(LSTMParams._fields, weights, strict=True)}
        return grads | named, (dh0, dc0)

    return h, (h_T, c_T), back


def _silence(params, N):
    """Return the state and the cell before the first word."""
    shape = (N, params["enc.W_hh"].shape[1])
    return np.zeros(shape), np.zeros(shape)


def encode(params: Arrays, src: np.ndarray, src_mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return state and cell after the last word."""
    return _run(params, "enc", src, src_mask, _silence(params, src.shape[1]))[1]


def seq2seq_loss(
    params: Arrays,
    src: np.ndarray,
    src_mask: np.ndarray,
    tgt_in: np.ndarray,
    tgt_out: np.ndarray,
    tgt_mask: np.ndarray,
) -> tuple[float, Arrays]:
    """Encoder, decoder, readout; then the three ways back."""
    silence = _silence(params, src.shape[1])
    read, thought, back_to_source = _run(params, "enc", src, src_mask, silence)
    h, _, back_to_thought = _run(params, "dec", tgt_in, tgt_mask, thought)
    logits, readout = linear_forward(h, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, np.where(tgt_mask, tgt_out, 0), tgt_mask)
    dh, dW_hy, db_y = linear_backward(dlogits, readout)
    decoder, dthought = back_to_thought(dh, *silence)
    encoder, _ = back_to_source(np.zeros_like(read), *dthought)
    return loss, {**encoder, **decoder, "W_hy": dW_hy, "b_y": db_y}


def greedy_decode(
    params: Arrays, src: np.ndarray, src_mask: np.ndarray, bos: int, eos: int, max_len: int
) -> list[list[int]]:
    """Let all sentences run to the end, and cut each before its eos."""
    weights, N = lstm_weights(params, "dec"), src.shape[1]

    def say(before, _):
        ids, h, c = before
        x, _ = embedding_forward(ids, params["dec.E"])
        h, c, _ = lstm_step_forward(x, h, c, weights)
        logits, _ = linear_forward(h, params["W_hy"], params["b_y"])
        return np.argmax(logits, axis=1), h, c

    said = scan(say, range(max_len), (np.full(N, bos), *encode(params, src, src_mask)))
    columns = [[int(ids[n]) for ids, _, _ in said] for n in range(N)]
    return [list(takewhile(lambda w: w != eos, words)) for words in columns]
