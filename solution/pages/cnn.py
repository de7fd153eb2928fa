"""The page about the small CNN of A5: draw a digit, and see what each of its filters makes of it."""

import numpy as np

from numnet.cnn import feature_maps, init_small_cnn, small_cnn_forward, small_cnn_loss
from numnet.given.adam import adam_step
from numnet.given.data import digits
from numnet.given.progress import progress
from pages.page import assemble

Arrays = dict[str, np.ndarray]

NEEDS = "A1 to A5"
TRAINED, BATCH = 1500, 50  # digits to learn from, of 1797; the others are asked for afterwards
SHOWN = 20  # of the others, in the page


def look(epochs: int, filters: int) -> tuple[str, float]:
    """Return the page of a network that is trained here, and the share of unseen digits that it reads."""
    rng = np.random.default_rng(0)
    x, y = digits()
    order = rng.permutation(len(x))
    x, y = x[order, None], y[order]  # (N, 1, 8, 8)
    params = train(init_small_cnn(rng, filters=filters), x[:TRAINED], y[:TRAINED], epochs, rng)
    logits = small_cnn_forward(params, x[TRAINED:])[0]
    return page(params, x[TRAINED:], y[TRAINED:]), float((logits.argmax(axis=1) == y[TRAINED:]).mean())


def train(params: Arrays, x: np.ndarray, y: np.ndarray, epochs: int, rng: np.random.Generator) -> Arrays:
    """Return weights that were moved by Adam, so that A5 is enough to look at something."""
    state = None
    for _ in progress(range(epochs), "epochs"):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            batch = order[start : start + BATCH]
            _, grads = small_cnn_loss(params, x[batch], y[batch])
            params, state = adam_step(params, grads, lr=0.01, state=state)
    return params


def page(params: Arrays, x: np.ndarray, y: np.ndarray) -> str:
    """Return the page of a trained network, with the first digits of x (N, 1, 8, 8) as examples."""
    examples = x[:SHOWN]
    found = {"logits": small_cnn_forward(params, examples)[0], "maps": feature_maps(params, examples)}  # by NumPy
    return assemble("cnn", params | {"examples": examples[:, 0], "truth": y[:SHOWN]} | found)
