"""Gamblers who have read a lot."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np

from numnet.given.caches import NgramCounts
from numnet.toolbox import Wheel

BOS, EOS, UNK = "<s>", "</s>", "<unk>"

History: TypeAlias = tuple[str, ...]
Followers: TypeAlias = dict[History, dict[str, int]]


class LanguageModel(Protocol):
    """What perplexity and sampling need of a model."""

    counts: NgramCounts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""


def _rows(novel: Sequence[Sequence[str]], familiar: set[str]) -> list[list[str]]:
    """Return the sentences with their ends, in which what is not familiar is one word."""
    return [[BOS] + [token if token in familiar else UNK for token in sentence] + [EOS] for sentence in novel]


def count_ngrams(sents: Sequence[Sequence[str]], n: int, cutoff: int = 1) -> NgramCounts:
    """Read a lot."""
    seen = Counter()
    for sentence in sents:
        seen.update(sentence)
    familiar = {token for token, times in seen.items() if not times < cutoff}
    notebook: defaultdict[History, Counter[str]] = defaultdict(Counter)
    for row in _rows(sents, familiar):
        for width in range(1, n + 1):  # of a piece of the row, its last word included
            for begin in range(len(row) - width + 1):
                *history, token = row[begin : begin + width]
                if token != BOS:
                    notebook[tuple(history)][token] += 1
    plain = {history: dict(tokens) for history, tokens in notebook.items()}
    return NgramCounts(n=n, vocabulary=tuple(sorted({*familiar, EOS, UNK})), counts=plain)


def known_word(counts: NgramCounts, w: str) -> str:
    """Return w itself if the training text has it, else `<unk>`; `<s>` stays."""
    return w if w == BOS or w in counts.counts.get((), {}) else UNK


def cut_context(counts: NgramCounts, ctx: Sequence[str]) -> History:
    """Return the part of a context that a model looks at."""
    recent = [known_word(counts, token) for token in ctx][::-1]
    history: list[str] = []
    for token in recent[: counts.n - 1]:
        history.insert(0, token)
        if token == BOS:
            break
    return tuple(history)


def mle(counts: NgramCounts, w: str, ctx: Sequence[str]) -> float:
    """Bet as often as it happened."""
    history = cut_context(counts, ctx)
    tokens = counts.counts.get(history)
    if tokens is None:
        raise ValueError(f"nobody ever read {' '.join(history)!r}")
    return tokens.get(known_word(counts, w), 0) / sum(tokens.values())


class MLE:
    """The model of maximum likelihood, for perplexity and sampling."""

    def __init__(self, counts: NgramCounts) -> None:
        """Keep the counts."""
        self.counts = counts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx); ValueError if the context never occurred."""
        return mle(self.counts, w, ctx)


def conditional_dist(model: LanguageModel, ctx: Sequence[str]) -> dict[str, float]:
    """Show all bets."""
    bets = {}
    for token in model.counts.vocabulary:
        bets[token] = model.prob(token, ctx)
    return bets


def count_contexts(followers: Followers) -> dict[History, int]:
    """Return how often each context was followed by a word."""
    return {history: sum(tokens.values()) for history, tokens in followers.items()}


class Gambler:
    """Knows what is the same for all who smooth: who is never bet on, and how words are read."""

    def __init__(self, counts: NgramCounts) -> None:
        self.counts = counts
        self.evenly = 1.0 / len(counts.vocabulary)

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""
        if w == BOS:
            return 0.0
        return float(self.bet(known_word(self.counts, w), cut_context(self.counts, ctx)))


@dataclass(frozen=True)
class Urn:
    """Balls with words on them."""

    balls: dict[str, int] = field(default_factory=dict)
    size: int = 0

    @classmethod
    def of(cls, balls: dict[str, int]) -> "Urn":
        """Fill one."""
        return cls(balls, sum(balls.values()))

    def __getitem__(self, token: str) -> int:
        """How many balls have this word."""
        return self.balls.get(token, 0)


class AddK(Gambler):
    """Puts k more balls of every word into every urn."""

    def __init__(self, counts: NgramCounts, k: float) -> None:
        """Fill the urns."""
        super().__init__(counts)
        if not k > 0:
            raise ValueError(f"{k} more balls")
        self.k = k
        self.urns = {history: Urn.of(tokens) for history, tokens in counts.counts.items()}

    def bet(self, token: str, history: History) -> float:
        """Look into the urn."""
        urn = self.urns.get(history, Urn())
        return (urn[token] + self.k) / (urn.size + self.k / self.evenly)


