"""Verses: a play as it is printed, its words, and how much of it nobody can foretell.

A play is a list of words, punctuation and new lines, as numnet.given.grammar draws them. In print a line begins with a
capital and punctuation follows its word without a blank; nothing is lost by that, so the words can be had back, and a
text has the probability of its words.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from numnet.given.grammar import Grammar

NEW_LINE = "\n"
_SIGN = r"[,.;:?!\n]"
_PIECE = re.compile(rf"{_SIGN}|[^\s,.;:?!]+")


class VerseEntropies(NamedTuple):
    """What is unforeseeable, in nats, exactly.

    line: of a line alone. word: the same by its words, the end of the line counted as one, as perplexity counts it.
    character: of the printed play, new lines counted.
    """

    line: float
    word: float
    character: float


def printed(words: Sequence[str]) -> str:
    """Return a play as it is printed.

    >>> printed(["ORLAN", ":", "\\n", "fie", "upon", "me", "!", "\\n", "\\n"])
    'ORLAN:\\nFie upon me!\\n\\n'
    """
    text = re.sub(rf" ({_SIGN})", r"\1", " ".join(words)).replace("\n ", "\n")
    return re.sub(r"^.", lambda letter: letter[0].upper(), text, flags=re.MULTILINE)


def read_words(text: str, grammar: Grammar) -> list[str]:
    """Return the words of a printed play, the capital of a line taken back where the grammar does not have it.

    >>> from numnet.given import grammar
    >>> read_words("Fie upon Orlan!\\n", grammar.read('line = "fie" "upon" "Orlan" "!" "\\\\n"'))
    ['fie', 'upon', 'Orlan', '!', '\\n']
    """
    small = {_capital(word): word for word in grammar.vocabulary()}
    words = _PIECE.findall(text)
    before = [NEW_LINE, *words[:-1]]
    return [small.get(word, word) if last == NEW_LINE else word for word, last in zip(words, before, strict=True)]


def verse_entropies(grammar: Grammar) -> VerseEntropies:
    """Return the entropies of a grammar whose sentences are turns, each of them ended by an empty line.

    grammar: has a rule `line`, one line without its new line

    Turns are independent, so in a long play the surprise of a character is that of a turn by its mean length.
    """
    line = grammar.entropy("line")
    lines = grammar.expected(lambda word: float(word == NEW_LINE)) - 1
    characters = grammar.expected(_width) - lines  # no blank before the first word of a line
    return VerseEntropies(line, line / (grammar.expected(lambda word: 1.0, "line") + 1), grammar.entropy() / characters)


def _width(word: str) -> float:
    """Return how many characters a word takes in print, the blank before it counted."""
    return 1.0 if re.fullmatch(_SIGN, word) else len(word) + 1.0


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
