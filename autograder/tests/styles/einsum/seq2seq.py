"""Sequence to sequence."""

import numpy as np

from numnet.embedding import embedding_backward, embedding_forward
from numnet.given.caches import LSTMCache, LSTMGrads, LSTMParams
from numnet.linear import linear_backward, linear_forward, softmax_cross_entropy
from numnet.lstm import lstm_step_backward, lstm_step_forward

Arrays = dict[str, np.ndarray]


def lstm_weights(params: Arrays, side: str) -> LSTMParams:
    """Return the weights of one LSTM; side: "enc" or "dec"."""
    return LSTMParams(*(params[f"{side}.{name}"] for name in LSTMParams._fields))


def masked_lstm_forward(x, mask, h0, c0, params):
    """lstm_forward, but where the mask is False state and cell stay what they are."""
    T = len(x)
    h, c, steps = np.empty((T + 1, *h0.shape)), np.empty((T + 1, *c0.shape)), [None] * T
    h[0], c[0] = h0, c0
    for t, live in enumerate(mask[:, :, None]):
        h_t, c_t, steps[t] = lstm_step_forward(x[t], h[t], c[t], params)
        h[t + 1], c[t + 1] = np.where(live, h_t, h[t]), np.where(live, c_t, c[t])
    return h[1:], h[T].copy(), c[T].copy(), LSTMCache(tuple(steps))


def masked_lstm_backward(dh, mask, cache, dh_T, dc_T):
    """Run the steps in reverse; without any step the gradients of the weights are the number 0."""
    dh_t, dc_t, totals, dx = dh_T.copy(), dc_T.copy(), [0.0] * 4, [None] * len(dh)
    for t in reversed(range(len(dh))):
        live = mask[t][:, None]
        dh_t = dh_t + dh[t]
        step = lstm_step_backward(np.where(live, dh_t, 0.0), np.where(live, dc_t, 0.0), cache.steps[t])
        dx[t], dh_t, dc_t = (np.where(live, a, b) for a, b in zip(step[:3], (0.0, dh_t, dc_t), strict=True))
        totals = [total + part for total, part in zip(totals, step[3:], strict=True)]
    return LSTMGrads(np.array(dx) if dx else np.zeros((*mask.shape, 1)), dh_t, dc_t, *totals)


def _read(params, side, ids, mask, h0, c0):
    """Run one side; return its states, the last state and cell, and how to send gradients of these back."""
    x, looked_up = embedding_forward(np.where(mask, ids, 0), params[f"{side}.E"])
    h, h_T, c_T, cache = masked_lstm_forward(x, mask, h0, c0, lstm_weights(params, side))

    def back(dh, dh_T, dc_T):
        dx, dh0, dc0, *weights = masked_lstm_backward(dh, mask, cache, dh_T, dc_T)
        grads = dict(zip(LSTMParams._fields, weights, strict=True), E=embedding_backward(dx, looked_up))
        return dh0, dc0, {key: np.zeros(params[key].shape) + g for k, g in grads.items() for key in [f"{side}.{k}"]}

    return h, h_T, c_T, back


def _start(params, src):
    return [np.zeros((src.shape[1], params["enc.W_hh"].shape[1])) for _ in range(2)]


def encode(params: Arrays, src: np.ndarray, src_mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The state and the cell after the last word of each source."""
    return _read(params, "enc", src, src_mask, *_start(params, src))[1:3]


def seq2seq_loss(params, src, src_mask, tgt_in, tgt_out, tgt_mask) -> tuple[float, Arrays]:
    """Mean surprise at the targets, and its gradients."""
    h_enc, h0, c0, encoder_back = _read(params, "enc", src, src_mask, *_start(params, src))
    h, h_T, c_T, decoder_back = _read(params, "dec", tgt_in, tgt_mask, h0, c0)
    logits, read = linear_forward(h, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, tgt_out, tgt_mask)
    dh, dW_hy, db_y = linear_backward(dlogits, read)
    dh0, dc0, of_decoder = decoder_back(dh, np.zeros_like(h_T), np.zeros_like(c_T))
    _, _, of_encoder = encoder_back(np.zeros_like(h_enc), dh0, dc0)
    return loss, {**of_encoder, **of_decoder, "W_hy": dW_hy, "b_y": db_y}


def greedy_decode(
    params: Arrays, src: np.ndarray, src_mask: np.ndarray, bos: int, eos: int, max_len: int
) -> list[list[int]]:
    """Translate: the likeliest word at every step."""
    (h, c), weights = encode(params, src, src_mask), lstm_weights(params, "dec")
    said = np.full((max_len + 1, src.shape[1]), eos)
    word = np.full(src.shape[1], bos)
    for t in range(max_len):
        h, c, _ = lstm_step_forward(embedding_forward(word, params["dec.E"])[0], h, c, weights)
        said[t] = word = linear_forward(h, params["W_hy"], params["b_y"])[0].argmax(axis=-1)
        if (said[: t + 1] == eos).any(axis=0).all():
            break
    return [column[: int((column == eos).argmax())].tolist() for column in said.T]
