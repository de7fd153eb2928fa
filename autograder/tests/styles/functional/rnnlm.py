"""The recurrent language model."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from numnet.dice import side
from numnet.embedding import embedding_backward, embedding_forward
from numnet.given.caches import ElmanCache, ElmanParams, LSTMCache, LSTMParams
from numnet.linear import linear_backward, linear_forward, log_softmax, softmax_cross_entropy
from numnet.lstm import lstm_backward, lstm_forward
from numnet.rnn import elman_backward, elman_forward

Arrays = dict[str, np.ndarray]
State = np.ndarray | tuple[np.ndarray, np.ndarray]


def init_rnnlm(rng: np.random.Generator, V: int, D: int, H: int, *, lstm: bool = False) -> Arrays:
    """Draw the weights of a language model."""
    rows = 4 * H if lstm else H
    shapes = {"W_xh": (rows, D), "W_hh": (rows, H), "b_h": (rows,), "W_hy": (V, H), "b_y": (V,)}
    shapes |= {"w_peep": (3, H)} if lstm else {}
    weights = {name: rng.uniform(-1, 1, size=shape) / np.sqrt(H) for name, shape in shapes.items()}
    return {"E": rng.normal(size=(V, D))} | weights


def cell_forward(
    params: Arrays, x: np.ndarray, state: State | None = None
) -> tuple[np.ndarray, State, ElmanCache | LSTMCache]:
    """Run the cell of params over x."""
    zero = np.zeros((x.shape[1], params["W_hh"].shape[1]))
    if "w_peep" not in params:
        return elman_forward(x, zero if state is None else state, ElmanParams(*map(params.get, ElmanParams._fields)))
    h0, c0 = (zero, zero) if state is None else state
    h, h_T, c_T, cache = lstm_forward(x, h0, c0, LSTMParams(*map(params.get, LSTMParams._fields)))
    return h, (h_T, c_T), cache


def cell_backward(dh: np.ndarray, cache: ElmanCache | LSTMCache) -> tuple[np.ndarray, Arrays]:
    """Send dh back through the cell."""
    backward, kind = (lstm_backward, LSTMParams) if isinstance(cache, LSTMCache) else (elman_backward, ElmanParams)
    grads = backward(dh, cache)
    return grads.dx, {name: getattr(grads, f"d{name}") for name in kind._fields}


def lm_inputs_targets(
    sents_ids: Sequence[Sequence[int]], bos: int, eos: int, pad: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pad rows of ids, then stand them upright."""
    lengths = [len(sent) + 1 for sent in sents_ids]
    T = max(lengths)

    def upright(rows):
        return np.array([[*row, *[pad] * (T - len(row))] for row in rows], dtype=np.int64).T.copy()

    inp = upright([[bos, *sent] for sent in sents_ids])
    tgt = upright([[*sent, eos] for sent in sents_ids])
    return inp, tgt, np.less.outer(np.arange(T), lengths)


def rnnlm_loss(
    params: Arrays, inp: np.ndarray, tgt: np.ndarray, mask: np.ndarray, h0: State | None = None
) -> tuple[float, Arrays, State]:
    """Four layers there, and the same four back."""
    x, words = embedding_forward(np.where(mask, inp, 0), params["E"])
    h, h_T, states = cell_forward(params, x, h0)
    logits, readout = linear_forward(h, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, np.where(mask, tgt, 0), mask)
    dh, dW_hy, db_y = linear_backward(dlogits, readout)
    dx, dcell = cell_backward(dh, states)
    return loss, {"E": embedding_backward(dx, words), **dcell, "W_hy": dW_hy, "b_y": db_y}, h_T


def _read(params, ids, state=None):
    """Return the logits (T, V) after every one of these words, and the state after the last."""
    x, _ = embedding_forward(np.reshape(ids, (-1, 1)), params["E"])
    h, state, _ = cell_forward(params, x, state)
    return linear_forward(h, params["W_hy"], params["b_y"])[0][:, 0], state


def rnnlm_logprob(params: Arrays, sent_ids: Sequence[int], bos: int, eos: int) -> float:
    """Read all but the last word, and pick what was said about each next one."""
    line = [bos, *sent_ids, eos]
    logits, _ = _read(params, line[:-1])
    return float(sum(row[w] for row, w in zip(log_softmax(logits), line[1:], strict=True)))


def sample(
    params: Arrays, rng: np.random.Generator, bos: int, eos: int, max_len: int, temperature: float = 1.0
) -> list[int]:
    """Read a word, throw, and so on; a generator remembers the state."""

    def choose(logits):
        if temperature == 0:
            return int(np.argmax(logits))
        return side(np.exp(log_softmax((logits - np.max(logits)) / temperature)), rng.random())

    def words(word, state, left):
        if left > 0:
            logits, state = _read(params, [word], state)
            if (word := choose(logits[-1])) != eos:
                yield from chain([word], words(word, state, left - 1))

    return list(words(bos, None, max_len))
