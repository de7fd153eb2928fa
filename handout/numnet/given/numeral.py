"""Numbers in words, 0 to 9999: what a sequence-to-sequence model reads, and what it is to write."""

import numpy as np

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER_WORDS = (*_SMALL, *_TENS, "hundred", "thousand")


def number_words(i: int) -> list[str]:
    """Return a number of 0 to 9999 in words, without "and" and hyphens.

    >>> number_words(321)
    ['three', 'hundred', 'twenty', 'one']
    >>> number_words(4070)
    ['four', 'thousand', 'seventy']
    """
    if not 0 <= i <= 9999:
        raise ValueError(f"number_words({i}): the numbers go from 0 to 9999")
    thousands, hundreds, rest = i // 1000, i // 100 % 10, i % 100
    words = [*_count(thousands, "thousand"), *_count(hundreds, "hundred"), *_below_hundred(rest)]
    return words or ["zero"]


def _count(digit: int, unit: str) -> list[str]:
    return [_SMALL[digit], unit] if digit else []


def _below_hundred(i: int) -> list[str]:
    if i < 20:
        return [_SMALL[i]] if i else []
    return [_TENS[i // 10 - 2], *_below_hundred(i % 10)]


def numbers(rng: np.random.Generator, count: int, below: int = 1000) -> list[tuple[list[str], str]]:
    """Draw different numbers: pairs of the words and the digits that they stand for.

    returns: count pairs, such as (["three", "hundred", "twenty", "one"], "321"), no two the same
    """
    if not 0 <= count <= below:
        raise ValueError(f"numbers: {count} different numbers below {below} were asked for")
    return [(number_words(i), str(i)) for i in rng.permutation(below)[:count].tolist()]
