"""The page about a language model with the LSTM: type a beginning, and see what each gate of each unit makes of it.

Letters: T characters of a passage, H units, V symbols, as in numnet/rnnlm.py. A text is read after a new line.
"""

import time
from typing import NamedTuple

import numpy as np

from numnet.given.data import is_at_hand, remotes, tiny_shakespeare, verses
from numnet.given.stream import loss_of_stream, train_on_stream
from numnet.given.text import to_ids, vocabulary
from numnet.linear import linear_forward
from numnet.rnnlm import cell_forward, init_rnnlm, rnnlm_loss
from pages.page import assemble

Arrays = dict[str, np.ndarray]

NEEDS = "A1, B1, F1 to F3 and H2"
D, H, T, LR = 16, 64, 32, 0.015
TRIED = 3  # steps, to know how long one takes
KEPT, ASKED = 10, 20_000  # every tenth of a book is not read, and so many characters of it are asked for
PASSAGE = 60  # characters on which the page and NumPy are compared


class Book(NamedTuple):
    """A text, and what it is called."""

    title: str
    text: str


class Writer(NamedTuple):
    """A trained language model, the number of each of its characters, and what it read and did not read."""

    params: Arrays
    ids: dict[str, int]
    title: str
    unread: str


def book() -> Book:
    """Return Shakespeare if it is here already, else a play that is drawn from the grammar of verses."""
    if is_at_hand(remotes()["tiny-shakespeare/input.txt"]):
        return Book("Shakespeare", tiny_shakespeare())
    return Book("the generated verses", verses(np.random.default_rng(0)))


def try_out(book: Book) -> tuple[Writer, float]:
    """Train for a few steps: return what comes of it, and the seconds that a step takes here."""
    before = time.perf_counter()
    writer = train(Book(book.title, book.text[:ASKED]), TRIED)
    return writer, (time.perf_counter() - before) / TRIED


def train(book: Book, steps: int) -> Writer:
    """Return a language model that has read nine tenths of a book, or as far as it gets in so many steps."""
    ids = vocabulary(book.text + "\n")
    params = init_rnnlm(np.random.default_rng(1), len(ids), D, H, lstm=True)
    end = len(book.text) - len(book.text) // KEPT
    params, _ = train_on_stream(rnnlm_loss, params, to_ids(book.text[:end], ids), steps=steps, lr=LR, T=T)
    return Writer(params, ids, book.title, book.text[end:].partition("\n")[2])


def loss(writer: Writer) -> float:
    """Return how surprised it is by a character that it has not read, in nats."""
    return loss_of_stream(rnnlm_loss, writer.params, to_ids(writer.unread[:ASKED], writer.ids), T=T)


def page(writer: Writer) -> str:
    """Return the page of a trained language model."""
    passage = writer.unread[:PASSAGE]
    x = writer.params["E"][to_ids("\n" + passage, writer.ids)][:, np.newaxis]  # (T, 1, D)
    h, _, cache = cell_forward(writer.params, x)
    logits, _ = linear_forward(h, writer.params["W_hy"], writer.params["b_y"])
    found = {name: [getattr(step, name)[0] for step in cache.steps] for name in ("i", "f", "o")}
    found |= {"c": [step.c_t[0] for step in cache.steps], "h": h[:, 0], "logits": logits[:, 0]}
    known = {"title": writer.title, "symbols": list(writer.ids), "passage": passage, "found": found}
    return assemble("lm", writer.params | known)
