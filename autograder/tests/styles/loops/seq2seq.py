"""Sequence to sequence (Sutskever, Vinyals and Le, 2014): one LSTM reads a sentence, another writes its translation.

    source    twenty      one                          target, one word later    2        1       eos
                │          │                                                     ▲        ▲        ▲
    h = c = 0 ─enc───────▶enc───── state and cell ─────────────────────────────▶dec─────▶dec─────▶dec
                                                                                 ▲        ▲        ▲
                                                                      target    bos       2        1

Letters: T words of a source or of a target, N sentences, D numbers per word, H hidden, V words in all. Ids and masks
are (T, N), time first; a mask is True where there is a word. Where it is False an id may be anything: it is not read.
All weights are in one dict, and gradients in a dict with the same names:

    enc.E (V_src, D)    enc.W_xh (4H, D)    enc.W_hh (4H, H)    enc.b_h (4H,)    enc.w_peep (3, H)       W_hy (V_tgt, H)
    dec.E (V_tgt, D)    dec.W_xh (4H, D)    dec.W_hh (4H, H)    dec.b_h (4H,)    dec.w_peep (3, H)       b_y (V_tgt,)

Given: lstm_weights. To write: an LSTM over padded sentences, forward and backward, the encoder, and the loss with its
gradients (I1); translating (I2). Call the layers of linear.py, embedding.py and lstm.py by their names: a check may put
others in their place.
"""

import numpy as np

from numnet.embedding import embedding_backward, embedding_forward
from numnet.given.caches import LSTMCache, LSTMGrads, LSTMParams, LSTMStepCache
from numnet.linear import linear_backward, linear_forward, softmax_cross_entropy
from numnet.lstm import lstm_step_backward, lstm_step_forward

Arrays = dict[str, np.ndarray]


def lstm_weights(params: Arrays, side: str) -> LSTMParams:
    """Return the weights of one LSTM; side: "enc" or "dec"."""
    return LSTMParams(*(params[f"{side}.{name}"] for name in LSTMParams._fields))


def _sigmoid(a):
    """Return 1 / (1 + exp(-a)) of every entry, which never overflows."""
    return (1 + np.tanh(a / 2)) / 2


def _words_only(ids, mask):
    """Return ids with 0 in the padding, whatever was there before."""
    clean = np.zeros(ids.shape, dtype=np.int64)
    for place in np.ndindex(ids.shape):
        if mask[place]:
            clean[place] = ids[place]
    return clean


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
    # The step of the LSTM is written out here, for one sentence at a time, so that padding takes no step at all.
    T, N = mask.shape
    H = h0.shape[1]
    W_xh, W_hh, b_h, w_peep = params
    h = np.zeros((T, N, H))
    state, cell = np.array(h0), np.array(c0)
    steps = []
    for t in range(T):
        h_prev, c_prev = state.copy(), cell.copy()
        i, f, g, o = (np.zeros((N, H)) for _ in range(4))
        for n in range(N):
            if not mask[t, n]:
                continue  # state and cell of this sentence stay what they are
            z = np.dot(W_xh, x[t, n]) + np.dot(W_hh, h_prev[n]) + b_h
            i[n] = _sigmoid(z[:H] + w_peep[0] * c_prev[n])
            f[n] = _sigmoid(z[H : 2 * H] + w_peep[1] * c_prev[n])
            g[n] = np.tanh(z[2 * H : 3 * H])
            cell[n] = f[n] * c_prev[n] + i[n] * g[n]
            o[n] = _sigmoid(z[3 * H :] + w_peep[2] * cell[n])
            state[n] = o[n] * np.tanh(cell[n])
        h[t] = state
        steps.append(LSTMStepCache(x[t], h_prev, c_prev, i, f, g, o, cell.copy(), W_xh, W_hh, w_peep))
    return np.asfortranarray(h), np.array(state, order="F"), np.array(cell, order="F"), LSTMCache(tuple(steps))


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
    T = len(cache.steps)
    N, H = dh_T.shape
    first = cache.steps[0]
    state_back, cell_back = np.array(dh_T), np.array(dc_T)
    dx = np.zeros((T, *first.x_t.shape))
    dW_xh, dW_hh = np.zeros(first.W_xh.shape), np.zeros(first.W_hh.shape)
    db_h, dw_peep = np.zeros(4 * H), np.zeros((3, H))
    for t in reversed(range(T)):
        step = cache.steps[t]
        state_back = state_back + dh[t]
        for n in range(N):
            if not mask[t, n]:
                continue  # both gradients pass by
            i, f, g, o, old, new = step.i[n], step.f[n], step.g[n], step.o[n], step.c_prev[n], step.c_t[n]
            shown = np.tanh(new)
            dz_o = state_back[n] * shown * o * (1 - o)
            # all that the new cell is told: from later, from the state, from the peephole of o
            dc = cell_back[n] + state_back[n] * o * (1 - shown**2) + dz_o * step.w_peep[2]
            dz_i = dc * g * i * (1 - i)
            dz_f = dc * old * f * (1 - f)
            dz_g = dc * i * (1 - g**2)
            dz = np.concatenate([dz_i, dz_f, dz_g, dz_o])
            cell_back[n] = dc * f + dz_i * step.w_peep[0] + dz_f * step.w_peep[1]
            state_back[n] = np.dot(dz, step.W_hh)
            dx[t, n] = np.dot(dz, step.W_xh)
            dW_xh += np.outer(dz, step.x_t[n])
            dW_hh += np.outer(dz, step.h_prev[n])
            db_h += dz
            dw_peep[0] += dz_i * old
            dw_peep[1] += dz_f * old
            dw_peep[2] += dz_o * new
    return LSTMGrads(np.asfortranarray(dx), state_back, cell_back, dW_xh, dW_hh, db_h, dw_peep)