class Interpolated(Gambler):
    """Asks several gamblers."""

    def __init__(self, counts: NgramCounts, lambdas: Sequence[float]) -> None:
        """Decide whom to believe how much."""
        super().__init__(counts)
        self.trust = tuple(float(part) for part in lambdas)
        if len(self.trust) != counts.n + 1:
            raise ValueError(f"{counts.n + 1} gamblers, {len(self.trust)} parts of trust")
        if any(part < 0 for part in self.trust) or not math.isclose(sum(self.trust), 1.0, rel_tol=0, abs_tol=1e-9):
            raise ValueError("trust has parts from 0 on, and adds up to 1")
        self.urns = {history: Urn.of(tokens) for history, tokens in counts.counts.items()}

    def bet(self, token: str, history: History) -> float:
        """Ask them in turn; who has no urn says what the one before has said."""
        opinion = self.evenly
        mixture = self.trust[0] * opinion
        for memory, trust in enumerate(self.trust[1:]):
            if memory <= len(history):
                urn = self.urns.get(history[len(history) - memory :])
                opinion = opinion if urn is None else urn[token] / urn.size
            mixture += trust * opinion
        return mixture


class KneserNey(Gambler):
    """Takes a part of a ball away wherever there is one, and gives it to who knows less."""

    def __init__(self, counts: NgramCounts, d: float = 0.75) -> None:
        """Fill the urns: of whole histories with occurrences, of others with words that came before."""
        super().__init__(counts)
        if not 0.0 < d < 1.0:
            raise ValueError(f"{d} of a ball")
        self.tax = d
        predecessors: defaultdict[History, Counter[str]] = defaultdict(Counter)
        for history, tokens in counts.counts.items():
            if len(history) >= 1:
                _, *rest = history
                predecessors[tuple(rest)].update(tokens.keys())
        is_whole = {history: len(history) == counts.n - 1 or BOS in history[:1] for history in counts.counts}
        self.urns = {
            history: Urn.of(tokens if is_whole[history] else dict(predecessors[history]))
            for history, tokens in counts.counts.items()
        }

    def bet(self, token: str, history: History) -> float:
        """From the shortest history to the longest."""
        opinion = self.evenly
        for begin in range(len(history), -1, -1):
            urn = self.urns.get(history[begin:])
            if urn is not None and urn.size:
                kept = max(urn[token] - self.tax, 0.0)
                opinion = (kept + self.tax * len(urn.balls) * opinion) / urn.size
        return opinion


def _window(model: LanguageModel, story: list[str]) -> list[str]:
    """Return the n - 1 last words."""
    return story[-(model.counts.n - 1) :] if model.counts.n > 1 else []


def sentence_logprob(model: LanguageModel, sent: Sequence[str]) -> float:
    """Bet on every word."""
    story, luck = [BOS], 0.0
    for token in (*sent, EOS):
        chance = model.prob(token, _window(model, story))
        if not chance > 0.0:
            return float("-inf")
        luck += math.log(chance)
        story.append(token)
    return luck


def perplexity(model: LanguageModel, sents: Sequence[Sequence[str]]) -> float:
    """How many sides the die has that is as hard to guess."""
    if not len(sents):
        raise ValueError("nothing to bet on")
    luck, bets = 0.0, 0
    for sentence in sents:
        luck += sentence_logprob(model, sentence)
        bets += 1 + len(sentence)
    per_bet = -luck / bets
    return math.exp(per_bet) if per_bet < 700 else math.inf


def sample_sentence(
    model: LanguageModel, rng: np.random.Generator, max_len: int, prefix: Sequence[str] = ()
) -> list[str]:
    """Spin the wheel until the end comes up."""
    story = [BOS]
    story.extend(prefix[:max_len])
    while len(story) - 1 < max_len:
        bets = conditional_dist(model, _window(model, story))
        token = list(bets)[Wheel(list(bets.values())).stops_at(rng.random())]
        if token == EOS:
            return story[1:]
        story.append(token)
    return story[1:]
