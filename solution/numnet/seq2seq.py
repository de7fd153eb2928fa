"""Sequence to sequence (Sutskever, Vinyals and Le, 2014): one LSTM reads a sentence, another writes its translation.

    source    twenty      one                          target, one word later    2        1       eos
                │          │                                                     ▲        ▲        ▲
    h = c = 0 ─enc───────▶enc───── state and cell ─────────────────────────────▶dec─────▶dec─────▶dec
                                                                                 ▲        ▲        ▲
                                                                      target    bos       2        1

Letters: T words of a source or of a target, N sentences, D numbers per word, H hidden, V words in all. Ids and masks
are (T, N), time first, T and N 1 or more; a mask is True where there is a word. Where it is False an id may be
anything: it is not read.
All weights are in one dict, and gradients in a dict with the same names:

    enc.E (V_src, D)    enc.W_xh (4H, D)    enc.W_hh (4H, H)    enc.b_h (4H,)    enc.w_peep (3, H)       W_hy (V_tgt, H)
    dec.E (V_tgt, D)    dec.W_xh (4H, D)    dec.W_hh (4H, H)    dec.b_h (4H,)    dec.w_peep (3, H)       b_y (V_tgt,)

Given: lstm_weights. To write: an LSTM over padded sentences, forward and backward, the encoder, and the loss with its
gradients (I1); translating (I2). Call the layers of linear.py, embedding.py and lstm.py by their names, as far as you
use them: a check may put others in their place.
"""

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
    """Run an LSTM over padded sentences: lstm_forward, but where the mask is False state and cell stay what they are.

    h[t], c_t = the step of x[t], h[t-1] and c_{t-1}          where mask[t] is True, sentence by sentence
    h[t], c_t = h[t-1], c_{t-1}                               where it is False

    x: (T, N, D); mask: (T, N), bool; h0, c0: (N, H)
    returns: h (T, N, H); h_T and c_T (N, H), which are those after the last word of each sentence, and h0 and c0 if it
        has none; and LSTMCache of the caches of the T steps

    A step that halves every cell, over the mask True, False, True, makes 2 of a cell of 8: it halved twice.

    The usual slip: to freeze the state and not the cell. This and masked_lstm_backward are yours to arrange otherwise:
    they are graded through encode and seq2seq_loss. A good answer has 8 lines.
    """
    ### BEGIN SOLUTION
    h = np.empty((len(x), *h0.shape))
    h_t, c_t, steps = h0, c0, []
    for t, real in enumerate(mask[..., np.newaxis]):  # (N, 1)
        h_new, c_new, step = lstm_step_forward(x[t], h_t, c_t, params)
        h_t, c_t = np.where(real, h_new, h_t), np.where(real, c_new, c_t)
        h[t] = h_t
        steps.append(step)
    return h, h_t, c_t, LSTMCache(tuple(steps))
    ### END SOLUTION


def masked_lstm_backward(
    dh: np.ndarray, mask: np.ndarray, cache: LSTMCache, dh_T: np.ndarray, dc_T: np.ndarray
) -> LSTMGrads:
    """Run the steps of masked_lstm_forward in reverse: where the mask is False, gradients pass by the step untouched.

    dh_t              = dh[t] + what came back from t + 1 for the state           dh_T at the end; dc_T for the cell
    where True:  the step gets dh_t and dc_t, and sends back dx[t], dh_prev, dc_prev and the gradients of the weights
    where False: dh_prev = dh_t;  dc_prev = dc_t;  dx[t] = 0;  nothing for the weights

    dh: (T, N, H); mask, cache: of masked_lstm_forward; dh_T, dc_T: (N, H), the gradients of its h_T and c_T
    returns: LSTMGrads(dx (T, N, D), dh0, dc0 (N, H), dW_xh (4H, D), dW_hh (4H, H), db_h (4H,), dw_peep (3, H))

    In the example of masked_lstm_forward dc_T = 1 becomes dc0 = 0.25: one factor of 0.5 for every word.

    The usual slip: the step's own dh_prev for a padded sentence, where it never took that step. A step that is sent
    zeros for a sentence sends back zeros. A good answer has 13 lines.
    """
    ### BEGIN SOLUTION
    first = cache.steps[0]
    dx = np.empty((len(dh), *first.x_t.shape))
    dparams = [np.zeros_like(first.W_xh), np.zeros_like(first.W_hh), np.zeros(len(first.W_hh))]
    dparams.append(np.zeros_like(first.w_peep))
    dh_next, dc_next = dh_T, dc_T
    for t in reversed(range(len(dh))):
        real, dh_t, dc_t = mask[t][:, np.newaxis], dh[t] + dh_next, dc_next
        sent = np.where(real, dh_t, 0.0), np.where(real, dc_t, 0.0)
        dx[t], dh_prev, dc_prev, *parts = lstm_step_backward(*sent, cache.steps[t])
        dh_next, dc_next = np.where(real, dh_prev, dh_t), np.where(real, dc_prev, dc_t)
        for total, part in zip(dparams, parts, strict=True):
            total += part
    return LSTMGrads(dx, dh_next, dc_next, *dparams)
    ### END SOLUTION


