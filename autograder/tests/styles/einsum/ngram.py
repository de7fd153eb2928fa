"""N-gram language models."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import reduce
from itertools import chain
from typing import NamedTuple, Protocol

import numpy as np

from numnet.given.caches import NgramCounts
from numnet.shapes import throw

BOS, EOS, UNK = "<s>", "</s>", "<unk>"

Followers = dict[tuple[str, ...], dict[str, int]]


class LanguageModel(Protocol):
    """What perplexity and sampling need of a model."""

    counts: NgramCounts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""


def count_ngrams(sents: Sequence[Sequence[str]], n: int, cutoff: int = 1) -> NgramCounts:
    """Count every word after every context of 0 to n - 1 words."""
    frequency = Counter(chain.from_iterable(sents))
    known = {w for w, c in frequency.items() if c >= cutoff}
    followers = defaultdict(Counter)
    for sent in sents:
        line = (BOS, *(w if w in known else UNK for w in sent), EOS)
        for t in range(1, len(line)):
            for k in range(min(n - 1, t) + 1):
                followers[line[t - k : t]][line[t]] += 1
    return NgramCounts(n, tuple(sorted(known | {EOS, UNK})), {u: dict(words) for u, words in followers.items()})


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
    """c(u w) / Σ_v c(u v)."""
    words = counts.counts.get(u := cut_context(counts, ctx), {})
    if not (total := sum(words.values())):
        raise ValueError(f"the context {u} never occurred")
    return words.get(known_word(counts, w), 0) / total


class MLE:
    """The model of maximum likelihood, for perplexity and sampling."""

    def __init__(self, counts: NgramCounts) -> None:
        """Keep the counts."""
        self.counts = counts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx); ValueError if the context never occurred."""
        return mle(self.counts, w, ctx)


def conditional_dist(model: LanguageModel, ctx: Sequence[str]) -> dict[str, float]:
    """Every word of the vocabulary with its probability."""
    return {w: model.prob(w, ctx) for w in model.counts.vocabulary}


def count_contexts(followers: Followers) -> dict[tuple[str, ...], int]:
    """Return how often each context was followed by a word."""
    return {u: sum(words.values()) for u, words in followers.items()}


class AddK:
    """Add-k smoothing; all shares are made in advance."""

    def __init__(self, counts, k):
        """Make the table; ValueError unless k is above 0."""
        if not k > 0:
            raise ValueError(f"k = {k} is not above 0")
        self.counts, self.k = counts, k
        below = {u: c + k * len(counts.vocabulary) for u, c in count_contexts(counts.counts).items()}
        self._seen = {u: {w: (c + k) / below[u] for w, c in words.items()} for u, words in counts.counts.items()}
        self._unseen = {u: k / b for u, b in below.items()}

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        u, w = cut_context(self.counts, ctx), known_word(self.counts, w)
        if w == BOS:
            return 0.0
        return self._seen.get(u, {}).get(w, self._unseen.get(u, 1 / len(self.counts.vocabulary)))


class Interpolated:
    """Linear interpolation of all orders and the uniform distribution."""

    def __init__(self, counts: NgramCounts, lambdas: Sequence[float]) -> None:
        """Make the shares; ValueError for other than n + 1 weights with the sum 1."""
        self.counts, self.lambdas = counts, tuple(lambdas)
        fits = len(self.lambdas) == counts.n + 1 and all(part >= 0 for part in self.lambdas)
        if not (fits and abs(math.fsum(self.lambdas) - 1) <= 1e-9):
            raise ValueError(f"{self.lambdas} are not {counts.n + 1} shares of 1")
        totals = count_contexts(counts.counts)
        self._shares = {u: {w: c / totals[u] for w, c in words.items()} for u, words in counts.counts.items()}

    def _orders(self, w, u):
        """Yield m_0(w), ..., m_n(w)."""
        yield (m := 1 / len(self.counts.vocabulary))
        for k in range(self.counts.n):
            if k <= len(u) and (shares := self._shares.get(u[len(u) - k :])):
                m = shares.get(w, 0.0)
            yield m

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        u, w = cut_context(self.counts, ctx), known_word(self.counts, w)
        return 0.0 if w == BOS else float(sum(map(float.__mul__, map(float, self.lambdas), self._orders(w, u))))


class _Row(NamedTuple):
    """What a context says: its discounted shares, and how much it leaves to the shorter one."""

    seen: dict
    rest: float


class KneserNey:
    """Interpolated Kneser-Ney; all rows are made in advance."""

    def __init__(self, counts: NgramCounts, d: float = 0.75) -> None:
        """Make the table; ValueError unless 0 < d < 1."""
        if not 0 < d < 1:
            raise ValueError(f"d = {d} is not between 0 and 1")
        self.counts, self.d = counts, d
        a = defaultdict(Counter)
        for u, words in counts.counts.items():
            if len(u) == counts.n - 1 or u[:1] == (BOS,):
                a[u].update(words)
            if u:
                a[u[1:]].update(words.keys())
        A = count_contexts(a)
        self._rows = {
            u: _Row({w: max(c - d, 0) / A[u] for w, c in words.items()}, d * len(words) / A[u])
            for u, words in a.items()
        }

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        u, w = cut_context(self.counts, ctx), known_word(self.counts, w)

        def lengthen(p, k):
            row = self._rows.get(u[k:])
            return p if row is None else row.seen.get(w, 0.0) + row.rest * p

        return 0.0 if w == BOS else reduce(lengthen, range(len(u), -1, -1), 1 / len(self.counts.vocabulary))


def sentence_logprob(model: LanguageModel, sent: Sequence[str]) -> float:
    """log p(w_1 ... w_m </s> | <s>)."""
    line, total, k = (BOS, *sent, EOS), 0.0, model.counts.n - 1
    for t in range(1, len(line)):
        if (p := model.prob(line[t], line[max(t - k, 0) : t])) <= 0:
            return -math.inf
        total += math.log(p)
    return total


def perplexity(model: LanguageModel, sents: Sequence[Sequence[str]]) -> float:
    """exp(-(1/M) Σ log p(sentence))."""
    if not len(sents):
        raise ValueError("no sentence")
    M = sum(len(sent) + 1 for sent in sents)
    with np.errstate(over="ignore"):
        return float(np.exp(-sum(sentence_logprob(model, sent) for sent in sents) / M))


def sample_sentence(
    model: LanguageModel, rng: np.random.Generator, max_len: int, prefix: Sequence[str] = ()
) -> list[str]:
    """Throw the die of the model word by word."""
    words = list(prefix)[:max_len]
    while len(words) < max_len:
        die = conditional_dist(model, (BOS, *words))
        w = list(die)[throw(list(die.values()), rng.random())]
        if w == EOS:
            break
        words.append(w)
    return words
