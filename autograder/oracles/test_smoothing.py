"""The smoothed models of ngram.py, beside nltk.lm.

nltk's interpolated models take a `Smoothing`, which says how much of p(w | u) comes from the counts after u (alpha) and
how much from a shorter context (gamma). The recursion is nltk's; the smoothings below are what the lecture says.
"""

import pytest
from nltk.lm import KneserNeyInterpolated, Lidstone
from nltk.lm.api import Smoothing
from nltk.lm.models import InterpolatedLanguageModel
from nltk.lm.smoothing import KneserNey

from autograder.oracles.corpus import UNKNOWN, count, draw_corpus, fit, read_vocabulary
from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree
from numnet import ngram


class JelinekMercer(Smoothing):
    """Linear interpolation with fixed weights, as shares: of what is left at an order, how much that order gets."""

    def __init__(self, vocabulary, counter, lambdas=()):
        """Take λ_0, ..., λ_n."""
        super().__init__(vocabulary, counter)
        self.shares = [weight / sum(lambdas[: order + 1]) for order, weight in enumerate(lambdas)]

    def unigram_score(self, word):
        """Mix the share of a word with the uniform distribution."""
        share = self.shares[1]
        return share * self.counts.unigrams.freq(word) + (1 - share) / len(self.vocab)

    def alpha_gamma(self, word, context):
        """Mix the share after a context with what is left for shorter ones."""
        share = self.shares[len(context) + 1]
        return share * self.counts[context].freq(word), 1 - share


class KneserNeyWithFloor(KneserNey):
    """nltk's Kneser-Ney, but single words are discounted as well, in favour of the uniform distribution."""

    def unigram_score(self, word):
        """Return p_1 of the lecture from nltk's continuation counts."""
        of_word, total = self._continuation_counts(word)
        kinds = sum(self._continuation_counts(other)[0] > 0 for other in self.vocab)
        return (max(of_word - self.discount, 0) + self.discount * kinds / len(self.vocab)) / total


def _interpolated(kind, sents, n, **params):
    vocabulary = read_vocabulary(sents)
    counter = count(sents, n, vocabulary)
    return InterpolatedLanguageModel(kind, n, vocabulary=vocabulary, counter=counter, params=params)


def _agree(model, theirs, contexts):
    for context in contexts:
        for word in (*model.counts.vocabulary, UNKNOWN):
            expected = float(theirs.unmasked_score(theirs.vocab.lookup(word), context))
            agree(model.prob(word, context), expected, f"p({word} | {context})")


@covers("ngram.AddK", by="nltk.lm.Lidstone")
def test_add_k(rng):
    """Every word after every context, and after one that never occurred; k = 1 is Laplace."""
    for n in (1, 2, 3):
        for k in (0.1, 1.0):
            sents = draw_corpus(rng)
            counts = ngram.count_ngrams(sents, n)

            unseen = [(ngram.UNK,)] if n > 1 else []
            _agree(ngram.AddK(counts, k), fit(Lidstone, sents, n, k), [*counts.counts, *unseen])


@covers("ngram.Interpolated", by="nltk.lm's interpolation, with fixed weights")
def test_linear_interpolation(rng):
    """Every word after every context that occurred."""
    for lambdas in [(0.3, 0.7), (0.1, 0.3, 0.6), (0.1, 0.2, 0.3, 0.4)]:
        sents, n = draw_corpus(rng), len(lambdas) - 1
        counts = ngram.count_ngrams(sents, n)
        full = [context for context in counts.counts if len(context) == n - 1]

        _agree(ngram.Interpolated(counts, lambdas), _interpolated(JelinekMercer, sents, n, lambdas=lambdas), full)


def test_where_nltk_differs_an_unseen_context_gives_its_weight_to_all(rng):
    """Here λ_2 moves to the next lower order; with nltk's recursion all lower ones, the uniform one too, share it."""
    lambdas, sents = (0.1, 0.3, 0.6), draw_corpus(rng)
    counts = ngram.count_ngrams(sents, 2)
    frequency = counts.counts[()]["a"] / sum(counts.counts[()].values())
    uniform, unseen = 1 / len(counts.vocabulary), (ngram.UNK,)

    ours = ngram.Interpolated(counts, lambdas).prob("a", unseen)
    theirs = _interpolated(JelinekMercer, sents, 2, lambdas=lambdas).unmasked_score("a", unseen)

    assert ours == pytest.approx(0.9 * frequency + 0.1 * uniform, rel=1e-12)
    assert theirs == pytest.approx((0.3 * frequency + 0.1 * uniform) / 0.4, rel=1e-12)


@covers("ngram.KneserNey", by="nltk.lm.smoothing.KneserNey, with a uniform floor")
def test_kneser_ney(rng):
    """Every word after every context that has no `<s>`, or that is of the highest order but one and is `<s>`."""
    for n in (2, 3):
        for d in (0.1, 0.75):
            sents = draw_corpus(rng)
            counts = ngram.count_ngrams(sents, n)
            theirs = _interpolated(KneserNeyWithFloor, sents, n, order=n, discount=d)

            _agree(ngram.KneserNey(counts, d), theirs, [u for u in counts.counts if n == 2 or ngram.BOS not in u])


def test_where_nltk_differs_an_unknown_word_is_impossible(rng):
    """nltk's Kneser-Ney has no uniform floor: what was never seen has probability 0, and ours more."""
    sents = draw_corpus(rng)
    counts = ngram.count_ngrams(sents, 2)
    theirs = fit(lambda d, n, **text: KneserNeyInterpolated(n, d, **text), sents, 2, 0.75)

    assert theirs.score(UNKNOWN, ["a"]) == 0.0 < ngram.KneserNey(counts, 0.75).prob(UNKNOWN, ["a"])
