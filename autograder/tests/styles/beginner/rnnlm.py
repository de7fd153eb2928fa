# Homework, part H: the recurrent language model

import numpy as np
from numnet.embedding import *
from numnet.given.caches import *
from numnet.linear import *
from numnet.lstm import *
from numnet.rnn import *

Arrays = dict[str, np.ndarray]
State = np.ndarray | tuple[np.ndarray, np.ndarray]


def init_rnnlm(rng: np.random.Generator, V: int, D: int, H: int, *, lstm: bool = False) -> Arrays:
    """Draw the weights of a language model: rows of E from the normal distribution, the others between ±1/√H."""
    rows = 4 * H if lstm else H
    shapes = {"W_xh": (rows, D), "W_hh": (rows, H), "b_h": (rows,), "W_hy": (V, H), "b_y": (V,)}
    if lstm:
        shapes["w_peep"] = (3, H)
    weights = {name: rng.uniform(-1, 1, size=shape) / np.sqrt(H) for name, shape in shapes.items()}
    return {"E": rng.normal(size=(V, D))} | weights


def cell_forward(
    params: Arrays, x: np.ndarray, state: State | None = None
) -> tuple[np.ndarray, State, ElmanCache | LSTMCache]:
    """Run the cell of params over x (T, N, D), from a state, which is zero if None."""
    zero = np.zeros((x.shape[1], params["W_hh"].shape[1]))
    if "w_peep" not in params:
        weights = ElmanParams(*(params[name] for name in ElmanParams._fields))
        return elman_forward(x, zero if state is None else state, weights)
    h0, c0 = (zero, zero) if state is None else state
    h, h_T, c_T, cache = lstm_forward(x, h0, c0, LSTMParams(*(params[name] for name in LSTMParams._fields)))
    return h, (h_T, c_T), cache


def cell_backward(dh: np.ndarray, cache: ElmanCache | LSTMCache) -> tuple[np.ndarray, Arrays]:
    """Send dh (T, N, H) back through the cell; nothing comes back from what the last state is used for."""
    is_lstm = isinstance(cache, LSTMCache)
    grads = lstm_backward(dh, cache) if is_lstm else elman_backward(dh, cache)
    names = LSTMParams._fields if is_lstm else ElmanParams._fields
    return grads.dx, {name: getattr(grads, f"d{name}") for name in names}


# ======================= H1 =======================


def lm_inputs_targets(sents_ids, bos, eos, pad) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    N = len(sents_ids)
    # the longest sentence + 1
    T = 1
    for sent in sents_ids:
        if len(sent) + 1 > T:
            T = len(sent) + 1

    inp = np.zeros((T, N), dtype=np.int64) + pad
    tgt = np.zeros((T, N), dtype=np.int64) + pad
    mask = np.zeros((T, N), dtype=bool)

    for n in range(N):
        sent = sents_ids[n]
        m = len(sent)
        # input: bos w_1 ... w_m
        inp[0, n] = bos
        for t in range(m):
            inp[t + 1, n] = sent[t]
        # target: w_1 ... w_m eos
        for t in range(m):
            tgt[t, n] = sent[t]
        tgt[m, n] = eos
        # mask
        for t in range(m + 1):
            mask[t, n] = True
    return inp, tgt, mask


# ======================= H2 =======================


def rnnlm_loss(params, inp, tgt, mask, h0=None) -> tuple[float, Arrays, State]:
    # the padding may be -1 or so. use word 0 instead, the mask removes it anyway
    inp_safe = inp.copy()
    tgt_safe = tgt.copy()
    T, N = inp.shape
    for t in range(T):
        for n in range(N):
            if mask[t, n] == False:
                inp_safe[t, n] = 0
                tgt_safe[t, n] = 0

    # forward
    x, embedding_cache = embedding_forward(inp_safe, params["E"])
    h, h_T, cell_cache = cell_forward(params, x, h0)
    logits, linear_cache = linear_forward(h, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, tgt_safe, mask)

    # backward
    linear_grads = linear_backward(dlogits, linear_cache)
    dx, cell_grads = cell_backward(linear_grads.dx, cell_cache)
    dE = embedding_backward(dx, embedding_cache)

    # collect
    grads = {}
    grads["E"] = dE
    for name in cell_grads:
        grads[name] = cell_grads[name]
    grads["W_hy"] = linear_grads.dW
    grads["b_y"] = linear_grads.db
    return loss, grads, h_T


# ======================= H3 =======================


def rnnlm_logprob(params, sent_ids, bos, eos) -> float:
    words = list(sent_ids) + [eos]
    logprob = 0.0
    state = None
    previous = bos
    for w in words:
        logits, state = one_word(params, previous, state)
        # log softmax
        logits = logits - np.max(logits)
        log_sum = np.log(np.sum(np.exp(logits)))
        logprob = logprob + (logits[w] - log_sum)
        previous = w
    return float(logprob)


# ======================= H4 =======================


def sample(params, rng, bos, eos, max_len, temperature=1.0) -> list[int]:
    result = []
    state = None
    previous = bos
    while len(result) < max_len:
        logits, state = one_word(params, previous, state)

        if temperature == 0:
            # take the best one, the first of equals
            w = 0
            for i in range(len(logits)):
                if logits[i] > logits[w]:
                    w = i
        else:
            # softmax with temperature
            shifted = logits - np.max(logits)
            e = np.exp(shifted / temperature)
            p = e / np.sum(e)
            # throw the die
            u = rng.random()
            w = None
            cumulative = 0.0
            for i in range(len(p)):
                cumulative = cumulative + p[i]
                if cumulative > u:
                    w = i
                    break
            if w is None:
                # rounding: take the last possible one
                for i in range(len(p)):
                    if p[i] > 0:
                        w = i

        if w == eos:
            break
        result.append(w)
        previous = w
    return result


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def one_word(params, w, state):
    # read one word, return the logits (V,) for the next one and the new state
    ids = np.array([[w]])  # (1, 1): T = 1, N = 1
    x, _ = embedding_forward(ids, params["E"])
    h, new_state, _ = cell_forward(params, x, state)
    logits, _ = linear_forward(h, params["W_hy"], params["b_y"])
    return logits[0, 0], new_state


if __name__ == "__main__":
    rng = np.random.default_rng(1)
    params = init_rnnlm(rng, 10, 4, 8)
    inp, tgt, mask = lm_inputs_targets([[5, 7], []], 1, 2, 0)
    print(rnnlm_loss(params, inp, tgt, mask)[0], np.log(10))
    print(sample(params, rng, 1, 2, 20))
