"""A small text as nltk.lm reads it when it is given our n-grams: one `<s>`, which is a context and never a word."""

from typing import Any

import numpy as np
from nltk.lm import NgramCounter, Vocabulary
from nltk.util import everygrams

from numnet import ngram

WORDS = "a", "b", "c", "d", "e"
UNKNOWN = "zebra"


def draw_corpus(rng: np.random.Generator, sentences: int = 12) -> list[list[str]]:
    """Draw sentences of 0 to 6 words; some words are rare."""
    return [
        rng.choice(WORDS, size=rng.integers(0, 7), p=[0.4, 0.3, 0.2, 0.07, 0.03]).tolist() for _ in range(sentences)
    ]


def read_vocabulary(sents: list[list[str]], cutoff: int = 1) -> Vocabulary:
    """Return nltk's vocabulary: the words, the end, which is never rare, and `<unk>`; not the start."""
    words = [word for sent in sents for word in sent]
    return Vocabulary([*words, *[ngram.EOS] * cutoff], unk_cutoff=cutoff, unk_label=ngram.UNK)


def count(sents: list[list[str]], n: int, vocabulary: Vocabulary) -> NgramCounter:
    """Count with nltk: every n-gram but those that end in `<s>`."""
    texts = [[ngram.BOS, *vocabulary.lookup(sent), ngram.EOS] for sent in sents]
    return NgramCounter([gram for gram in everygrams(text, max_len=n) if gram[-1] != ngram.BOS] for text in texts)


def fit(kind: Any, sents: list[list[str]], n: int, *args: float) -> Any:
    """Make a model of nltk from a text; args: what its constructor takes before the order."""
    vocabulary = read_vocabulary(sents)
    return kind(*args, n, vocabulary=vocabulary, counter=count(sents, n, vocabulary))
