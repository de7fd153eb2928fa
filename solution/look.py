"""Look into your network: train the small CNN of A5 on digits, and write a page that runs it while you draw.

The page, network.html, is one file: your filters, and what each of them makes of your drawing. It needs A1 to A5, no
network and nothing but NumPy here; open it in any browser.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from numnet.cnn import feature_maps, init_small_cnn, small_cnn_forward, small_cnn_loss
from numnet.given.adam import adam_step
from numnet.given.data import digits
from numnet.given.progress import progress

Arrays = dict[str, np.ndarray]

TEMPLATE = Path(__file__).resolve().with_name("look.html")
PLACE = "null"  # in the template, where the network goes
TRAINED, BATCH = 1500, 50  # digits to learn from, of 1797; the others are asked for afterwards
SHOWN = 20  # of the others, in the page


def main() -> int:
    """Train, write the page, and say where it is and how good the network is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=count, default=12, help="how often every digit is seen; default: 12")
    parser.add_argument("--filters", type=count, default=8, help="how many filters the network has; default: 8")
    parser.add_argument("--out", type=Path, default=Path("network.html"), help="the page; default: network.html")
    options = parser.parse_args()
    try:
        page, right = look(options.epochs, options.filters)
        options.out.write_text(page, "utf-8")
    except NotImplementedError as missing:
        print(f"{missing}; look.py needs A1 to A5", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{options.out}: {error.strerror or error}", file=sys.stderr)
        return 2
    print(f"{options.out}: open it in a browser; the network reads {right:.0%} of the digits that it has not seen")
    return 0


def count(text: str) -> int:
    """Read a whole number above zero."""
    if (number := int(text)) < 1:
        raise ValueError
    return number


def look(epochs: int, filters: int) -> tuple[str, float]:
    """Return the page, and the share of unseen digits that the network reads."""
    rng = np.random.default_rng(0)
    x, y = digits()
    order = rng.permutation(len(x))
    x, y = x[order, None], y[order]  # (N, 1, 8, 8)
    params = train(init_small_cnn(rng, filters=filters), x[:TRAINED], y[:TRAINED], epochs, rng)
    logits = small_cnn_forward(params, x[TRAINED:])[0]
    examples = x[TRAINED : TRAINED + SHOWN]
    network = {name: array.tolist() for name, array in params.items()} | {
        "examples": examples[:, 0].tolist(),
        "truth": y[TRAINED : TRAINED + SHOWN].tolist(),
        "logits": logits[:SHOWN].tolist(),  # what the page must find, too
        "maps": feature_maps(params, examples).tolist(),
    }
    page = TEMPLATE.read_text("utf-8").replace(f">{PLACE}<", f">{json.dumps(network)}<")
    return page, float((logits.argmax(axis=1) == y[TRAINED:]).mean())


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


if __name__ == "__main__":
    sys.exit(main())
