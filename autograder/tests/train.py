"""Train a language model with an Elman cell on nine tenths of a text, in a process of its own.

    python train.py TEXT WIDTH HIDDEN STEPS RATE SEED      TEXT: a .npy file of ids; numnet is found on PYTHONPATH

Prints the loss of the first step and that of the last tenth of the text, as a list in JSON.
"""

import json
import sys
from importlib import import_module

import numpy as np


def main(text: str, width: str, hidden: str, steps: str, rate: str, seed: str) -> None:
    """Train, and print the two losses."""
    rnnlm, stream = import_module("numnet.rnnlm"), import_module("numnet.given.stream")
    ids = np.load(text)
    cut = len(ids) * 9 // 10
    params = rnnlm.init_rnnlm(np.random.default_rng(int(seed)), int(ids.max()) + 1, int(width), int(hidden))
    params, losses = stream.train_on_stream(rnnlm.rnnlm_loss, params, ids[:cut], steps=int(steps), lr=float(rate))
    json.dump([losses[0], stream.loss_of_stream(rnnlm.rnnlm_loss, params, ids[cut:])], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
