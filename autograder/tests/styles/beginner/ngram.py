# Homework, part G: n-grams

import math

import numpy as np
from numnet.given.caches import *

BOS, EOS, UNK = "<s>", "</s>", "<unk>"


# ======================= G1 =======================


def count_ngrams(sents, n, cutoff=1) -> NgramCounts:
    # step 1: count the words
    word_counts = {}
    for sent in sents:
        for word in sent:
            if word in word_counts:
                word_counts[word] = word_counts[word] + 1
            else:
                word_counts[word] = 1

    # step 2: the vocabulary
    vocabulary = []
    for word in word_counts:
        if word_counts[word] >= cutoff:
            vocabulary.append(word)
    if EOS not in vocabulary:
        vocabulary.append(EOS)
    if UNK not in vocabulary:
        vocabulary.append(UNK)
    vocabulary.sort()

    # step 3: count
    counts = {}
    for sent in sents:
        # put <s> and </s> around it
        words = []
        words.append(BOS)
        for word in sent:
            if word_counts[word] >= cutoff:
                words.append(word)
            else:
                words.append(UNK)
        words.append(EOS)

        for t in range(1, len(words)):  # start at 1, because <s> is never predicted
            w = words[t]
            for k in range(0, n):  # contexts of 0, 1, ..., n - 1 words
                start = t - k
                if start < 0:
                    continue  # there is nothing before <s>
                u = tuple(words[start:t])
                if u not in counts:
                    counts[u] = {}
                if w not in counts[u]:
                    counts[u][w] = 0
                counts[u][w] = counts[u][w] + 1

    return NgramCounts(n, tuple(vocabulary), counts)


def known_word(counts: NgramCounts, w: str) -> str:
    """Return w itself if the training text has it, else `<unk>`; `<s>` stays."""
    return w if w == BOS or w in counts.counts.get((), {}) else UNK


def cut_context(counts: NgramCounts, ctx) -> tuple[str, ...]:
    """Return the part of a context that a model looks at."""
    u = tuple(known_word(counts, w) for w in ctx[max(len(ctx) - counts.n + 1, 0) :])
    while BOS in u[1:]:
        u = u[1:]
    return u


# ======================= G2 =======================


def mle(counts, w, ctx) -> float:
    u = cut_context(counts, ctx)
    if u not in counts.counts:
        raise ValueError("this context was never seen: " + str(u))
    total = 0
    for other in counts.counts[u]:
        total = total + counts.counts[u][other]
    if w == BOS:
        return 0.0
    word = known_word(counts, w)
    if word in counts.counts[u]:
        number = counts.counts[u][word]
    else:
        number = 0
    return number / total


class MLE:
    """The model of maximum likelihood, for perplexity and sampling."""

    def __init__(self, counts: NgramCounts) -> None:
        """Keep the counts."""
        self.counts = counts

    def prob(self, w: str, ctx) -> float:
        """Return p(w | ctx); ValueError if the context never occurred."""
        return mle(self.counts, w, ctx)


def conditional_dist(model, ctx) -> dict[str, float]:
    dist = {}
    for w in model.counts.vocabulary:
        p = model.prob(w, ctx)
        dist[w] = p
    return dist


def count_contexts(followers):
    """Return how often each context was followed by a word: c(u) = Σ_v c(u v)."""
    return {u: sum(words.values()) for u, words in followers.items()}


# ======================= G3 =======================


class AddK:
    def __init__(self, counts, k) -> None:
        if k <= 0:
            raise ValueError("k must be positive")
        self.counts = counts
        self.k = k

    def prob(self, w, ctx) -> float:
        if w == BOS:
            return 0.0
        word = known_word(self.counts, w)
        u = cut_context(self.counts, ctx)
        V = len(self.counts.vocabulary)
        # c(u w) and c(u)
        c_uw = 0
        c_u = 0
        if u in self.counts.counts:
            for other in self.counts.counts[u]:
                c_u = c_u + self.counts.counts[u][other]
                if other == word:
                    c_uw = self.counts.counts[u][other]
        top = c_uw + self.k
        bottom = c_u + self.k * V
        return top / bottom


