"""Small data whose truth is known exactly, and the door to all the data of the homework.

    from numnet.given import data
    x, y = data.digits()

What is drawn takes an rng; what is read lies in datasets/, with a card for each that says where it comes from.
"""

import gzip
from pathlib import Path

import numpy as np

from numnet.given.numeral import NUMBER_WORDS, number_words, numbers

__all__ = ["NUMBER_WORDS", "DataError", "cows", "digits", "number_words", "numbers"]


class DataError(Exception):
    """Data that is not there, or not what it should be: where, what was expected, what came, what to do."""


_COWS = """
cows eat corn
the cows eat corn
brown cows eat corn and grass
in winter cows eat corn from the barn
cows eat grass
the cows eat grass in summer
all brown cows eat grass
cows eat hay
in winter the cows eat hay
cows eat if they are hungry
the farmer knows what cows eat which is grass
cows sleep
brown cows sleep in the barn
the cows drink water
sheep eat grass
the sheep eat hay in the barn
the farmer eats corn
"""


def cows() -> list[list[str]]:
    """Return the corpus of the lecture's cows: sentences, each a list of words.

    After "cows eat" come corn (4 times of 11), grass (3), hay (2), if (1) and which (1).
    """
    return [line.split() for line in _COWS.strip().splitlines()]


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return 1797 handwritten digits as pictures of 8 x 8 pixels, and which digit each is.

    returns: x (1797, 8, 8) float64 from 0, paper, to 1, ink; y (1797,) int64 from 0 to 9
    """
    with gzip.open(shipped("digits/digits.csv.gz"), "rt", encoding="utf-8") as lines:
        table = np.loadtxt(lines, delimiter=",")
    return table[:, :-1].reshape(-1, 8, 8) / 16, table[:, -1].astype(np.int64)


def shipped(name: str) -> Path:
    """Return where a file of datasets/ lies: beside numnet, as in the handout, or one folder above."""
    package = Path(__file__).resolve().parents[1]
    places = [folder / "datasets" / name for folder in package.parents[:2]]
    for place in places:
        if place.is_file():
            return place
    raise DataError(f"datasets/{name} is neither beside numnet nor one folder above; put the folder datasets/ there")
