"""What checks of recurrent language models are made of: weights, batches, and throws; and students' networks.

Letters: T time, N sentences, D numbers per word, H hidden, V words. Sizes are (V, D, H). Both kinds of cell are drawn.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.checks.sequence import ELMAN, require_state

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
OWN = (  # a student's own layers: the ones whose answers are numbers of the right shape as soon as they answer at all
    "embedding.embedding_forward",
    "linear.linear_forward",
    "rnn.elman_forward",
    "lstm.lstm_forward",
)
OWN_BACKWARD = ("rnn.elman_backward", "lstm.lstm_backward")
NOT_OWN = tuple(name for name in LAYERS if name not in OWN)
NOT_OWN_BACKWARD = tuple(name for name in LAYERS if name not in OWN_BACKWARD)
CELLS = {"Elman": 1, "LSTM": 4}  # to the row blocks of W_xh
SIZES = (7, 5, 4)
EDGE = 1e-5  # how far, in widths of a word's interval, an injected number stays away from its ends


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


def draw_indifferent(rng: np.random.Generator) -> Arrays:
    """Draw weights with which every die is the same, whatever was read: what reads the words wrong is harmless."""
    params = draw_network(rng, "Elman")
    return params | {"W_hy": 0 * params["W_hy"]}


def draw_unlikely(rng: np.random.Generator, cell: str, words: Sequence[int]) -> Arrays:
    """Draw weights with which these words are never the likeliest ones."""
    params = draw_network(rng, cell)
    params["b_y"][list(words)] -= 4
    return params


def draw_state(rng: np.random.Generator, cell: str, batch: int, hidden: int = SIZES[2]) -> Any:
    """Draw a state to start from: h, or (h, c)."""
    h, c = rng.uniform(-0.9, 0.9, size=(2, batch, hidden))
    return (h, c.copy()) if cell == "LSTM" else h.copy()


def draw_batch(rng: np.random.Generator, steps: int, batch: int, words: int = SIZES[0]) -> tuple[np.ndarray, ...]:
    """Draw inp, tgt and mask (T, N), nothing masked; a word is read twice, if there is room for it."""
    inp, tgt = rng.integers(words, size=(2, steps, batch))
    inp[-1, -1] = inp[0, 0]
    return inp.copy(), tgt.copy(), np.ones((steps, batch), dtype=bool)


def draw_padded(rng: np.random.Generator, steps: int, lengths: Sequence[int]) -> tuple[np.ndarray, ...]:
    """Draw inp, tgt and mask of sentences of these lengths; in the padding stand numbers that are no words."""
    inp, tgt, _ = draw_batch(rng, steps, len(lengths))
    mask = np.arange(steps)[:, np.newaxis] < np.array(lengths)
    for ids in (inp, tgt):
        ids[~mask] = rng.choice([-1, SIZES[0], SIZES[0] + 5], size=int((~mask).sum()))
    return inp, tgt, mask


def cell_of(package: Any, reference: Any, params: Arrays) -> tuple[Any, Any, Any]:
    """Return the forward and the backward function of a package for the cell of params, and its weights as a record."""
    if "w_peep" in params:
        record, forward, backward = reference.lstm.LSTMParams, package.lstm.lstm_forward, package.lstm.lstm_backward
    else:
        record, forward, backward = reference.rnn.ElmanParams, package.rnn.elman_forward, package.rnn.elman_backward
    return forward, backward, record(*(params[name] for name in record._fields))


def read_with_own_layers(
    student: Any, reference: Any, params: Arrays, inp: np.ndarray, first: tuple[np.ndarray, ...] = ()
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """Return the logits (T, N, V) that a student's layers give, and their last state, not looked at.

    first, and the last state: h, or h and c; () for zeros
    """
    forward, _, weights = cell_of(student, reference, params)
    zero = np.zeros((inp.shape[1], params["W_hh"].shape[1]))

    x = student.embedding.embedding_forward.output(inp, params["E"])
    require_state(x, (*inp.shape, params["E"].shape[1]), "embedding_forward: x")
    h, *last, _ = forward(x, *(first or (zero, zero)[: 1 + ("w_peep" in params)]), weights)
    require_state(h, (len(inp), *zero.shape), "the forward pass of the cell: h")
    logits = student.linear.linear_forward.output(h, params["W_hy"], params["b_y"])
    require_state(logits, (*inp.shape, len(params["b_y"])), "linear_forward: z")
    return logits, tuple(last)


def learn_with_own_layers(
    student: Any, reference: Any, params: Arrays, inp: np.ndarray, tgt: np.ndarray, mask: np.ndarray
) -> Arrays:
    """Return the gradients that come about when the backward pass of the cell is the student's, from our caches."""
    x, looked_up = reference.embedding.embedding_forward(inp, params["E"])
    h, _, run = reference.rnnlm.cell_forward(params, x)
    logits, read_out = reference.linear.linear_forward(h, params["W_hy"], params["b_y"])
    _, dlogits = reference.linear.softmax_cross_entropy(logits, tgt, mask)

    _, backward, weights = cell_of(student, reference, params)
    last = reference.linear.linear_backward(dlogits, read_out)
    cell = backward(last.dx, run)
    require_state(cell.dx, x.shape, "the backward pass of the cell: dx")
    grads = {name: getattr(cell, f"d{name}") for name in weights._fields}
    grads |= {"E": reference.embedding.embedding_backward(cell.dx, looked_up), "W_hy": last.dW, "b_y": last.db}
    for name, grad in grads.items():
        require_state(grad, params[name].shape, f"your layers' gradient of {name}")
    return grads


def throw_for(logits: np.ndarray, word: int, within: float = 0.5, temperature: float = 1.0) -> float:
    """Return the uniform number that lies at this part of the interval of a word."""
    p = np.exp((logits - logits.max()) / temperature)
    p /= p.sum()
    return float(p[:word].sum() + within * p[word])


def next_logits(reference: Any, params: Arrays, words: Sequence[int]) -> np.ndarray:
    """Return our logits (T, V) for the words after each of these, each after all before it."""
    x, _ = reference.embedding.embedding_forward(np.array([words]).T, params["E"])
    h, _, _ = reference.rnnlm.cell_forward(params, x)
    return reference.linear.linear_forward(h[:, 0], params["W_hy"], params["b_y"])[0]