class Interpolated:
    def __init__(self, counts, lambdas) -> None:
        self.counts = counts
        self.lambdas = list(lambdas)
        if len(self.lambdas) != counts.n + 1:
            raise ValueError("wrong number of lambdas")
        total = 0
        for l in self.lambdas:
            if l < 0:
                raise ValueError("negative lambda")
            total = total + l
        if abs(total - 1) > 1e-9:
            raise ValueError("the lambdas must add up to 1")

    def prob(self, w, ctx) -> float:
        if w == BOS:
            return 0.0
        word = known_word(self.counts, w)
        u = cut_context(self.counts, ctx)
        V = len(self.counts.vocabulary)

        # m_0 is uniform
        m = 1 / V
        p = self.lambdas[0] * m
        # m_1, m_2, ...
        for j in range(1, self.counts.n + 1):
            number_of_words = j - 1
            if number_of_words <= len(u):
                u_j = u[len(u) - number_of_words :]
                if u_j in self.counts.counts:
                    m = mle(self.counts, word, u_j)  # a new m
                # else: m stays what it was
            p = p + self.lambdas[j] * m
        return p


# ======================= G4 =======================


class KneserNey:
    def __init__(self, counts, d=0.75) -> None:
        if d <= 0:
            raise ValueError("d is too small")
        if d >= 1:
            raise ValueError("d is too big")
        self.counts = counts
        self.d = d

        # a[u][w]
        self.a = {}
        n = counts.n
        for u in counts.counts:
            if len(u) == n - 1:
                # highest order: normal counts
                self.a[u] = dict(counts.counts[u])
            elif len(u) > 0 and u[0] == BOS:
                # nothing can stand before <s>: normal counts
                self.a[u] = dict(counts.counts[u])
            else:
                self.a[u] = {}
        # the others: how many different words stand before  u w ?
        for longer in counts.counts:
            if len(longer) == 0:
                continue
            # longer = v u
            u = longer[1:]
            for w in counts.counts[longer]:
                # this is one v. (every v comes only once, because longer is a key of a dict)
                if len(u) < n - 1 and not (len(u) > 0 and u[0] == BOS):
                    if w not in self.a[u]:
                        self.a[u][w] = 0
                    self.a[u][w] = self.a[u][w] + 1

        # A[u]
        self.A = {}
        for u in self.a:
            self.A[u] = sum(self.a[u].values())

    def prob(self, w, ctx) -> float:
        if w == BOS:
            return 0.0
        word = known_word(self.counts, w)
        u = cut_context(self.counts, ctx)

        # start with the uniform distribution
        p = 1 / len(self.counts.vocabulary)
        # then the empty context, then 1 word, then 2 words ...
        for length in range(0, len(u) + 1):
            part = u[len(u) - length :]
            if part not in self.A:
                continue
            if self.A[part] == 0:
                continue
            a = self.a[part].get(word, 0)
            first = max(a - self.d, 0) / self.A[part]
            N = len(self.a[part])
            second = self.d * N / self.A[part] * p
            p = first + second
        return p


# ======================= G5 =======================


def sentence_logprob(model, sent) -> float:
    n = model.counts.n
    words = [BOS]
    for w in sent:
        words.append(w)
    words.append(EOS)

    logprob = 0.0
    for t in range(1, len(words)):
        # the last n - 1 words
        start = t - (n - 1)
        if start < 0:
            start = 0
        context = words[start:t]
        p = model.prob(words[t], context)
        if p == 0:
            return -math.inf
        logprob = logprob + math.log(p)
    return logprob


def perplexity(model, sents) -> float:
    if len(sents) == 0:
        raise ValueError("no sentences")
    total = 0.0
    M = 0
    for sent in sents:
        total = total + sentence_logprob(model, sent)
        M = M + len(sent)
        M = M + 1  # </s>
    if total == -math.inf:
        return math.inf
    result = math.exp(-total / M)
    print("perplexity:", result)
    return result


# ======================= G6 =======================


def sample_sentence(model, rng, max_len, prefix=()) -> list[str]:
    sentence = []
    for w in prefix:
        if len(sentence) < max_len:
            sentence.append(w)

    while len(sentence) < max_len:
        dist = conditional_dist(model, [BOS] + sentence)
        u = rng.random()
        w = choose_word(dist, u)
        if w == EOS:
            break
        sentence.append(w)
    return sentence


# ---------------------------------------------------------------
# helper functions
# ---------------------------------------------------------------


def choose_word(dist, u):
    cumulative = 0.0
    last_possible = None
    for w in dist:
        p = dist[w]
        cumulative = cumulative + p
        if cumulative > u:
            return w
        if p > 0:
            last_possible = w
    # rounding
    return last_possible


if __name__ == "__main__":
    counts = count_ngrams([["cows", "eat"], ["cows", "sleep"]], 2)
    print(counts.counts)
    print(KneserNey(counts, 0.5).prob("cows", []), "should be 0.18")
    print(sample_sentence(AddK(counts, 1), np.random.default_rng(), 10))
