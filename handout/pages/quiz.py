"""The page that asks which one is real: pairs of a passage that the language model has not read, and one it made up."""

import numpy as np

from numnet.given.quiz import Quiz, score, shakespeare_quiz
from numnet.given.text import to_symbols
from numnet.rnnlm import sample
from pages.lm import Writer
from pages.page import assemble

NEEDS = "A1, B1, F1 to F3, H2 and H4"
PAIRS, LENGTH = 10, 160
NEVER = -1  # no character ends a text


def page(writer: Writer) -> str:
    """Return the page of a trained language model."""
    rng = np.random.default_rng(2)
    quiz = shakespeare_quiz(lambda rng, length: written(writer, rng, length), writer.unread, rng, PAIRS, LENGTH)
    return assemble("quiz", {"title": writer.title, "pairs": quiz.pairs, "real": quiz.real, "bounds": bounds(quiz)})


def written(writer: Writer, rng: np.random.Generator, length: int) -> str:
    """Return a text that the language model makes up."""
    return "".join(to_symbols(sample(writer.params, rng, writer.ids["\n"], NEVER, length), writer.ids))


def bounds(quiz: Quiz) -> list[tuple[float, float]]:
    """Return between which bounds the true share lies, for every number of right answers, from 0 to all."""
    wrong = [1 - place for place in quiz.real]
    scores = [score(quiz, quiz.real[:right] + wrong[right:]) for right in range(len(wrong) + 1)]
    return [(found.low, found.high) for found in scores]
