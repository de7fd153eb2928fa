"""What is raced: sizes that a notebook of the homework would use, the same for every runner. Float64 throughout."""

import numpy as np

PICTURES, CHANNELS, FILTERS, SIDE, KERNEL = 16, 8, 16, 28, 5
T, N, INPUT, HIDDEN = 50, 32, 64, 128
VOCABULARY, EMBEDDING = 65, 64  # characters of a play
WORDS, ORDER = 200_000, 3
SCORED = 40  # words of a text whose perplexity is asked for; nltk needs long for each


def normal(seed: int, *shape: int) -> np.ndarray:
    """Draw numbers of a weight's size: with rows of n numbers the spread is 1 / sqrt(n)."""
    return np.asarray(np.random.default_rng(seed).normal(size=shape) / np.sqrt(shape[-1]))


def sentences() -> list[list[str]]:
    """Draw sentences of words as uneven as a language's (Zipf), about ten words each."""
    rng = np.random.default_rng(0)
    words = [f"w{rank}" for rank in rng.zipf(1.3, WORDS).clip(max=20_000)]
    return [words[start : start + 10] for start in range(0, WORDS, 10)]
