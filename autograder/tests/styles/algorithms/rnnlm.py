"""The recurrent language model, read word by word wherever a sentence is read."""

from collections.abc import Sequence

import numpy as np

from numnet.embedding import embedding_backward, embedding_forward
from numnet.given.caches import ElmanCache, ElmanParams, LSTMCache, LSTMParams
from numnet.linear import linear_backward, linear_forward, softmax_cross_entropy
from numnet.lstm import lstm_backward, lstm_forward
from numnet.rnn import elman_backward, elman_forward
from numnet.tagging import pad_sequences

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
    """Send dh (T, N, H) back through the cell."""
    is_lstm = isinstance(cache, LSTMCache)
    grads = lstm_backward(dh, cache) if is_lstm else elman_backward(dh, cache)
    names = LSTMParams._fields if is_lstm else ElmanParams._fields
    return grads.dx, {name: getattr(grads, f"d{name}") for name in names}


def lm_inputs_targets(
    sents_ids: Sequence[Sequence[int]], bos: int, eos: int, pad: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pad `bos ... eos`; inputs lack the last word of every sentence, targets the first."""
    tgt, mask, _ = pad_sequences([[*sent, eos] for sent in sents_ids], pad)
    inp = np.roll(tgt, 1, axis=0)  # every word one row down; what falls out at the end comes to the front
    inp[0] = bos
    return np.where(mask, inp, pad), tgt, mask


def rnnlm_loss(
    params: Arrays, inp: np.ndarray, tgt: np.ndarray, mask: np.ndarray, h0: State | None = None
) -> tuple[float, Arrays, State]:
    """Read only what is a word: other ids become the first word, and no gradient comes from there."""
    x, ids = embedding_forward(inp * mask, params["E"])
    h, h_T, states = cell_forward(params, x, h0)
    logits, readout = linear_forward(h, params["W_hy"], params["b_y"])
    loss, dlogits = softmax_cross_entropy(logits, tgt, mask)
    grads = {}
    dh, grads["W_hy"], grads["b_y"] = linear_backward(dlogits, readout)
    dx, of_cell = cell_backward(dh, states)
    grads.update(of_cell)
    grads["E"] = embedding_backward(dx, ids)
    return loss, grads, h_T


class _Reader:
    """Somebody who reads a sentence word by word, and can say at any time what comes next."""

    def __init__(self, params, bos):
        self.params, self.state = params, None
        self.read(bos)

    def read(self, word):
        x, _ = embedding_forward(np.array([[word]]), self.params["E"])
        h, self.state, _ = cell_forward(self.params, x, self.state)
        logits, _ = linear_forward(h, self.params["W_hy"], self.params["b_y"])
        self.logits = logits[0, 0]

    def log_p(self):
        return self.logits - np.logaddexp.reduce(self.logits)


def rnnlm_logprob(params: Arrays, sent_ids: Sequence[int], bos: int, eos: int) -> float:
    """Ask for every word before it is read."""
    reader, total = _Reader(params, bos), 0.0
    for word in sent_ids:
        total += reader.log_p()[word]
        reader.read(word)
    return float(total + reader.log_p()[eos])


def sample(
    params: Arrays, rng: np.random.Generator, bos: int, eos: int, max_len: int, temperature: float = 1.0
) -> list[int]:
    """Search the cumulative probabilities for u."""
    reader, said = _Reader(params, bos), []
    while len(said) < max_len:
        if temperature == 0:
            word = int(reader.logits.argmax())
        else:
            warm = (reader.logits - reader.logits.max()) / temperature
            p = np.exp(warm - np.logaddexp.reduce(warm))
            word = min(int(np.cumsum(p).searchsorted(rng.random(), side="right")), int(np.flatnonzero(p)[-1]))
        if word == eos:
            break
        said.append(word)
        reader.read(word)
    return said
