"""Sentences with entities whose type only the next word tells: what a tagger that reads on can know.

A name of one or two words is a person, a place or a band with equal chances, and the same names serve for all three.
The word after it tells which. So whoever reads from left to right has to guess the type from nothing.

Known exactly: no causal tagger has an expected span F1 above 1/3, since a span of its with the right words has the
right type once in three times; a tagger that sees the next two words can have 1.
"""

import numpy as np

FIRST = ("avon", "bree", "cole", "dara", "eden", "fay", "glen", "hope")  # a name begins with one of these
SECOND = ("park", "stone", "vale", "wood")  # and may go on with one of these
AFTER = {"PER": ("says", "laughs"), "LOC": ("lies", "borders"), "ORG": ("plays", "tours")}
FILLERS = ("and", "today", "then", "we", "hear", "that", "again", "news", "the", "here")


def ner_synth(rng: np.random.Generator, count: int) -> tuple[list[list[str]], list[list[str]]]:
    """Draw sentences of one or two entities, each followed by the word that tells its type, and their BIO tags.

    returns: sentences and tags, two lists of count lists of the same lengths
    """
    drawn = [_sentence(rng) for _ in range(count)]
    return [[word for word, _ in sentence] for sentence in drawn], [[tag for _, tag in sentence] for sentence in drawn]


def ner_synth_words() -> list[str]:
    """Return every word that a sentence may have."""
    return [*FIRST, *SECOND, *(word for words in AFTER.values() for word in words), *FILLERS]


def _sentence(rng: np.random.Generator) -> list[tuple[str, str]]:
    parts = _fillers(rng)
    for _ in range(rng.integers(1, 3)):
        parts += [*_entity(rng), *_fillers(rng)]
    return parts


def _fillers(rng: np.random.Generator) -> list[tuple[str, str]]:
    return [(str(word), "O") for word in rng.choice(FILLERS, size=rng.integers(1, 4))]


def _entity(rng: np.random.Generator) -> list[tuple[str, str]]:
    """Draw a name of one or two words, and the word that tells its type."""
    kind = str(rng.choice(list(AFTER)))
    name = [(str(rng.choice(FIRST)), f"B-{kind}")]
    if rng.random() < 0.5:
        name.append((str(rng.choice(SECOND)), f"I-{kind}"))
    return [*name, (str(rng.choice(AFTER[kind])), "O")]