def encode(params: Arrays, src: np.ndarray, src_mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Read the sources: the state and the cell of the encoder after the last word of each of them.

    Both start at 0, and stay what they are where src_mask is False, so that padding changes nothing and a source
    without a word gives zeros.

    src: (T, N), integers; src_mask: (T, N), bool
    returns: h and c, (N, H) each

    Let all weights be 0, but the block of g in enc.b_h 100. Then g = 1 and the gates are 0.5: after 1, 2 and 3 words
    the cell is 0.5, 0.75 and 0.875, whatever they are.

    The usual slip: to look up the ids of the padding, which may be no ids at all. Put another one in their place first.
    A good answer has 4 lines.
    """
    ### BEGIN SOLUTION
    x, _ = embedding_forward(np.where(src_mask, src, 0), params["enc.E"])
    start = np.zeros((src.shape[1], params["enc.W_hh"].shape[1]))
    _, h, c, _ = masked_lstm_forward(x, src_mask, start, start, lstm_weights(params, "enc"))
    return h, c
    ### END SOLUTION


def seq2seq_loss(
    params: Arrays,
    src: np.ndarray,
    src_mask: np.ndarray,
    tgt_in: np.ndarray,
    tgt_out: np.ndarray,
    tgt_mask: np.ndarray,
) -> tuple[float, Arrays]:
    """Say how surprised the translator is by the targets, on average over their words, and by which weights.

    h_0, c_0 = state and cell after the source                  the encoder, see encode
    h_t, c_t = the step of dec.E[tgt_in[t]], h_{t-1}, c_{t-1}   the decoder; frozen where tgt_mask is False
    logits_t = W_hy h_t + b_y
    loss     = softmax cross-entropy of all logits_t against tgt_out[t], where tgt_mask is True

    On the way back the decoder ends with dh_0 and dc_0; they are all that the encoder is told.

    src: (T, N); tgt_in: (T', N), bos and the words; tgt_out: (T', N), the words and eos; masks: bool. The decoder reads
        tgt_in just as it is passed: whoever calls has shifted it
    returns: loss, a Python float, and a dict with the gradient of every array of params

    With weights close to 0 the loss is log V_tgt, because nothing is known yet: 2.565 for 13 words.

    The usual slip: to hand over the state without the cell, or to forget one of them on the way back. If the loss
    falls to 0 within a few steps, look whether the decoder reads what it is to say. A good answer has 16 lines.
    """
    ### BEGIN SOLUTION
    start = np.zeros((src.shape[1], params["enc.W_hh"].shape[1]))
    x, src_words = embedding_forward(np.where(src_mask, src, 0), params["enc.E"])
    h_enc, h, c, encoder = masked_lstm_forward(x, src_mask, start, start, lstm_weights(params, "enc"))
    y, tgt_words = embedding_forward(np.where(tgt_mask, tgt_in, 0), params["dec.E"])
    h_dec, _, _, decoder = masked_lstm_forward(y, tgt_mask, h, c, lstm_weights(params, "dec"))
    logits, output = linear_forward(h_dec, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, tgt_out, tgt_mask)

    dh, dW_hy, db_y = linear_backward(dlogits, output)
    ddec = masked_lstm_backward(dh, tgt_mask, decoder, 0 * start, 0 * start)
    denc = masked_lstm_backward(0 * h_enc, src_mask, encoder, ddec.dh0, ddec.dc0)
    grads = {"W_hy": dW_hy, "b_y": db_y}
    for side, words, d in (("enc", src_words, denc), ("dec", tgt_words, ddec)):
        grads[f"{side}.E"] = embedding_backward(d.dx, words)
        for name in LSTMParams._fields:
            grads[f"{side}.{name}"] = getattr(d, f"d{name}")
    return loss, grads
    ### END SOLUTION


def greedy_decode(
    params: Arrays, src: np.ndarray, src_mask: np.ndarray, bos: int, eos: int, max_len: int
) -> list[list[int]]:
    """Translate: let the decoder read what it has just said, and say what it finds likeliest.

    w_0 = bos;  w_t = the id of the largest entry of W_hy h_t + b_y, after a step of dec.E[w_{t-1}]

    A sentence ends before its first eos, or after max_len words; the others go on. Among equal entries the lowest id
    wins.

    src, src_mask: (T, N); bos, eos: ids of the target; max_len: 0 or more
    returns: for each source a list of Python ints, without bos and eos: [] if eos comes first

    If the likeliest word is always the one with the next id, bos = 0 and eos = 4 make [1, 2, 3] of any source.

    The usual slip: to stop all sentences when one of them ends. A good answer has 12 lines.
    """
    ### BEGIN SOLUTION
    h, c = encode(params, src, src_mask)
    words, goes_on = np.full(len(h), bos), np.full(len(h), True)
    sentences: list[list[int]] = [[] for _ in words]
    for _ in range(max_len):
        x, _ = embedding_forward(words, params["dec.E"])
        h, c, _ = lstm_step_forward(x, h, c, lstm_weights(params, "dec"))
        logits, _ = linear_forward(h, params["W_hy"], params["b_y"])
        words = logits.argmax(axis=1)
        goes_on &= words != eos
        for n in np.flatnonzero(goes_on):
            sentences[n].append(int(words[n]))
    return sentences
    ### END SOLUTION
