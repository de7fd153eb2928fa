"""The command `python -m autograder.illustration`: the pictures of the READMEs, drawn from the trained solution.

What is compared is what a picture was made from, its last line, and not its bytes: another matplotlib draws other
ones, and that is no reason to draw it again. Letters: H hidden units. numnet is found on PYTHONPATH.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from matplotlib.figure import Figure

from autograder.folder import fingerprint, read_folder
from numnet.clip import sensitivity
from numnet.cnn import feature_maps, init_small_cnn, small_cnn_loss
from numnet.given import data, plots
from numnet.given.caches import ElmanParams, LSTMCache, LSTMParams
from numnet.given.stream import train_on_stream
from numnet.lstm import lstm_backward, lstm_forward
from numnet.rnn import elman_backward, elman_forward
from numnet.rnnlm import init_rnnlm, rnnlm_loss
from numnet.sgd import fit

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "solution" / "pictures"  # the handout gets a copy
READ_FROM = ("solution/numnet", "datasets/digits")
H = 16


def feature_maps_of_digits() -> Figure:
    """Train the small CNN (A5) on digits, and show what its filters find in three of them."""
    rng = np.random.default_rng(6)
    pixels, labels = data.digits()
    start = init_small_cnn(rng, filters=5)
    history = fit(small_cnn_loss, start, (pixels[:, None], labels), rng, epochs=8, batch_size=32, lr=0.05, momentum=0.9)
    shown = pixels[[int(np.flatnonzero(labels == digit)[0]) for digit in (0, 1, 7)]]
    return plots.feature_maps(shown, feature_maps(history.params, shown[:, None]))


def sensitivity_of_networks() -> Figure:
    """Let an Elman network (D2) and LSTMs (F3) read noise, and show how far their states feel the first of it (E1)."""
    rng = np.random.default_rng(4)
    x, start = rng.normal(size=(40, 1, 4)), np.zeros((1, H))
    W_xh, W_hh = rng.normal(size=(4 * H, 4)) / 2, rng.uniform(-1, 1, size=(4 * H, H)) / np.sqrt(H)
    elman = ElmanParams(W_xh[:H], W_hh[:H], np.zeros(H))
    curves = {"RNN": _felt(lambda x: elman_forward(x, start, elman)[::2], elman_backward, x)}
    for bias in (0, 1, 5):
        lstm = LSTMParams(W_xh, W_hh, np.repeat([0.0, bias, 0.0, 0.0], H), np.zeros((3, H)))
        curves[f"LSTM, forget bias {bias}"] = _felt(partial(_lstm, start, lstm), lstm_backward, x)
    return plots.sensitivity_curves(curves)


def _lstm(start: np.ndarray, params: LSTMParams, x: np.ndarray) -> tuple[np.ndarray, LSTMCache]:
    h, _, _, cache = lstm_forward(x, start, start, params)
    return h, cache


def _felt(forward: Callable[[np.ndarray], Any], backward: Callable[..., Any], x: np.ndarray) -> np.ndarray:
    return sensitivity(forward, lambda dh, cache: backward(dh, cache).dx, x)


def loss_against_entropies() -> Figure:
    """Train a language model (H2) on a chain, down to the entropy that nobody can beat."""
    rng = np.random.default_rng(3)
    text, known = data.markov2(rng, 60_000), data.markov2_entropies()
    _, losses = train_on_stream(rnnlm_loss, init_rnnlm(rng, 8, 8, 64), text, steps=300, lr=0.01)
    names = ("the best 1-gram", "the best 2-gram", "the best there is")
    return plots.loss_against_ngrams({"RNN": losses}, 8, dict(zip(names, known, strict=True)))


PICTURES: Mapping[str, Callable[[], Figure]] = {
    "feature-maps.svg": feature_maps_of_digits,
    "sensitivity.svg": sensitivity_of_networks,
    "loss.svg": loss_against_entropies,
}


def sources() -> str:
    """Name all that the pictures are made from, in the last line of each."""
    files = {f"{folder}/{path}": text for folder in READ_FROM for path, text in read_folder(ROOT / folder).items()}
    return f"<!-- made from {fingerprint(files | {'': Path(__file__).read_bytes()})} by make pictures -->"


def stale() -> Iterator[str]:
    """Yield the pictures that are not there, or were made from something else."""
    for name in PICTURES:
        if not (FOLDER / name).is_file() or sources() not in (FOLDER / name).read_text("utf-8"):
            yield name


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--check", is_flag=True, help="Draw nothing; fail if a picture was made from something else")
def main(check: bool) -> None:
    """Train the solution, and draw the pictures of the READMEs: five seconds.

    \b
    Example:
        python -m autograder.illustration --check
    """
    if not check:
        FOLDER.mkdir(exist_ok=True)
        for name, draw in PICTURES.items():
            (FOLDER / name).write_text(plots.to_svg(draw()) + sources() + "\n", "utf-8")
    elif names := list(stale()):
        raise click.UsageError(f"{', '.join(names)}: made from something else than what is here; run `make pictures`")


if __name__ == "__main__":
    main()
