"""N-gram language models: a trie of words read backwards, recursion over its levels, bisection to draw."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

import numpy as np

from numnet.given.caches import NgramCounts

BOS, EOS, UNK = "<s>", "</s>", "<unk>"

Followers = dict[tuple[str, ...], dict[str, int]]


class LanguageModel(Protocol):
    """What perplexity and sampling need of a model."""

    counts: NgramCounts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""


class _Node:
    """A context in the trie: what followed it, and the contexts that are one word longer on the left."""

    def __init__(self):
        self.followers = {}
        self.longer = {}

    def note(self, word, before, depth):
        self.followers[word] = self.followers.get(word, 0) + 1
        if depth > 0 and before:
            self.longer.setdefault(before[-1], _Node()).note(word, before[:-1], depth - 1)

    def walk(self, context=()):
        yield context, self.followers
        for word, node in self.longer.items():
            yield from node.walk((word, *context))


def count_ngrams(sents: Sequence[Sequence[str]], n: int, cutoff: int = 1) -> NgramCounts:
    """Grow the trie, then walk it."""
    frequency = Counter(w for sent in sents for w in sent)
    kept = {w for w in frequency if frequency[w] >= cutoff}
    root = _Node()
    for sent in sents:
        past = [BOS]
        for w in (*(w if w in kept else UNK for w in sent), EOS):
            root.note(w, past[max(0, len(past) - n + 1) :], n - 1)
            past.append(w)
    counts = {context: followers for context, followers in root.walk() if followers}
    return NgramCounts(n, tuple(sorted(kept | {UNK, EOS})), counts)


def known_word(counts: NgramCounts, w: str) -> str:
    """Return w itself if the training text has it, else `<unk>`; `<s>` stays."""
    return w if w == BOS or w in counts.counts.get((), {}) else UNK


def cut_context(counts: NgramCounts, ctx: Sequence[str]) -> tuple[str, ...]:
    """Return the part of a context that a model looks at."""
    u = tuple(known_word(counts, w) for w in ctx[max(len(ctx) - counts.n + 1, 0) :])
    while BOS in u[1:]:
        u = u[1:]
    return u


def mle(counts: NgramCounts, w: str, ctx: Sequence[str]) -> float:
    """Return the share of w."""
    try:
        followers = counts.counts[cut_context(counts, ctx)]
    except KeyError:
        raise ValueError("this context never occurred") from None
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
    words = model.counts.vocabulary
    return dict(zip(words, (model.prob(w, ctx) for w in words), strict=True))


def count_contexts(followers: Followers) -> dict[tuple[str, ...], int]:
    """Return how often each context was followed by a word."""
    return {u: sum(words.values()) for u, words in followers.items()}


class AddK:
    """A mixture of the share and the uniform distribution: the more was seen, the more the share weighs."""

    def __init__(self, counts: NgramCounts, k: float) -> None:
        """Keep the counts."""
        if k <= 0:
            raise ValueError("k has to be above 0")
        self.counts = counts
        self.added = k * len(counts.vocabulary)
        self.seen = count_contexts(counts.counts)

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        if w == BOS:
            return 0.0
        u = cut_context(self.counts, ctx)
        uniform = 1 / len(self.counts.vocabulary)
        if u not in self.seen:
            return uniform
        trust = self.seen[u] / (self.seen[u] + self.added)
        share = self.counts.counts[u].get(known_word(self.counts, w), 0) / self.seen[u]
        return trust * share + (1 - trust) * uniform


class Interpolated:
    """From the longest context down; what a context that never occurred would have weighed is carried on."""

    def __init__(self, counts: NgramCounts, lambdas: Sequence[float]) -> None:
        """Keep the counts."""
        if len(lambdas) != counts.n + 1 or min(lambdas) < 0 or abs(math.fsum(lambdas) - 1) > 1e-9:
            raise ValueError(f"not {counts.n + 1} weights with the sum 1")
        self.counts = counts
        self.lambdas = list(lambdas)
        self.seen = count_contexts(counts.counts)

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        if w == BOS:
            return 0.0
        w, u = known_word(self.counts, w), cut_context(self.counts, ctx)
        p = carried = 0.0
        for order in range(self.counts.n, 0, -1):
            carried += self.lambdas[order]
            if order - 1 <= len(u):
                context = u[len(u) - order + 1 :]
                if context in self.seen:
                    p += carried * self.counts.counts[context].get(w, 0) / self.seen[context]
                    carried = 0.0
        return p + (carried + self.lambdas[0]) / len(self.counts.vocabulary)


class KneserNey:
    """Interpolated Kneser-Ney by recursion, which remembers what it has found."""

    def __init__(self, counts: NgramCounts, d: float = 0.75) -> None:
        """Collect for every u w the set of words that came before it."""
        if d <= 0 or d >= 1:
            raise ValueError("d has to be between 0 and 1")
        self.counts, self.d = counts, d
        before = {}
        for u, followers in counts.counts.items():
            for w in followers if u else ():
                before.setdefault(u[1:], {}).setdefault(w, set()).add(u[0])
        self.a = {u: {w: len(words) for w, words in followers.items()} for u, followers in before.items()}
        for u, followers in counts.counts.items():
            if len(u) + 1 == counts.n or (u and u[0] == BOS):
                self.a[u] = followers
        self.found = {}

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        return 0.0 if w == BOS else self._p(known_word(self.counts, w), cut_context(self.counts, ctx))

    def _p(self, w, u):
        if (w, u) not in self.found:
            self.found[w, u] = self._compute(w, u)
        return self.found[w, u]

    def _compute(self, w, u):
        lower = self._p(w, u[1:]) if u else 1 / len(self.counts.vocabulary)
        a = self.a.get(u)
        if not a:
            return lower
        total, kinds = sum(a.values()), len(a)
        left_over = self.d * kinds / total
        return max(a.get(w, 0) - self.d, 0) / total + left_over * lower


def sentence_logprob(model: LanguageModel, sent: Sequence[str]) -> float:
    """Multiply mantissas, add up exponents, and take one logarithm at the end."""
    past, mantissa, exponent = [BOS], 1.0, 0
    for w in [*sent, EOS]:
        p = model.prob(w, past[max(0, len(past) - model.counts.n + 1) :])
        if p == 0:
            return -math.inf
        mantissa, shift = math.frexp(mantissa * p)
        exponent += shift
        past.append(w)
    return math.log(mantissa) + exponent * math.log(2)


def perplexity(model: LanguageModel, sents: Sequence[Sequence[str]]) -> float:
    """2 to the power of the bits per word."""
    if len(sents) == 0:
        raise ValueError("no sentences")
    words = sum(map(len, sents)) + len(sents)
    bits = -sum(sentence_logprob(model, sent) for sent in sents) / math.log(2)
    return float(np.exp2(bits / words))


def sample_sentence(
    model: LanguageModel, rng: np.random.Generator, max_len: int, prefix: Sequence[str] = ()
) -> list[str]:
    """Bisect the cumulative probabilities."""
    line = [BOS, *prefix][: max_len + 1]
    while len(line) <= max_len:
        die = conditional_dist(model, line)
        ladder = list(accumulate(die.values()))
        # rounding may leave the top of the ladder below u; the last step that goes up is possible
        place = min(bisect_right(ladder, rng.random()), bisect_right(ladder, math.nextafter(ladder[-1], 0)))
        word = model.counts.vocabulary[place]
        if word == EOS:
            break
        line.append(word)
    return line[1:]
