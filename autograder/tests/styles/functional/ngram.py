"""N-gram language models from comprehensions."""

import math
from collections import Counter
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate, chain, groupby, takewhile
from typing import Protocol

import numpy as np

from numnet.dice import side
from numnet.given.caches import NgramCounts

BOS, EOS, UNK = "<s>", "</s>", "<unk>"

Followers = dict[tuple[str, ...], dict[str, int]]


class LanguageModel(Protocol):
    """What perplexity and sampling need of a model."""

    counts: NgramCounts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""


def _table(pairs) -> Followers:
    """Turn a Counter of (context, word) into dicts in a dict."""
    ordered = sorted(pairs.items())
    return {u: {w: number for (_, w), number in group} for u, group in groupby(ordered, key=lambda pair: pair[0][0])}


def count_ngrams(sents: Sequence[Sequence[str]], n: int, cutoff: int = 1) -> NgramCounts:
    """Count all pairs of a context and a word at once."""
    frequency = Counter(chain.from_iterable(sents))
    frequent = {w for w, number in frequency.items() if number >= cutoff}
    lines = [(BOS, *(w if w in frequent else UNK for w in sent), EOS) for sent in sents]
    pairs = Counter(
        (line[t - length : t], line[t])
        for line in lines
        for t in range(1, len(line))
        for length in range(min(n - 1, t) + 1)
    )
    return NgramCounts(n, tuple(sorted(frequent | {EOS, UNK})), _table(pairs))


def known_word(counts: NgramCounts, w: str) -> str:
    """Return w itself if the training text has it, else `<unk>`; `<s>` stays."""
    return w if w == BOS or w in counts.counts.get((), {}) else UNK


def cut_context(counts: NgramCounts, ctx: Sequence[str]) -> tuple[str, ...]:
    """Return the part of a context that a model looks at."""
    u = tuple(known_word(counts, w) for w in ctx[max(len(ctx) - counts.n + 1, 0) :])
    while BOS in u[1:]:
        u = u[1:]
    return u


def _suffixes(u):
    """Return (), the last word, the last two, ..., u itself."""
    return [u[len(u) - length :] for length in range(len(u) + 1)]


def mle(counts: NgramCounts, w: str, ctx: Sequence[str]) -> float:
    """Return the share of w."""
    followers = counts.counts.get(u := cut_context(counts, ctx))
    if not followers:
        raise ValueError(f"{u} never occurred")
    return followers.get(known_word(counts, w), 0) / sum(followers.values())


class MLE:
    """The model of maximum likelihood, for perplexity and sampling."""

    def __init__(self, counts: NgramCounts) -> None:
        """Keep the counts."""
        self.counts = counts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx); ValueError if the context never occurred."""
        return mle(self.counts, w, ctx)


def conditional_dist(model: LanguageModel, ctx: Sequence[str]) -> dict[str, float]:
    """Return every word with its probability."""
    return {w: model.prob(w, ctx) for w in model.counts.vocabulary}


def count_contexts(followers: Followers) -> dict[tuple[str, ...], int]:
    """Return how often each context was followed by a word."""
    return {u: sum(words.values()) for u, words in followers.items()}


class AddK:
    """(c(u w) + k) / (c(u) + k |V|)."""

    def __init__(self, counts: NgramCounts, k: float) -> None:
        """Keep the counts."""
        if not k > 0:
            raise ValueError(f"k has to be above 0, and is {k}")
        self.counts, self.k, self._totals = counts, k, count_contexts(counts.counts)

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        u = cut_context(self.counts, ctx)
        seen = self.counts.counts.get(u, {}).get(known_word(self.counts, w), 0)
        whole = self._totals.get(u, 0) + self.k * len(self.counts.vocabulary)
        return 0.0 if w == BOS else (seen + self.k) / whole


class Interpolated:
    """A mixture of shares."""

    def __init__(self, counts: NgramCounts, lambdas: Sequence[float]) -> None:
        """Keep the counts."""
        weights = tuple(lambdas)
        if len(weights) != counts.n + 1 or not all(weight >= 0 for weight in weights) or abs(sum(weights) - 1) > 1e-9:
            raise ValueError(f"{weights} are not {counts.n + 1} weights that add up to 1")
        self.counts, self.lambdas, self._totals = counts, weights, count_contexts(counts.counts)

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Walk up the orders; an order that knows nothing repeats what the one below it said."""
        if w == BOS:
            return 0.0
        word, u = known_word(self.counts, w), cut_context(self.counts, ctx)
        orders = (*_suffixes(u), *[None] * (self.counts.n - 1 - len(u)))

        def share(below, context):
            if context not in self._totals:
                return below
            return self.counts.counts[context].get(word, 0) / self._totals[context]

        shares = accumulate(orders, share, initial=1 / len(self.counts.vocabulary))
        return math.fsum(weight * part for weight, part in zip(self.lambdas, shares, strict=True))


class KneserNey:
    """Interpolated Kneser-Ney: a fold over the contexts, shortest first."""

    def __init__(self, counts: NgramCounts, d: float = 0.75) -> None:
        """Keep the counts, and make a(u w) of them."""
        if not 0 < d < 1:
            raise ValueError(f"d has to be between 0 and 1, and is {d}")
        left = Counter((u[1:], w) for u, followers in counts.counts.items() if u for w in followers)
        raw = {u: f for u, f in counts.counts.items() if len(u) == counts.n - 1 or u[:1] == (BOS,)}
        self.counts, self.d = counts, d
        self._a = _table(left) | raw
        self._totals = count_contexts(self._a)

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        word = known_word(self.counts, w)

        def refine(below, u):
            if u not in self._a:
                return below
            a = self._a[u]
            return (max(a.get(word, 0) - self.d, 0) + self.d * len(a) * below) / self._totals[u]

        start = 1 / len(self.counts.vocabulary)
        return 0.0 if w == BOS else reduce(refine, _suffixes(cut_context(self.counts, ctx)), start)


def _recent(model, words):
    """Return the n - 1 words that the model looks at."""
    return words[max(len(words) - model.counts.n + 1, 0) :]


def sentence_logprob(model: LanguageModel, sent: Sequence[str]) -> float:
    """Add up logarithms, as far as there is one."""
    line = (BOS, *sent, EOS)
    chances = (model.prob(line[t], list(_recent(model, line[:t]))) for t in range(1, len(line)))
    possible = list(takewhile(lambda p: p > 0, chances))
    return math.fsum(map(math.log, possible)) if len(possible) == len(line) - 1 else -math.inf


def perplexity(model: LanguageModel, sents: Sequence[Sequence[str]]) -> float:
    """exp of the mean surprise of a word."""
    if not sents:
        raise ValueError("perplexity of no sentence")
    surprise = -sum(sentence_logprob(model, sent) for sent in sents)
    return float(np.exp(surprise / sum(len(sent) + 1 for sent in sents)))


def sample_sentence(
    model: LanguageModel, rng: np.random.Generator, max_len: int, prefix: Sequence[str] = ()
) -> list[str]:
    """Unfold a sentence from its prefix."""

    def throw(words):
        die = conditional_dist(model, list(_recent(model, (BOS, *words))))
        return list(die)[side(die.values(), rng.random())]

    def go_on(words):
        if len(words) >= max_len or (word := throw(words)) == EOS:
            return words
        return go_on((*words, word))

    return list(go_on(tuple(prefix)[:max_len]))
