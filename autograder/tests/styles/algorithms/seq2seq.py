"""Sequence to sequence on packed batches: a step is taken for those sentences that have a word there, and no others."""

import numpy as np

from numnet.embedding import embedding_backward, embedding_forward
from numnet.given.caches import LSTMCache, LSTMGrads, LSTMParams
from numnet.linear import linear_backward, linear_forward, softmax_cross_entropy
from numnet.lstm import lstm_step_backward, lstm_step_forward

Arrays = dict[str, np.ndarray]


def lstm_weights(params: Arrays, side: str) -> LSTMParams:
    """Return the weights of one LSTM; side: "enc" or "dec"."""
    return LSTMParams(*(params[f"{side}.{name}"] for name in LSTMParams._fields))


def masked_lstm_forward(
    x: np.ndarray, mask: np.ndarray, h0: np.ndarray, c0: np.ndarray, params: LSTMParams
) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMCache]:
    """Take the sentences that are awake out of the batch, and put them back; a step without any has no cache."""
    state, cell = h0.copy(), c0.copy()
    h, steps = np.empty((*mask.shape, h0.shape[1])), []
    for t, awake in enumerate(mask):
        step = None
        if awake.any():
            state[awake], cell[awake], step = lstm_step_forward(x[t, awake], state[awake], cell[awake], params)
        h[t] = state
        steps.append(step)
    return h, state, cell, LSTMCache(tuple(steps))


def masked_lstm_backward(
    dh: np.ndarray, mask: np.ndarray, cache: LSTMCache, dh_T: np.ndarray, dc_T: np.ndarray, inputs: int
) -> LSTMGrads:
    """The same, backwards; inputs: how many numbers a word has, for sentences that have none at all."""
    dstate, dcell = dh_T.copy(), dc_T.copy()
    H = dh.shape[2]
    dx = np.zeros((*mask.shape, inputs))
    totals = [np.zeros((4 * H, inputs)), np.zeros((4 * H, H)), np.zeros(4 * H), np.zeros((3, H))]
    for t in range(len(mask) - 1, -1, -1):
        dstate += dh[t]
        if cache.steps[t] is not None:
            awake = mask[t]
            grads = lstm_step_backward(dstate[awake], dcell[awake], cache.steps[t])
            dx[t, awake], dstate[awake], dcell[awake] = grads[:3]
            totals = [total + part for total, part in zip(totals, grads[3:], strict=True)]
    return LSTMGrads(dx, dstate, dcell, *totals)


def _embed(E, ids, mask):
    """Look up the words alone; padding stays 0."""
    x = np.zeros((*ids.shape, E.shape[1]))
    x[mask], words = embedding_forward(ids[mask], E)
    return x, words


def _named(side, grads, mask, words):
    """Return the gradients of one LSTM and of its table, by their names."""
    weights = {f"{side}.{name}": getattr(grads, f"d{name}") for name in LSTMParams._fields}
    return weights | {f"{side}.E": embedding_backward(grads.dx[mask], words)}


def encode(params: Arrays, src: np.ndarray, src_mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Read the sources."""
    nothing = np.zeros((src.shape[1], params["enc.W_hh"].shape[1]))
    x, _ = _embed(params["enc.E"], src, src_mask)
    return masked_lstm_forward(x, src_mask, nothing, nothing, lstm_weights(params, "enc"))[1:3]


def seq2seq_loss(
    params: Arrays,
    src: np.ndarray,
    src_mask: np.ndarray,
    tgt_in: np.ndarray,
    tgt_out: np.ndarray,
    tgt_mask: np.ndarray,
) -> tuple[float, Arrays]:
    """Only states at which there is a word to say go to the readout: one list of them, without padding."""
    nothing = np.zeros((src.shape[1], params["enc.W_hh"].shape[1]))
    D = params["enc.E"].shape[1]
    x, src_words = _embed(params["enc.E"], src, src_mask)
    h_src, h, c, read = masked_lstm_forward(x, src_mask, nothing, nothing, lstm_weights(params, "enc"))
    x, tgt_words = _embed(params["dec.E"], tgt_in, tgt_mask)
    h_tgt, _, _, said = masked_lstm_forward(x, tgt_mask, h, c, lstm_weights(params, "dec"))
    logits, readout = linear_forward(h_tgt[tgt_mask], params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, tgt_out[tgt_mask])

    dh = np.zeros_like(h_tgt)
    dh[tgt_mask], dW_hy, db_y = linear_backward(dlogits, readout)
    dec = masked_lstm_backward(dh, tgt_mask, said, nothing, nothing, D)
    enc = masked_lstm_backward(np.zeros_like(h_src), src_mask, read, dec.dh0, dec.dc0, D)
    grads = _named("enc", enc, src_mask, src_words) | _named("dec", dec, tgt_mask, tgt_words)
    return loss, grads | {"W_hy": dW_hy, "b_y": db_y}


def greedy_decode(
    params: Arrays, src: np.ndarray, src_mask: np.ndarray, bos: int, eos: int, max_len: int
) -> list[list[int]]:
    """Translate one sentence after the other, each without its padding."""
    weights, translations = lstm_weights(params, "dec"), []
    for n in range(src.shape[1]):
        h, c = encode(params, src[:, n : n + 1], src_mask[:, n : n + 1])
        words, word = [], bos
        for _ in range(max_len):
            x, _ = embedding_forward(np.array([word]), params["dec.E"])
            h, c, _ = lstm_step_forward(x, h, c, weights)
            word = int(linear_forward(h, params["W_hy"], params["b_y"])[0][0].argmax())
            if word == eos:
                break
            words.append(word)
        translations.append(words)
    return translations
