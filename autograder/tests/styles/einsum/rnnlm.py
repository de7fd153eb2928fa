"""The recurrent language model."""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from numnet.embedding import embedding_backward, embedding_forward
from numnet.given.caches import ElmanCache, ElmanParams, LSTMCache, LSTMParams
from numnet.linear import linear_backward, linear_forward, softmax_cross_entropy
from numnet.lstm import lstm_backward, lstm_forward
from numnet.rnn import elman_backward, elman_forward
from numnet.shapes import throw, time_mask

Arrays = dict[str, np.ndarray]
State = np.ndarray | tuple[np.ndarray, np.ndarray]


def cell_forward(
    params: Arrays, x: np.ndarray, state: State | None = None
) -> tuple[np.ndarray, State, ElmanCache | LSTMCache]:
    """Run the cell of params over x (T, N, D), from a state, which is zero if None.

    returns: h (T, N, H), the state after the last step, and the cache for cell_backward
    """
    zero = np.zeros((x.shape[1], params["W_hh"].shape[1]))
    if "w_peep" not in params:
        weights = ElmanParams(*(params[name] for name in ElmanParams._fields))
        return elman_forward(x, zero if state is None else state, weights)
    h0, c0 = (zero, zero) if state is None else state
    h, h_T, c_T, cache = lstm_forward(x, h0, c0, LSTMParams(*(params[name] for name in LSTMParams._fields)))
    return h, (h_T, c_T), cache


def cell_backward(dh: np.ndarray, cache: ElmanCache | LSTMCache) -> tuple[np.ndarray, Arrays]:
    """Send dh (T, N, H) back through the cell; nothing comes back from what the last state is used for.

    returns: dx (T, N, D), and the gradients of the cell's weights under their names: W_xh, W_hh, b_h, perhaps w_peep
    """
    is_lstm = isinstance(cache, LSTMCache)
    grads = lstm_backward(dh, cache) if is_lstm else elman_backward(dh, cache)
    names = LSTMParams._fields if is_lstm else ElmanParams._fields
    return grads.dx, {name: getattr(grads, f"d{name}") for name in names}


def lm_inputs_targets(sents_ids: Sequence[Sequence[int]], bos: int, eos: int, pad: int):
    """Put sentences side by side, and say at every place which word comes next."""
    mask = time_mask([len(sent) + 1 for sent in sents_ids], max(map(len, sents_ids)) + 1)
    inp, tgt = (np.full(mask.shape, pad, dtype=np.int64) for _ in range(2))
    for n, sent in enumerate(sents_ids):
        m = len(sent)
        inp[0, n], inp[1 : m + 1, n] = bos, sent
        tgt[:m, n], tgt[m, n] = sent, eos
    return inp, tgt, mask


def rnnlm_loss(
    params: Arrays, inp: np.ndarray, tgt: np.ndarray, mask: np.ndarray, h0: State | None = None
) -> tuple[float, Arrays, State]:
    """Mean surprise at the next words, its gradients, and the last state."""
    x, looked_up = embedding_forward(np.where(mask, inp, 0), params["E"])
    h, h_T, ran = cell_forward(params, x, h0)
    logits, read = linear_forward(h, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, tgt, mask)
    if not len(inp):
        return loss, {name: np.zeros(w.shape) for name, w in params.items()}, h_T
    dh, dW_hy, db_y = linear_backward(dlogits, read)
    dx, grads = cell_backward(dh, ran)
    return loss, {"E": embedding_backward(dx, looked_up), **grads, "W_hy": dW_hy, "b_y": db_y}, h_T


def rnnlm_logprob(params: Arrays, sent_ids: Sequence[int], bos: int, eos: int) -> float:
    """log p(w_1 ... w_m), its end included."""
    inp, tgt, _ = lm_inputs_targets([sent_ids], bos, eos, eos)
    h, *_ = cell_forward(params, embedding_forward(inp, params["E"])[0])
    logits, _ = linear_forward(h, params["W_hy"], params["b_y"])
    return -softmax_cross_entropy(logits, tgt)[0] * len(tgt)


def _die(logits, temperature):
    with np.errstate(over="ignore"):
        p = np.exp((logits - logits.max()) / temperature)
    return p / p.sum()


def sample(params, rng, bos: int, eos: int, max_len: int, temperature: float = 1.0) -> list[int]:
    """Write a sentence."""

    def drawn(word=bos, state=None):
        while True:
            x, _ = embedding_forward(np.array([[word]]), params["E"])
            h, state, _ = cell_forward(params, x, state)
            logits = linear_forward(h, params["W_hy"], params["b_y"])[0].ravel()
            word = throw(_die(logits, temperature), rng.random()) if temperature else int(logits.argmax())
            if word == eos:
                return
            yield word

    return list(islice(drawn(), max_len))
