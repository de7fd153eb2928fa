"""N-gram language models: the next word depends on the n - 1 words before it.

A sentence w_1 ... w_m is read as `<s> w_1 ... w_m </s>`: one start, which is never predicted and before which there is
nothing, and one end, which is predicted like a word. A word that the training text does not have is read as `<unk>`.

Letters: w a word; u a context, the tuple of the words before w, at most n - 1 of them; V the vocabulary, the words that
can be predicted; c(u w) how often w followed u, which is `counts.counts[u][w]`.
A model has `.counts`, an NgramCounts (numnet.given.caches), and `.prob(w, ctx)`, a float.

Given: `known_word`, `cut_context`, `count_contexts` and the class `MLE`. To write: counting (G1), maximum likelihood
(G2), add-k and interpolation (G3), Kneser-Ney (G4), the probability of a text (G5), sampling (G6).
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Protocol

import numpy as np

from numnet.given.caches import NgramCounts

BOS, EOS, UNK = "<s>", "</s>", "<unk>"

Followers = dict[tuple[str, ...], dict[str, int]]  # context to word to a count, as in NgramCounts


class LanguageModel(Protocol):
    """What perplexity and sampling need of a model."""

    counts: NgramCounts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx)."""


def count_ngrams(sents: Sequence[Sequence[str]], n: int, cutoff: int = 1) -> NgramCounts:
    """Count every word after every context of 0 to n - 1 words.

    c(u w) = how often w came right after u, within one sentence `<s> w_1 ... w_m </s>`

    sents: sentences, each a sequence of words; n: 1 or more; cutoff: rarer words become `<unk>`, in contexts, too
    returns: NgramCounts(n, vocabulary, counts)
        vocabulary: the sorted tuple of the words with at least cutoff occurrences, `</s>` and, always, `<unk>`
        counts: counts[u][w] = c(u w), where c(u w) > 0; u is a tuple, () for no context. It is a plain dict of plain
            dicts: whoever counts with a Counter or a defaultdict makes it plain at the end, with dict(...)

    >>> counts = count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2)
    >>> counts.counts[("<s>",)], counts.counts[("cows",)], counts.counts[("eat",)]
    ({'cows': 2}, {'eat': 1, 'sleep': 1}, {'</s>': 1})
    >>> counts.counts[()]["</s>"], "<s>" in counts.counts[()]
    (2, False)

    The usual slip: a context that reaches over the start into the sentence before. A good answer has 12 lines.
    """
    # how often is each word there
    frequency = Counter()
    for sent in sents:
        frequency.update(sent)
    frequent = {w for w, number in frequency.items() if number >= cutoff}
    vocabulary = tuple(sorted(frequent | {EOS, UNK}))
    table = {}
    for sent in sents:
        line = [BOS]
        for w in sent:
            line.append(w if w in frequent else UNK)
        line.append(EOS)
        for place in range(1, len(line)):  # the start itself is never predicted
            for length in range(n):
                if length > place:
                    break  # there is nothing before the start
                context = tuple(line[place - length : place])
                table.setdefault(context, Counter())[line[place]] += 1
    plain = {context: dict(followers) for context, followers in table.items()}
    return NgramCounts(n, vocabulary, plain)


def known_word(counts: NgramCounts, w: str) -> str:
    """Return w itself if the training text has it, else `<unk>`; `<s>` stays."""
    return w if w == BOS or w in counts.counts.get((), {}) else UNK


def cut_context(counts: NgramCounts, ctx: Sequence[str]) -> tuple[str, ...]:
    """Return the part of a context that a model looks at.

    These are the last n - 1 words, from the last `<s>` on, with unknown words as `<unk>`; a shorter one stays short.

    >>> cut_context(count_ngrams([["cows", "eat", "corn"]], 3), ["<s>", "some", "cows", "eat"])
    ('cows', 'eat')
    """
    u = tuple(known_word(counts, w) for w in ctx[max(len(ctx) - counts.n + 1, 0) :])
    while BOS in u[1:]:
        u = u[1:]
    return u


