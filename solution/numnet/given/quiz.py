"""Which is the real Shakespeare?! A quiz of pairs: a passage of a text, and a sample of the same length.

`shakespeare_quiz` makes the pairs, somebody looks at them and answers, `score` counts, and says how much that proves.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

Sampler = Callable[[np.random.Generator, int], str]


class Quiz(NamedTuple):
    """Pairs of passages, and for each of them which one is real, 0 or 1: do not look before you have answered."""

    pairs: list[tuple[str, str]]
    real: list[int]


class Score(NamedTuple):
    """How many of n answers were right, their share, and the interval that holds the true share 95 times of 100.

    Whoever cannot tell the two apart is right half of the time: while the interval holds 0.5, nothing is proved.
    """

    right: int
    n: int
    accuracy: float
    low: float
    high: float


def shakespeare_quiz(sampler: Sampler, text: str, rng: np.random.Generator, n: int, length: int = 200) -> Quiz:
    """Make n pairs of a real passage and a sample, in random order; both have as many characters as the sample.

    sampler: called as sampler(rng, length), returns a text of length characters or fewer, but not none
    text: passages begin at the start of a line of it; ValueError if it is shorter than a sample

    >>> quiz = shakespeare_quiz(lambda rng, length: "la " * 4, "To be, or not to be, that", np.random.default_rng(0), 2)
    >>> [pair[real] for pair, real in zip(quiz.pairs, quiz.real)]
    ['To be, or no', 'To be, or no']
    """
    starts = np.array([0, *(at + 1 for at, character in enumerate(text) if character == "\n")])
    pairs, real = [], rng.integers(2, size=n).tolist()
    for place in real:
        sample = sampler(rng, length)[:length]
        possible = starts[starts + len(sample) <= len(text)]
        if not sample or not len(possible):
            raise ValueError(f"shakespeare_quiz: a sample of {len(sample)} and a text of {len(text)} characters")
        start = int(rng.choice(possible))
        passage = text[start : start + len(sample)]
        pairs.append((sample, passage) if place else (passage, sample))
    return Quiz(pairs, real)


def score(quiz: Quiz, answers: Sequence[int], confidence: float = 0.95) -> Score:
    """Count the right answers, and say between which bounds the true share lies (the interval of Wilson, 1927).

    centre = (p + z² / 2n) / (1 + z² / n)           p the share of right answers, z = 1.96 for 95 %
    half   = z √(p (1 - p) / n + z² / 4n²) / (1 + z² / n)

    answers: for each pair, which one is real, 0 or 1; as many as there are pairs, one or more

    >>> eight_of_ten = score(Quiz([("", "")] * 10, [1] * 10), [1] * 8 + [0] * 2)
    >>> round(eight_of_ten.low, 3), round(eight_of_ten.high, 3)
    (0.49, 0.943)
    """
    right = sum(answer == real for answer, real in zip(answers, quiz.real, strict=True))
    n = len(quiz.real)
    p, z = right / n, NormalDist().inv_cdf((1 + confidence) / 2)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Score(right, n, p, centre - half, centre + half)
