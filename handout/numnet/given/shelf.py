"""What lies in datasets/ and comes with the homework: digits, grammars, and the manifest of what can be fetched."""

import gzip
import tomllib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from numnet.given import grammar
from numnet.given.verse import VerseEntropies, printed, verse_entropies


class DataError(Exception):
    """Data that cannot be had: where, what was expected, what came, what to do, in one sentence."""


class Remote(NamedTuple):
    """A file that can be fetched: its name, such as "wnut17/emerging.dev.conll", its address, and how to know it."""

    name: str
    address: str
    size: int
    sha256: str
    licence: str


def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return 1797 handwritten digits as pictures of 8 x 8 pixels, and which digit each is.

    returns: x (1797, 8, 8) float64 from 0, paper, to 1, ink; y (1797,) int64 from 0 to 9
    """
    with gzip.open(shipped("digits/digits.csv.gz"), "rt", encoding="utf-8") as lines:
        table = np.loadtxt(lines, delimiter=",")
    return table[:, :-1].reshape(-1, 8, 8) / 16, table[:, -1].astype(np.int64)


def cows() -> list[list[str]]:
    """Return the corpus of the lecture's cows: sentences, each a list of words.

    After "cows eat" come corn (4 times of 11), grass (3), hay (2), if (1) and which (1).
    """
    return [line.split() for line in shipped("cows/corpus.txt").read_text("utf-8").splitlines()]


def cow_grammar() -> grammar.Grammar:
    """Return a grammar whose cows eat what they eat in the corpus: `.sample(rng)`, `.logprob(sentence)`."""
    return grammar.read(shipped("cows/grammar.txt").read_text("utf-8"))


def verse_grammar() -> grammar.Grammar:
    """Return the grammar of verses."""
    return grammar.read(shipped("verses/grammar.txt").read_text("utf-8"))


def verses(rng: np.random.Generator, turns: int = 2500) -> str:
    """Draw a play of so many turns; 2500 of them are about 230,000 characters."""
    play = verse_grammar()
    return printed([word for _ in range(turns) for word in play.sample(rng)])


def verse_lines(rng: np.random.Generator, count: int) -> list[list[str]]:
    """Draw lines of verse that nobody speaks, each a list of words, independent of each other."""
    play = verse_grammar()
    return [play.sample(rng, "line") for _ in range(count)]


def verses_known() -> VerseEntropies:
    """Return the exact entropy of verses per line, word and character, in nats."""
    return verse_entropies(verse_grammar())


def shipped(name: str) -> Path:
    """Return where a file of datasets/ lies: beside numnet, as in the handout, or one folder above."""
    package = Path(__file__).resolve().parents[1]
    for folder in package.parents[:2]:
        if (place := folder / "datasets" / name).is_file():
            return place
    raise DataError(f"datasets/{name} is neither beside numnet nor one folder above; put the folder datasets/ there")


def remotes() -> dict[str, Remote]:
    """Return every file that can be fetched, by name, as datasets/manifest.toml says."""
    manifest = tomllib.loads(shipped("manifest.toml").read_text("utf-8"))
    found = [
        Remote(f"{folder}/{file}", part["address"] + file, *known, part["licence"])
        for folder, part in manifest.items()
        for file, known in part["files"].items()
    ]
    return {remote.name: remote for remote in found}
