"""From text to numbers and back: symbols are characters or words, and each has its place in a vocabulary."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


def words(text: str) -> list[str]:
    """Return the words and signs of a text; apostrophes and hyphens inside a word belong to it.

    >>> words("O, that's well-spoken!")
    ['O', ',', "that's", 'well-spoken', '!']
    """
    return _WORD.findall(text)


def vocabulary(symbols: Iterable[str]) -> dict[str, int]:
    """Number the different symbols from 0, in sorted order; a text is the sequence of its characters.

    >>> vocabulary("banana")
    {'a': 0, 'b': 1, 'n': 2}
    """
    return {symbol: i for i, symbol in enumerate(sorted(set(symbols)))}


def to_ids(symbols: Sequence[str], ids: Mapping[str, int]) -> np.ndarray:
    """Return the number of every symbol, int64; ValueError for one that has none.

    >>> to_ids("nab", vocabulary("banana"))
    array([2, 0, 1])
    """
    try:
        return np.array([ids[symbol] for symbol in symbols], dtype=np.int64)
    except KeyError as error:
        raise ValueError(f"to_ids: {error.args[0]!r} is not one of the {len(ids)} symbols of the vocabulary") from None


def to_symbols(numbers: Iterable[int], ids: Mapping[str, int]) -> list[str]:
    """Return the symbols that these numbers stand for.

    >>> "".join(to_symbols([1, 0, 2], vocabulary("banana")))
    'ban'
    """
    symbols = {i: symbol for symbol, i in ids.items()}
    return [symbols[int(number)] for number in numbers]
