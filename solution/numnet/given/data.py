"""The door to all the data of the homework.

    from numnet.given import data
    x, y = data.digits()
    x, y = data.phonemes(np.random.default_rng(0), 100)

What is drawn takes an rng, and its truth is known exactly. What is read lies in datasets/, with a card for each that
says where it comes from and what is known. What has to be fetched is named in datasets/manifest.toml, checked by its
SHA-256, and kept; `NUMNET_DATA` names a folder that is looked at first.
"""

import hashlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import numpy as np

from numnet.given.conll import read_conll
from numnet.given.hmm import ceilings, filtered, frame_alone, phoneme_hmm, phonemes, smoothed
from numnet.given.idx import read_idx
from numnet.given.markov import markov2, markov2_entropies, markov2_table, pair_probabilities
from numnet.given.numeral import NUMBER_WORDS, number_words, numbers
from numnet.given.recall import recall
from numnet.given.shape import shape_ceiling, shape_posterior, shapes
from numnet.given.shelf import (
    DataError,
    Remote,
    cow_grammar,
    cows,
    digits,
    remotes,
    verse_grammar,
    verse_lines,
    verses,
    verses_known,
)
from numnet.given.tagged import ner_synth, ner_synth_words
from numnet.given.text import to_ids, to_symbols, vocabulary, words

__all__ = [
    "NUMBER_WORDS",
    "DataError",
    "Remote",
    "ceilings",
    "cow_grammar",
    "cows",
    "digits",
    "fetch",
    "filtered",
    "frame_alone",
    "is_at_hand",
    "markov2",
    "markov2_entropies",
    "markov2_table",
    "mnist",
    "ner_synth",
    "ner_synth_words",
    "number_words",
    "numbers",
    "pair_probabilities",
    "phoneme_hmm",
    "phonemes",
    "read_conll",
    "read_idx",
    "recall",
    "remotes",
    "shape_ceiling",
    "shape_posterior",
    "shapes",
    "smoothed",
    "tiny_shakespeare",
    "to_ids",
    "to_symbols",
    "verse_grammar",
    "verse_lines",
    "verses",
    "verses_known",
    "vocabulary",
    "wnut17",
    "words",
]


def tiny_shakespeare() -> str:
    """Fetch 40,000 lines of Shakespeare, one text."""
    return fetch(remotes()["tiny-shakespeare/input.txt"]).read_text("utf-8")


def wnut17(part: str = "train") -> tuple[list[list[str]], list[list[str]]]:
    """Fetch tweets with entities of six types: the words and the BIO tags of every sentence.

    part: "train" (3394 sentences), "dev" (1009) or "test" (1287)
    """
    files = {"train": "wnut17train.conll", "dev": "emerging.dev.conll", "test": "emerging.test.annotated"}
    return read_conll(fetch(remotes()[f"wnut17/{_one_of(files, part)}"]).read_text("utf-8"))


def mnist(part: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Fetch handwritten digits of 28 x 28 pixels, and which digit each is.

    part: "train" (60,000 pictures) or "test" (10,000)
    returns: x (N, 28, 28) uint8, y (N,) int64. Take as many as you need and make them floats: x[:5000] / 255
    """
    stem = _one_of({"train": "train", "test": "t10k"}, part)
    names = f"mnist/{stem}-images-idx3-ubyte.gz", f"mnist/{stem}-labels-idx1-ubyte.gz"
    x, y = (read_idx(fetch(remotes()[name]).read_bytes()) for name in names)
    return x, y.astype(np.int64)


def _one_of(choices: dict[str, str], part: str) -> str:
    if part not in choices:
        raise ValueError(f"there is no part {part!r}; there are {', '.join(choices)}")
    return choices[part]


def fetch(remote: Remote, cache: Path | None = None) -> Path:
    """Return a file that is what the manifest says: from the mirror, from the cache, or fetched into the cache.

    The mirror is the folder that NUMNET_DATA names. DataError says in one sentence what is wrong and what to do.
    """
    if there := _mirrored(remote):
        _require_right(there, f"{there} in the folder of NUMNET_DATA", remote)
        return there
    pooch = _pooch(remote)
    place = (cache or Path(pooch.os_cache("numnet"))) / remote.name
    try:
        _download(pooch, remote, place)
    except OSError as error:  # what requests raises is one, too
        raise DataError(f"{remote.address} could not be fetched: {_reason(error)}; {_by_hand(remote)}") from error
    return place


def is_at_hand(remote: Remote) -> bool:
    """Say whether a file need not be fetched: it is in the mirror or in the cache."""
    if _mirrored(remote):
        return True
    if importlib.util.find_spec("pooch") is None:
        return False
    return Path(_pooch(remote).os_cache("numnet"), remote.name).is_file()


def _mirrored(remote: Remote) -> Path | None:
    """Return where the mirror has a file, if there is a mirror and it has it."""
    mirror = os.environ.get("NUMNET_DATA")
    if mirror and not Path(mirror).is_dir():
        raise DataError(f"NUMNET_DATA names {mirror}, which is no folder; name one, or unset it to have data fetched")
    there = Path(mirror, remote.name) if mirror else None
    return there if there and there.is_file() else None


def _pooch(remote: Remote) -> ModuleType:
    try:
        import pooch
    except ImportError as error:
        raise DataError(f"fetching {remote.name} needs pooch, which is not installed; {_by_hand(remote)}") from error
    pooch.get_logger().setLevel("WARNING")  # it would announce every file
    return pooch


def _download(pooch: ModuleType, remote: Remote, place: Path) -> None:
    """Fetch a file unless the right one is there; a wrong one never gets to its place, nor does a part of one."""

    def download(address: str, beside: str, caller: object) -> None:
        watched = sys.stderr.isatty() and importlib.util.find_spec("tqdm") is not None
        pooch.HTTPDownloader(progressbar=watched)(address, beside, caller)
        _require_right(Path(beside), address, remote)

    known = f"sha256:{remote.sha256}"
    pooch.retrieve(remote.address, known, fname=place.name, path=place.parent, downloader=download)


def _require_right(file: Path, where: str, remote: Remote) -> None:
    """Refuse a file that is not what the manifest says."""
    content = file.read_bytes()
    came = hashlib.sha256(content).hexdigest()
    if came != remote.sha256:
        expected = f"expected {remote.size:,} bytes with SHA-256 {remote.sha256[:12]}..."
        got = f"got {len(content):,} with {came[:12]}..."
        raise DataError(f"{where} is not {remote.name}: {expected}, {got}; {_by_hand(remote)}")


def _reason(error: OSError) -> str:
    """Say what stopped a download, without the inner words of libraries."""
    answer = getattr(error, "response", None)
    if answer is not None:
        return f"the server answered {answer.status_code}"
    return f"no connection, or one that broke ({type(error).__name__})" if error.errno is None else str(error)


def _by_hand(remote: Remote) -> str:
    return f"save {remote.address} as {remote.name} in a folder and let NUMNET_DATA name that folder"