def _run(params, side, ids, mask, state, cell):
    """Let one of the two LSTMs read ids; also return the caches that _run_back needs."""
    x, looked_up = embedding_forward(_words_only(ids, mask), params[f"{side}.E"])
    h, h_T, c_T, cache = masked_lstm_forward(x, mask, state, cell, lstm_weights(params, side))
    return h, h_T, c_T, (looked_up, cache)


def _run_back(params, side, dh, mask, caches, dh_T, dc_T, grads):
    """Put the gradients of one of the two LSTMs into grads, and return those of its first state and cell."""
    names = [f"{side}.{name}" for name in ("E", *LSTMParams._fields)]
    if len(mask) == 0:  # it has read nothing
        for name in names:
            grads[name] = np.zeros(params[name].shape)
        return dh_T, dc_T
    looked_up, cache = caches
    found = masked_lstm_backward(dh, mask, cache, dh_T, dc_T)
    dE = embedding_backward(found.dx, looked_up)
    for name, gradient in zip(names, [dE, *found[3:]], strict=True):
        grads[name] = gradient
    return found.dh0, found.dc0


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
    N, H = src.shape[1], params["enc.W_hh"].shape[1]
    _, h, c, _ = _run(params, "enc", src, src_mask, np.zeros((N, H)), np.zeros((N, H)))
    return h, c


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
    N, H = src.shape[1], params["enc.W_hh"].shape[1]
    # forward: the encoder, the decoder from where it ended, the outputs, the loss
    _, state, cell, enc_caches = _run(params, "enc", src, src_mask, np.zeros((N, H)), np.zeros((N, H)))
    h, _, _, dec_caches = _run(params, "dec", tgt_in, tgt_mask, state, cell)
    logits, output_cache = linear_forward(h, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, _words_only(tgt_out, tgt_mask), tgt_mask)
    # backward: the same in reverse
    found = {}
    of_output = linear_backward(dlogits, output_cache)
    found["W_hy"], found["b_y"] = of_output.dW, of_output.db
    nothing = np.zeros((N, H))
    dstate, dcell = _run_back(params, "dec", of_output.dx, tgt_mask, dec_caches, nothing, nothing, found)
    no_outputs = np.zeros((*src.shape, H))  # nobody has looked at the states of the encoder but the last
    _run_back(params, "enc", no_outputs, src_mask, enc_caches, dstate, dcell, found)
    return loss, {name: found[name] for name in params}


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
    weights = lstm_weights(params, "dec")
    states, cells = encode(params, src, src_mask)
    translations = []
    for n in range(src.shape[1]):  # one sentence after the other
        state, cell = states[n : n + 1], cells[n : n + 1]
        said = []
        word = bos
        while len(said) < max_len:
            x, _ = embedding_forward(np.array([word], dtype=np.int64), params["dec.E"])
            state, cell, _ = lstm_step_forward(x, state, cell, weights)
            logits, _ = linear_forward(state, params["W_hy"], params["b_y"])
            scores = logits[0].tolist()
            word = scores.index(max(scores))  # the first of equals
            if word == eos:
                break
            said.append(word)
        translations.append(said)
    return translations