def mle(counts: NgramCounts, w: str, ctx: Sequence[str]) -> float:
    """Estimate p(w | ctx) by maximum likelihood: the share of w among all words that followed the context.

    p(w | u) = c(u w) / Σ_v c(u v),  u = what `cut_context` leaves of ctx

    w: any word; one that is not known has the probability of `<unk>`, and `<s>` has 0
    ctx: any sequence of words, also one longer than n - 1
    returns: a float; ValueError if the context never occurred, whatever the word, unknown or `<s>`

    >>> mle(count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2), "eat", ["<s>", "cows"])
    0.5

    The usual slip: to divide by the number of all words. A good answer has 5 lines.
    """
    u = cut_context(counts, ctx)
    if u not in counts.counts:
        raise ValueError(f"the context {u} never occurred")
    followers = counts.counts[u]
    total = 0
    for number in followers.values():
        total += number
    return followers.get(known_word(counts, w), 0) / total


class MLE:
    """The model of maximum likelihood, for perplexity and sampling."""

    def __init__(self, counts: NgramCounts) -> None:
        """Keep the counts."""
        self.counts = counts

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx); ValueError if the context never occurred."""
        return mle(self.counts, w, ctx)


def conditional_dist(model: LanguageModel, ctx: Sequence[str]) -> dict[str, float]:
    """Return the die that the model throws after a context: every word of the vocabulary with its probability.

    model: anything with `.counts` and `.prob`; ctx: any sequence of words
    returns: {w: p(w | ctx)} for every w of the vocabulary, in its order; the values add up to 1

    >>> conditional_dist(MLE(count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2)), ["cows"])
    {'</s>': 0.0, '<unk>': 0.0, 'cows': 0.0, 'eat': 0.5, 'sleep': 0.5}

    The usual slip: `<s>` is no side of the die. A good answer has 1 line.
    """
    die = {}
    for w in model.counts.vocabulary:
        die[w] = model.prob(w, ctx)
    return die


def count_contexts(followers: Followers) -> dict[tuple[str, ...], int]:
    """Return how often each context was followed by a word: c(u) = Σ_v c(u v).

    Made once, in `__init__`, it saves `prob` a sum over all words each time.
    """
    return {u: sum(words.values()) for u, words in followers.items()}


class AddK:
    """Add-k smoothing: every word is taken to have followed every context k times more than it did.

    p(w | u) = (c(u w) + k) / (c(u) + k |V|),  c(u) = Σ_v c(u v),  u = what `cut_context` leaves of ctx

    A context that never occurred has c(u) = 0, and all words are as likely after it. With k = 1 it is Laplace's rule.

    >>> model = AddK(count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2), k=1)
    >>> model.prob("eat", ["cows"]), model.prob("eat", ["eat"])  # (1 + 1) / (2 + 1 * 5),  (0 + 1) / (1 + 1 * 5)
    (0.2857142857142857, 0.16666666666666666)

    The usual slip: k is added below the line once, not once for each word of V. A good answer has 3 and 5 lines.
    """

    def __init__(self, counts: NgramCounts, k: float) -> None:
        """Keep the counts; ValueError unless k is above 0."""
        self.counts = counts
        self.k = k
        if not k > 0:
            raise ValueError(f"k is {k}, and has to be above 0")
        self.totals = count_contexts(counts.counts)  # c(u)

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx), above 0 for every word but `<s>`; one that is not known has that of `<unk>`."""
        if w == BOS:
            return 0.0  # the start is never predicted
        u = cut_context(self.counts, ctx)
        seen = self.counts.counts.get(u, {}).get(known_word(self.counts, w), 0)
        size = len(self.counts.vocabulary)
        return (seen + self.k) / (self.totals.get(u, 0) + self.k * size)


