"""A long text as a stream: read in pieces, each from the state in which the piece before it ended.

    text    To be, or not to be, that is | the question: Whether 'tis n | obler in the mind to suffer
    N rows  To be, or   not to be,  ...      cut first into N parts, side by side, then into pieces of T steps

Letters: T steps of a piece, N parts. `loss` is rnnlm_loss, or any function (params, inp, tgt, mask, state) to (loss,
grads, state).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from numnet.given.adam import adam_step
from numnet.given.progress import progress

Arrays = dict[str, np.ndarray]
Loss = Callable[..., tuple[float, Arrays, Any]]


def cut_stream(ids: np.ndarray, T: int, N: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Cut a text into pieces (inp, tgt, mask), each (T, N), in order; the last one may be shorter.

    Column n goes through the n-th of N equal parts of the text, piece after piece; a target is the id that comes next.

    >>> [(inp.T.tolist(), tgt.T.tolist()) for inp, tgt, _ in cut_stream(np.arange(7), T=2, N=2)]
    [([[0, 1], [3, 4]], [[1, 2], [4, 5]]), ([[2], [5]], [[3], [6]])]
    """
    length = (len(ids) - 1) // N
    inp, tgt = (ids[shift : shift + N * length].reshape(N, length).T for shift in (0, 1))
    mask = np.ones((length, N), dtype=bool)
    return [(inp[t : t + T], tgt[t : t + T], mask[t : t + T]) for t in range(0, length, T)]


def train_on_stream(
    loss: Loss, params: Arrays, ids: np.ndarray, *, steps: int, lr: float, T: int = 50, N: int = 32
) -> tuple[Arrays, list[float]]:
    """Take some steps of Adam through the text, from its beginning whenever it is over; lr falls in a line to 0.

    returns: the trained params, new arrays, and the loss of every step
    """
    pieces = [piece for piece in cut_stream(ids, T, N) if len(piece[0]) == T]
    losses, state, adam = [], None, None
    for step in progress(range(steps), "steps"):
        k = step % len(pieces)
        value, grads, state = loss(params, *pieces[k], state if k else None)
        params, adam = adam_step(params, grads, lr * (1 - step / steps), adam)
        losses.append(value)
    return params, losses


def loss_of_stream(loss: Loss, params: Arrays, ids: np.ndarray, *, T: int = 50, N: int = 32) -> float:
    """Return the mean loss per id of a text, in nats, read from one end to the other."""
    total, count, state = 0.0, 0, None
    for inp, tgt, mask in cut_stream(ids, T, N):
        value, _, state = loss(params, inp, tgt, mask, state)
        total, count = total + value * inp.size, count + inp.size
    return total / count
