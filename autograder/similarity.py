"""What submissions have in common, names, comments and strings apart, and what the handout gives: a lead, no verdict.

A fingerprint is a run of LENGTH characters of a file whose names have become one letter each; copydetect takes them.
All are kept: which of them its winnowing would keep depends on Python's hashes, and they differ from run to run.

Letters: S submissions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

import numpy as np
from copydetect import CodeFingerprint, compare_files
from numpy.typing import NDArray

Marks = NDArray[np.int64]

LENGTH = 25  # of a fingerprint: about a line of a formula
SIMILAR = 0.3  # of the fingerprints; right answers in different styles share a seventh
FEWEST = 300  # fingerprints in common: what is shorter is alike by itself
MOST_CHARACTERS = 100_000  # of a file; the longest answer has 20,000, and some text takes a reader of Python long
CHUNK = 20_000  # fingerprints that are counted at a time
_FIRST = "#\n"  # copydetect leaves blank lines at the beginning out, and counts from there
NOTHING: Marks = np.array([], dtype=np.int64)


@dataclass(frozen=True)
class Source:
    """What was read of one submission, without the files that are longer than an answer can be.

    given: the fingerprints of the handout, which do not count; fingerprints: the others, sorted
    """

    id: str
    texts: Mapping[str, str] = field(repr=False)
    too_long: Sequence[str]
    given: Marks = field(repr=False)
    fingerprints: Marks = field(repr=False)

    def lines(self, name: str) -> list[str]:
        """Return the lines of a file."""
        return self.texts[name].removeprefix(_FIRST).split("\n") if name in self.texts else []


@dataclass(frozen=True, slots=True)
class Pair:
    """Two submissions that are much alike; shares: of each one's fingerprints, those that the other has."""

    one: Source
    other: Source
    common: int
    shares: tuple[float, float]


def read_source(name: str, files: Mapping[str, bytes], given: Marks = NOTHING) -> Source:
    """Take the fingerprints of one submission."""
    texts = {path: _text(content) for path, content in sorted(files.items())}
    read = {path: text for path, text in texts.items() if len(text) <= MOST_CHARACTERS}
    taken = [np.array(sorted(one.hashes), dtype=np.int64) for one in _fingerprints(read, given).values()]
    return Source(name, read, sorted(texts.keys() - read.keys()), given, np.unique(np.concatenate([NOTHING, *taken])))


def find_pairs(sources: Sequence[Source]) -> list[Pair]:
    """Return the pairs that are similar, the most similar first."""
    common = _common(sources)
    pairs = []
    for one, other in np.argwhere(np.triu(common, 1) >= FEWEST):
        count = int(common[one, other])
        shares = (count / len(sources[one].fingerprints), count / len(sources[other].fingerprints))
        if max(shares) >= SIMILAR:
            pairs.append(Pair(sources[one], sources[other], count, shares))
    return sorted(pairs, key=lambda pair: (-max(pair.shares), -pair.common, pair.one.id, pair.other.id))


def marked_lines(pair: Pair) -> Iterator[tuple[str, set[int], set[int]]]:
    """Yield each file that has something in common: its name, and which lines of it, from 0, in one and the other."""
    ours: dict[str, set[int]] = {name: set() for name in pair.one.texts}
    theirs: dict[str, set[int]] = {name: set() for name in pair.other.texts}
    others = _fingerprints(pair.other.texts, pair.other.given)
    for name, left in _fingerprints(pair.one.texts, pair.one.given).items():
        for other, right in others.items():
            _, _, slices = compare_files(left, right)
            ours[name].update(_lines(left.raw_code, slices[0]))
            theirs[other].update(_lines(right.raw_code, slices[1]))
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) or theirs.get(name):
            yield name, ours.get(name, set()), theirs.get(name, set())


def _text(content: bytes) -> str:
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return f"{_FIRST}{text}"


def _fingerprints(texts: Mapping[str, str], given: Marks) -> dict[str, CodeFingerprint]:
    found = {}
    for name, text in texts.items():
        found[name] = taken = CodeFingerprint(name, LENGTH, 1, language="python", fp=StringIO(text))
        if len(taken.offsets):  # at the name of a class, copydetect forgets what it left out before
            taken.offsets[:, 1] = np.maximum.accumulate(taken.offsets[:, 1])
        taken.hashes -= set(given.tolist())
        taken.hash_idx = {mark: places for mark, places in taken.hash_idx.items() if mark in taken.hashes}
    return found


def _common(sources: Sequence[Source]) -> Marks:
    """Count the fingerprints that each two submissions have in common.

    returns: (S, S)
    """
    owners = np.repeat(np.arange(len(sources)), [len(source.fingerprints) for source in sources])
    _, columns = np.unique(np.concatenate([NOTHING, *(one.fingerprints for one in sources)]), return_inverse=True)
    common = np.zeros((len(sources), len(sources)), dtype=np.int64)
    for start in range(0, int(columns.max(initial=0)) + 1, CHUNK):
        chosen = (columns >= start) & (columns < start + CHUNK)
        has = np.zeros((len(sources), CHUNK), dtype=np.float32)
        has[owners[chosen], columns[chosen] - start] = 1
        common += (has @ has.T).astype(np.int64)
    return common


def _lines(text: str, slices: np.ndarray) -> Iterator[int]:
    """Yield the numbers of the lines that slices of a text touch.

    slices: (2, n), where each begins and ends
    """
    if not np.size(slices):
        return
    ends = np.flatnonzero(np.array(list(text)) == "\n")
    first, last = np.searchsorted(ends, slices[0]), np.searchsorted(ends, slices[1] - 1)
    for begin, end in zip(first, last, strict=True):
        yield from range(int(begin) - 1, int(end))  # without the line that we put before
