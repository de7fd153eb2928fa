"""What checks of recurrent language models are made of: weights, batches, and throws; and students' networks.

Letters: T time, N sentences, D numbers per word, H hidden, V words. Sizes are (V, D, H). Both kinds of cell are drawn.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.checks.sequence import ELMAN, require_state
from autograder.desk import offer

Arrays = dict[str, np.ndarray]
LSTM = ("lstm.lstm_forward", "lstm.lstm_backward", "lstm.lstm_step_forward", "lstm.lstm_step_backward")
LAYERS = (
    "embedding.embedding_forward",
    "embedding.embedding_backward",
    "linear.linear_forward",
    "linear.linear_backward",
    "linear.softmax_cross_entropy",
    *ELMAN,
    *LSTM,
)
CELLS = {"Elman": 1, "LSTM": 4}  # to the row blocks of W_xh
SIZES = (7, 3, 4)
EDGE = 1e-3  # how far, in widths of a word's interval, an injected number stays away from its ends


def draw_network(rng: np.random.Generator, cell: str, sizes: tuple[int, int, int] = SIZES) -> Arrays:
    """Draw the weights of a language model; no word is likely or unlikely by far."""
    words, width, hidden = sizes
    rows = CELLS[cell] * hidden
    params = {
        "E": rng.normal(size=(words, width)),
        "W_xh": rng.normal(size=(rows, width)) / np.sqrt(width),
        "W_hh": rng.normal(size=(rows, hidden)) / np.sqrt(hidden),
        "b_h": rng.normal(size=rows) / 2,
        "W_hy": rng.normal(size=(words, hidden)) / np.sqrt(hidden),
        "b_y": rng.normal(size=words) / 2,
    }
    return params | ({"w_peep": rng.normal(size=(3, hidden))} if cell == "LSTM" else {})


def draw_forgetful(rng: np.random.Generator, cell: str) -> Arrays:
    """Draw weights with which no state depends on another, so that what an earlier call left behind is harmless."""
    params = draw_network(rng, cell)
    return params | {"W_hh": 0 * params["W_hh"]}


def draw_state(rng: np.random.Generator, cell: str, batch: int, hidden: int = SIZES[2]) -> Any:
    """Draw a state to start from: h, or (h, c)."""
    h, c = rng.uniform(-0.9, 0.9, size=(2, batch, hidden))
    return (h, c.copy()) if cell == "LSTM" else h.copy()


def draw_batch(rng: np.random.Generator, steps: int, batch: int, words: int = SIZES[0]) -> tuple[np.ndarray, ...]:
    """Draw inp, tgt and mask (T, N), nothing masked."""
    inp, tgt = rng.integers(words, size=(2, steps, batch))
    return inp.copy(), tgt.copy(), np.ones((steps, batch), dtype=bool)


def draw_padded(rng: np.random.Generator, steps: int, lengths: Sequence[int]) -> tuple[np.ndarray, ...]:
    """Draw inp, tgt and mask of sentences of these lengths; in the padding stand numbers that are no words."""
    inp, tgt, _ = draw_batch(rng, steps, len(lengths))
    mask = np.arange(steps)[:, np.newaxis] < np.array(lengths)
    for ids in (inp, tgt):
        ids[~mask] = rng.choice([-1, SIZES[0], SIZES[0] + 5], size=int((~mask).sum()))
    return inp, tgt, mask


class OwnNetwork:
    """A student's layers, called one after the other from here, whatever they compute."""

    def __init__(self, student: Any, reference: Any, params: Arrays) -> None:
        """Keep the package and the weights."""
        self.student, self.reference, self.params = student, reference, params
        self.is_lstm = "w_peep" in params
        self.cell = "lstm" if self.is_lstm else "elman"
        record = reference.lstm.LSTMParams if self.is_lstm else reference.rnn.ElmanParams
        self.weights = record(*(params[name] for name in record._fields))

    def read(self, inp: np.ndarray, state: Any = None) -> tuple[np.ndarray, Any, tuple[Any, Any]]:
        """Return the logits (T, N, V) after every word, the last state, and the caches of cell and readout."""
        x = self.student.embedding.embedding_forward.output(inp, self.params["E"])
        require_state(x, (*inp.shape, self.params["E"].shape[1]), "embedding_forward: x")
        h, state, run = self._run(x, state)
        logits, read_out = self.student.linear.linear_forward(h, self.params["W_hy"], self.params["b_y"])
        require_state(logits, (*inp.shape, len(self.params["b_y"])), "linear_forward: z")
        return logits, state, (run, read_out)

    def _run(self, x: np.ndarray, state: Any) -> tuple[np.ndarray, Any, Any]:
        shape = x.shape[1], self.params["W_hh"].shape[1]
        if self.is_lstm:
            h0, c0 = state or (np.zeros(shape), np.zeros(shape))
            h, h_T, c_T, cache = self.student.lstm.lstm_forward(x, h0, c0, self.weights)
            last = h_T, c_T
        else:
            h0 = np.zeros(shape) if state is None else state
            h, last, cache = self.student.rnn.elman_forward(x, h0, self.weights)
        require_state(h, (len(x), *shape), f"{self.cell}_forward: h")
        for name, array in zip(("h_T", "c_T"), last if self.is_lstm else (last,), strict=False):
            require_state(array, shape, f"{self.cell}_forward: {name}")
        return h, last, cache

    def learn(self, dlogits: np.ndarray, inp: np.ndarray, caches: tuple[Any, Any]) -> Arrays:
        """Return the gradients of all weights; those of E are gathered by our embedding_backward.

        A table that keeps its gradients from call to call is the business of B1.
        """
        run, read_out = caches
        require_state(dlogits, (*inp.shape, len(self.params["b_y"])), "softmax_cross_entropy: dlogits")
        last = self.student.linear.linear_backward(dlogits, read_out)
        require_state(last.dx, (*inp.shape, self.params["W_hh"].shape[1]), "linear_backward: dx")
        backward = self.student.lstm.lstm_backward if self.is_lstm else self.student.rnn.elman_backward
        cell = backward(last.dx, run)
        require_state(cell.dx, (*inp.shape, self.params["E"].shape[1]), f"{self.cell}_backward: dx")
        grads = {name: getattr(cell, f"d{name}") for name in self.weights._fields}
        dE = self.reference.embedding.embedding_backward(cell.dx, self.looked_up(inp))
        grads |= {"E": dE, "W_hy": last.dW, "b_y": last.db}
        for name, grad in grads.items():
            require_state(grad, self.params[name].shape, f"your layers' gradient of {name}")
        return grads

    def looked_up(self, inp: np.ndarray) -> Any:
        """Return the cache that a right embedding_forward leaves."""
        return self.reference.embedding.EmbeddingCache(inp, len(self.params["E"]))


