"""What checks of n-gram models are made of: short texts, contexts, dice, and models of ours that may be called back."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from autograder.checks.claim import agree
from autograder.desk import offer

WORDS = ("barn", "corn", "cows", "eat", "hay", "zebra")


def draw_text(rng: np.random.Generator, *lengths: int) -> list[list[str]]:
    """Draw sentences of these lengths; all of WORDS occur if there is room for them."""
    words = [*rng.permutation(WORDS), *rng.choice(WORDS, size=max(sum(lengths) - len(WORDS), 0))]
    stream = iter(str(word) for word in words)
    return [[next(stream) for _ in range(length)] for length in lengths]


def every_context(words: Sequence[str], longest: int) -> Iterator[tuple[str, ...]]:
    """Yield every context of 0 to longest words; `<s>` can only be the first."""
    yield ()
    for length in range(longest):
        for rest in product(words, repeat=length):
            yield from ((first, *rest) for first in ("<s>", *words))


def throw(
    model: Any, contexts: Iterable[Sequence[str]], words: Sequence[str]
) -> Iterator[tuple[Any, dict[str, float]]]:
    """Yield each context and {w: p(w | context)}, as a student's model says; all are asked for in one message."""
    pairs = [(context, w) for context in contexts for w in words]
    shares = model.prob.each([(w, context) for context, w in pairs])
    for start in range(0, len(pairs), len(words)):
        yield pairs[start][0], dict(zip(words, shares[start : start + len(words)], strict=True))


def agree_on_dice(model: Any, ours: Any, contexts: Iterable[Sequence[str]], what: str) -> None:
    """Fail unless a student's model says what ours does: of every word, an unknown one and <s>, after each context."""
    __tracebackhide__ = True
    words = (*ours.counts.vocabulary, "moon", "<s>")
    for context, die in throw(model, contexts, words):
        agree(die, {w: ours.prob(w, context) for w in words}, f"{what}, after {context}")


def agree_on_sums(model: Any, vocabulary: Sequence[str], contexts: Iterable[Sequence[str]], what: str) -> None:
    """Fail unless the probabilities of all words add up to 1 after each context, as a student's model says."""
    __tracebackhide__ = True
    for context, die in throw(model, contexts, vocabulary):
        agree(sum(die.values()), 1.0, f"{what}, after {context}: the sum over all words")


class Table:
    """A model whose die depends on the last word of the context; no side of it has probability 0."""

    def __init__(self, rng: np.random.Generator, counts: Any) -> None:
        """Draw one die for each word that can come before."""
        self.counts = counts
        sides = len(counts.vocabulary)
        self.dice = {w: rng.dirichlet(np.full(sides, 3.0)) * 0.9 + 0.1 / sides for w in ("<s>", *counts.vocabulary)}

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | the last word of ctx), unknown words read as <unk>."""
        if w == "<s>":
            return 0.0
        die = self.dice.get(ctx[-1], self.dice["<unk>"])
        sides = self.counts.vocabulary
        return float(die[sides.index(w if w in sides else "<unk>")])


class Constant:
    """A model that gives every word the same probability."""

    def __init__(self, counts: Any, p: float) -> None:
        """Keep the probability of every word."""
        self.counts = counts
        self.p = p

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p, and 0 for <s>."""
        return 0.0 if w == "<s>" else self.p


class Shares(Constant):
    """A model that gives every word the same probability, but the last of the vocabulary none."""

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p, and 0 for the last word and <s>."""
        return 0.0 if w == self.counts.vocabulary[-1] else super().prob(w, ctx)


def draw_table(reference: Any, rng: np.random.Generator) -> Table:
    """Draw a bigram model with a vocabulary of four words, </s> and <unk>."""
    return Table(rng, reference.ngram.count_ngrams([["corn", "cows"], ["eat", "hay"]], 2))


def offered(model: Any) -> Any:
    """Offer a model of ours to the student's code."""
    return offer(model, methods=("prob",), attributes=("counts",))
