# Homework, part I: sequence to sequence

import numpy as np
from numnet.embedding import *
from numnet.given.caches import *
from numnet.linear import *
from numnet.lstm import *

Arrays = dict[str, np.ndarray]


def lstm_weights(params: Arrays, side: str) -> LSTMParams:
    """Return the weights of one LSTM; side: "enc" or "dec"."""
    return LSTMParams(*(params[f"{side}.{name}"] for name in LSTMParams._fields))


def masked_lstm_forward(x, mask, h0, c0, params) -> tuple[np.ndarray, np.ndarray, np.ndarray, LSTMCache]:
    T, N, D = x.shape
    H = h0.shape[1]
    h = np.zeros((T, N, H))
    list_of_caches = []
    h_prev = h0.copy()
    c_prev = c0.copy()
    for t in range(T):
        h_new, c_new, step_cache = lstm_step_forward(x[t], h_prev, c_prev, params)
        list_of_caches.append(step_cache)
        h_t = np.zeros((N, H))
        c_t = np.zeros((N, H))
        for n in range(N):
            if mask[t, n]:
                # there is a word
                h_t[n] = h_new[n]
                c_t[n] = c_new[n]
            else:
                # no word: keep the old ones
                h_t[n] = h_prev[n]
                c_t[n] = c_prev[n]
        h[t] = h_t
        h_prev = h_t
        c_prev = c_t
    return h, h_prev, c_prev, LSTMCache(tuple(list_of_caches))


def masked_lstm_backward(dh, mask, cache, dh_T, dc_T) -> LSTMGrads:
    T, N, H = dh.shape
    D = cache.steps[0].x_t.shape[1]
    dx = np.zeros((T, N, D))
    dW_xh = np.zeros((4 * H, D))
    dW_hh = np.zeros((4 * H, H))
    db_h = np.zeros(4 * H)
    dw_peep = np.zeros((3, H))
    dh_next = dh_T.copy()
    dc_next = dc_T.copy()
    for t in reversed(range(T)):
        dh_t = dh[t] + dh_next
        dc_t = dc_next
        # the step only gets the gradients of the sentences that have a word
        dh_step = dh_t.copy()
        dc_step = dc_t.copy()
        for n in range(N):
            if not mask[t, n]:
                dh_step[n] = 0
                dc_step[n] = 0
        grads = lstm_step_backward(dh_step, dc_step, cache.steps[t])
        dW_xh = dW_xh + grads.dW_xh
        dW_hh = dW_hh + grads.dW_hh
        db_h = db_h + grads.db_h
        dw_peep = dw_peep + grads.dw_peep
        # and the others just go through
        dh_next = np.zeros((N, H))
        dc_next = np.zeros((N, H))
        for n in range(N):
            if mask[t, n]:
                dx[t, n] = grads.dx[n]
                dh_next[n] = grads.dh_prev[n]
                dc_next[n] = grads.dc_prev[n]
            else:
                dh_next[n] = dh_t[n]
                dc_next[n] = dc_t[n]
    return LSTMGrads(dx, dh_next, dc_next, dW_xh, dW_hh, db_h, dw_peep)


def encode(params, src, src_mask) -> tuple[np.ndarray, np.ndarray]:
    N = src.shape[1]
    H = params["enc.W_hh"].shape[1]
    h0 = np.zeros((N, H))
    c0 = np.zeros((N, H))
    src_safe = remove_padding(src, src_mask)
    x, _ = embedding_forward(src_safe, params["enc.E"])
    h, h_T, c_T, cache = masked_lstm_forward(x, src_mask, h0, c0, lstm_weights(params, "enc"))
    return h_T, c_T


def seq2seq_loss(params, src, src_mask, tgt_in, tgt_out, tgt_mask) -> tuple[float, Arrays]:
    N = src.shape[1]
    H = params["enc.W_hh"].shape[1]
    zeros = np.zeros((N, H))

    # ---------- encoder ----------
    src_safe = remove_padding(src, src_mask)
    x_enc, enc_embedding_cache = embedding_forward(src_safe, params["enc.E"])
    h_enc, h_last, c_last, enc_cache = masked_lstm_forward(x_enc, src_mask, zeros, zeros, lstm_weights(params, "enc"))

    # ---------- decoder ----------
    tgt_in_safe = remove_padding(tgt_in, tgt_mask)
    x_dec, dec_embedding_cache = embedding_forward(tgt_in_safe, params["dec.E"])
    h_dec, _, _, dec_cache = masked_lstm_forward(x_dec, tgt_mask, h_last, c_last, lstm_weights(params, "dec"))

    # ---------- loss ----------
    logits, linear_cache = linear_forward(h_dec, params["W_hy"], params["b_y"])
    tgt_out_safe = remove_padding(tgt_out, tgt_mask)
    loss, dlogits = softmax_cross_entropy(logits, tgt_out_safe, tgt_mask)

    # ---------- and now backwards ----------
    linear_grads = linear_backward(dlogits, linear_cache)
    dec_grads = masked_lstm_backward(linear_grads.dx, tgt_mask, dec_cache, zeros, zeros)
    dec_dE = embedding_backward(dec_grads.dx, dec_embedding_cache)

    # the encoder only hears of its last state
    no_dh = np.zeros(h_enc.shape)
    enc_grads = masked_lstm_backward(no_dh, src_mask, enc_cache, dec_grads.dh0, dec_grads.dc0)
    enc_dE = embedding_backward(enc_grads.dx, enc_embedding_cache)

    grads = {}
    grads["enc.E"] = enc_dE
    grads["enc.W_xh"] = enc_grads.dW_xh
    grads["enc.W_hh"] = enc_grads.dW_hh
    grads["enc.b_h"] = enc_grads.db_h
    grads["enc.w_peep"] = enc_grads.dw_peep
    grads["dec.E"] = dec_dE
    grads["dec.W_xh"] = dec_grads.dW_xh
    grads["dec.W_hh"] = dec_grads.dW_hh
    grads["dec.b_h"] = dec_grads.db_h
    grads["dec.w_peep"] = dec_grads.dw_peep
    grads["W_hy"] = linear_grads.dW
    grads["b_y"] = linear_grads.db
    return loss, grads


def greedy_decode(params, src, src_mask, bos, eos, max_len) -> list[list[int]]:
    N = src.shape[1]
    h, c = encode(params, src, src_mask)
    weights = lstm_weights(params, "dec")

    results = []
    finished = []
    for n in range(N):
        results.append([])
        finished.append(False)

    last_words = np.full(N, bos, dtype=np.int64)
    for step in range(max_len):
        x, _ = embedding_forward(last_words, params["dec.E"])
        h, c, _ = lstm_step_forward(x, h, c, weights)
        logits, _ = linear_forward(h, params["W_hy"], params["b_y"])
        last_words = np.argmax(logits, axis=1)  # first one wins
        for n in range(N):
            if finished[n]:
                continue
            w = int(last_words[n])
            if w == eos:
                finished[n] = True
            else:
                results[n].append(w)
    print("translated", N, "sentences")
    return results


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def remove_padding(ids, mask):
    result = ids.copy()
    result[mask == False] = 0
    return result


if __name__ == "__main__":
    print("nothing to see here yet")