class Throws:
    """An rng of ours that throws what it is told to, and counts the throws; after the last one it throws 0.5."""

    def __init__(self, throws: Sequence[float]) -> None:
        """Keep the throws to come."""
        self.throws = list(throws)
        self.thrown = 0

    def random(self) -> float:
        """Return the next number of [0, 1)."""
        self.thrown += 1
        return self.throws[self.thrown - 1] if self.thrown <= len(self.throws) else 0.5

    def offered(self) -> Any:
        """Offer it to the student's code."""
        return offer(self, methods=("random",))


def throw_for(logits: np.ndarray, word: int, temperature: float = 1.0, within: float = 0.5) -> float:
    """Return the uniform number that lies at this part of the interval of a word."""
    p = np.exp((logits - logits.max()) / temperature)
    p /= p.sum()
    return float(p[:word].sum() + within * p[word])


def next_logits(reference: Any, params: Arrays, words: Sequence[int]) -> np.ndarray:
    """Return our logits (V,) for the word after these."""
    x, _ = reference.embedding.embedding_forward(np.array([words]).T, params["E"])
    h, _, _ = reference.rnnlm.cell_forward(params, x)
    return reference.linear.linear_forward(h[-1, 0], params["W_hy"], params["b_y"])[0]


def throws_along(
    reference: Any, params: Arrays, path: Sequence[int], temperature: float = 1.0, within: Sequence[float] = (0.5,)
) -> Throws:
    """Return the throws that lead from path[0], which is given, along the path."""
    parts = [within[t % len(within)] for t in range(len(path))]
    logits = [next_logits(reference, params, path[:t]) for t in range(1, len(path))]
    return Throws([throw_for(*pair, temperature, part) for *pair, part in zip(logits, path[1:], parts, strict=False)])