class Interpolated:
    """Linear interpolation: a mixture of the shares after contexts of every length, and of the uniform distribution.

    p(w | u) = λ_0 / |V| + λ_1 m_1(w) + λ_2 m_2(w) + ... + λ_n m_n(w)
    m_j(w)   = c(u_j w) / c(u_j), the share of w after the last j - 1 words u_j of the context;
               m_{j-1}(w), if u_j never occurred or is longer than the context, where m_0(w) = 1 / |V|

    So λ_j is never lost: it moves to the next lower order that has seen its context, below order 1 to the uniform term.

    >>> model = Interpolated(count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2), lambdas=(0.1, 0.3, 0.6))
    >>> round(model.prob("eat", ["cows"]), 6)  # 0.1 * 1/5 + 0.3 * 1/6 + 0.6 * 1/2
    0.37
    >>> round(model.prob("eat", ["corn"]), 6)  # after <unk> came nothing: 0.1 * 1/5 + (0.3 + 0.6) * 1/6
    0.17

    The usual slip: after a new context its λ is left out, and the sum over all words is below 1. A good answer has
    3 and 11 lines.
    """

    def __init__(self, counts: NgramCounts, lambdas: Sequence[float]) -> None:
        """Keep the counts; ValueError unless λ_0, ..., λ_n are n + 1 numbers, none below 0, with the sum 1 (1e-9)."""
        self.counts = counts
        self.lambdas = tuple(lambdas)
        if len(self.lambdas) != counts.n + 1:
            raise ValueError(f"{len(self.lambdas)} weights; an order of {counts.n} needs {counts.n + 1}")
        for weight in self.lambdas:
            if not weight >= 0:
                raise ValueError(f"a weight is {weight}")
        if not abs(sum(self.lambdas) - 1) <= 1e-9:
            raise ValueError(f"the weights {self.lambdas} do not have the sum 1")
        self.totals = count_contexts(counts.counts)  # c(u)

    def _share(self, w, u, j):
        """Return m_j(w) after the context u, by recursion."""
        if j == 0:
            return 1 / len(self.counts.vocabulary)
        if j - 1 > len(u):  # the context is too short
            return self._share(w, u, j - 1)
        u_j = u[len(u) - (j - 1) :]
        if u_j not in self.totals:  # it never occurred
            return self._share(w, u, j - 1)
        return self.counts.counts[u_j].get(w, 0) / self.totals[u_j]

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx); 0 for `<s>`; a word that is not known has the probability of `<unk>`."""
        if w == BOS:
            return 0.0  # the start is never predicted
        w = known_word(self.counts, w)
        u = cut_context(self.counts, ctx)
        p = 0.0
        for j in range(len(self.lambdas)):
            p += self.lambdas[j] * self._share(w, u, j)
        return float(p)


class KneserNey:
    """Interpolated Kneser-Ney: a word is as likely in a new context as the contexts are many in which it was seen.

    p_k(w | u) = (max(a(u w) - d, 0) + d N(u) p_{k-1}(w | u')) / A(u),  u of k - 1 words, u' = u without its first word
    p_k(w | u) = p_{k-1}(w | u'), if A(u) = 0;  p_0(w) = 1 / |V|
    a(u w)     = c(u w), if u has n - 1 words or begins with <s>;
                 #{v : c(v u w) > 0} if not: how many different words, <s> included, came before u w
    A(u)       = Σ_w a(u w),  N(u) = #{w : a(u w) > 0}

    Every count gives d away, and the words that u has not seen share what comes together, as p_{k-1} says.
    "Francisco" may be frequent, but it comes after "San" only: a("Francisco") = 1, and after a new word it is rare.

    >>> model = KneserNey(count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2), d=0.5)
    >>> round(model.prob("cows", []), 6)  # a: cows 1 (after <s>), eat 1, sleep 1, </s> 2: (1 - 0.5 + 0.5 * 4 * 1/5) / 5
    0.18

    The usual slip: a(u w) counts different words before u w, not occurrences. Make a and A once, in `__init__`: `prob`
    is called for every word of a text. A good answer has 11 and 11 lines.
    """

    def __init__(self, counts: NgramCounts, d: float = 0.75) -> None:
        """Keep the counts; ValueError unless 0 < d < 1."""
        self.counts = counts
        self.d = d
        if not 0 < d < 1:
            raise ValueError(f"d is {d}, and has to be between 0 and 1")
        a = {}
        for u, followers in counts.counts.items():
            if len(u) == counts.n - 1 or u[:1] == (BOS,):
                a[u] = Counter(followers)  # nothing can come before it
            if len(u) > 0:
                # the first word of u is one more word that came before the rest of u and each follower
                a.setdefault(u[1:], Counter()).update(followers.keys())
        self.a = {u: dict(numbers) for u, numbers in a.items()}
        self.A = count_contexts(self.a)

    def _level(self, w, u):
        """Return p_k(w | u), where u has k - 1 words, by recursion; None for u stands for k = 0."""
        if u is None:
            return 1 / len(self.counts.vocabulary)
        below = self._level(w, u[1:] if len(u) > 0 else None)
        if u not in self.a:
            return below
        numbers = self.a[u]
        kept = max(numbers.get(w, 0) - self.d, 0)
        return (kept + self.d * len(numbers) * below) / self.A[u]

    def prob(self, w: str, ctx: Sequence[str]) -> float:
        """Return p(w | ctx), above 0 for every word but `<s>`; one that is not known has that of `<unk>`."""
        if w == BOS:
            return 0.0  # the start is never predicted
        return self._level(known_word(self.counts, w), cut_context(self.counts, ctx))


def _last_words(past, number):
    """Return the last words of a list, none for 0."""
    return past[len(past) - number :] if number < len(past) else list(past)


def sentence_logprob(model: LanguageModel, sent: Sequence[str]) -> float:
    """Return the natural logarithm of the probability of a sentence, its end included.

    log p(w_1 ... w_m </s> | <s>) = Σ_{t=1}^{m+1} log p(w_t | <s> w_1 ... w_{t-1}),  w_{m+1} = </s>

    sent: words without `<s>` and `</s>`; may be empty
    returns: a float; -inf if a word has probability 0 (stop there: the context after it may be one that never occurred)

    >>> model = MLE(count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2))
    >>> sentence_logprob(model, ["cows", "eat"])  # log(1 * 1/2 * 1)
    -0.6931471805599453

    The usual slip: the product of 1,000 probabilities is 0 in floating point; add logarithms. As the context pass the
    last n - 1 words (n is `model.counts.n`), not the whole past. A good answer has 8 lines.
    """
    n = model.counts.n
    past = [BOS]
    logprob = 0.0
    for w in [*sent, EOS]:
        p = model.prob(w, _last_words(past, n - 1))
        if p <= 0:
            return -math.inf
        logprob += math.log(p)
        past.append(w)
    return logprob


def perplexity(model: LanguageModel, sents: Sequence[Sequence[str]]) -> float:
    """Return how many words the model hesitates between, on average: the size of a fair die that is as hard to guess.

    exp(-(1/M) Σ_sentences log p(sentence)),  M = all words + one `</s>` per sentence; `<s>` does not count

    sents: one sentence or more, else ValueError
    returns: a float, 1 or more; inf if a sentence has probability 0

    >>> model = MLE(count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2))
    >>> round(perplexity(model, [["cows", "eat"]]), 6)  # (1 * 1/2 * 1) ** (-1/3)
    1.259921

    The usual slip: an average per sentence, when every word weighs the same. A good answer has 5 lines.
    """
    if len(sents) == 0:
        raise ValueError("perplexity needs a sentence")
    logprob, M = 0.0, 0
    for sent in sents:
        logprob += sentence_logprob(model, sent)
        M += len(sent) + 1
    try:
        return math.exp(-logprob / M)
    except OverflowError:  # too large for a float
        return math.inf


def sample_sentence(
    model: LanguageModel, rng: np.random.Generator, max_len: int, prefix: Sequence[str] = ()
) -> list[str]:
    """Throw the die of the model word by word until `</s>` comes, or until there are max_len words.

    p_1, p_2, ... = the distribution after `<s>` and the words so far, in the order of the vocabulary
    next word     = the first w_i with p_1 + ... + p_i > u,  u = rng.random(), called once per word, `</s>` included;
                    if rounding leaves none, the last w_i with p_i > 0

    max_len: the most words of the result, the prefix included; 0 gives []
    prefix: words that the sentence begins with; of more than max_len the first max_len are the result
    returns: the whole sentence, prefix included, without `<s>` and `</s>`

    Say V is `</s>` (0.2), `<unk>` (0), "corn" (0.3), "grass" (0.5): u = 0.19 ends the sentence, u = 0.2 gives "corn",
    u = 0.6 gives "grass".

    As the context conditional_dist may get the whole past or its last n - 1 words: both are fine.

    The usual slip: to draw every word after the same context. A good answer has 9 lines.
    """
    sentence = list(prefix)[:max_len]
    while len(sentence) < max_len:
        die = conditional_dist(model, _last_words([BOS, *sentence], model.counts.n - 1))
        u = float(rng.random())
        drawn = None
        so_far = 0.0
        for w, p in die.items():
            so_far += p
            if so_far > u:
                drawn = w
                break
        if drawn is None:  # rounding: the last word that is possible
            for w, p in die.items():
                if p > 0:
                    drawn = w
        if drawn == EOS:
            break
        sentence.append(drawn)
    return sentence
