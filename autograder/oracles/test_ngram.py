"""ngram.py, beside nltk.lm, given the same n-grams: one `<s>` per sentence, which is a context and never a word.

Where nltk's own way of reading a text differs from ours, an oracle says so and by how much.
"""

import math
from random import Random

import pytest
from nltk.lm import MLE, Laplace, Lidstone, Vocabulary
from nltk.lm.preprocessing import padded_everygram_pipeline

from autograder.oracles.corpus import UNKNOWN, WORDS, count, draw_corpus, fit, read_vocabulary
from autograder.oracles.cover import covers
from autograder.oracles.tensor import agree
from numnet import ngram
from numnet.given.caches import NgramCounts


@covers("ngram.count_ngrams", by="nltk.lm.NgramCounter")
def test_counts(rng):
    """Orders 1 to 4, with and without rare words that become unknown."""
    for n in (1, 2, 3, 4):
        for cutoff in (1, 3):
            sents = draw_corpus(rng)
            vocabulary = read_vocabulary(sents, cutoff)
            counter = count(sents, n, vocabulary)
            expected = {(): dict(counter.unigrams)}
            for k in range(2, n + 1):
                expected |= {context: dict(followers) for context, followers in counter[k].items()}

            counts = ngram.count_ngrams(sents, n, cutoff)

            assert counts == NgramCounts(n, tuple(sorted(vocabulary)), expected)


@covers("ngram.count_contexts", by="nltk.FreqDist.N")
def test_sums_of_counts(rng):
    """How often each context was followed by a word."""
    sents = draw_corpus(rng)
    counts, counter = ngram.count_ngrams(sents, 3), count(sents, 3, read_vocabulary(sents))
    expected = {
        context: counter[len(context) + 1][context].N() if context else counter.unigrams.N()
        for context in counts.counts
    }

    assert ngram.count_contexts(counts.counts) == expected


@covers("ngram.known_word", by="nltk.lm.Vocabulary.lookup")
def test_unknown_words(rng):
    """A rare word and one that never occurred are looked up as `<unk>`."""
    sents = [*draw_corpus(rng), ["rare"]]
    counts, vocabulary = ngram.count_ngrams(sents, 2, cutoff=2), read_vocabulary(sents, cutoff=2)

    for word in (*WORDS, "rare", UNKNOWN, ngram.EOS, ngram.UNK):
        assert ngram.known_word(counts, word) == vocabulary.lookup(word)


@covers("ngram.mle", "ngram.MLE", by="nltk.lm.MLE")
def test_maximum_likelihood(rng):
    """Every word after every context that occurred, unknown words too."""
    for n in (1, 2, 3):
        sents = draw_corpus(rng)
        counts, theirs = ngram.count_ngrams(sents, n), fit(MLE, sents, n)
        for context in counts.counts:
            for word in (*counts.vocabulary, UNKNOWN):
                expected = float(theirs.unmasked_score(theirs.vocab.lookup(word), context))
                agree(ngram.mle(counts, word, context), expected, f"p({word} | {context})")
                agree(ngram.MLE(counts).prob(word, context), expected, f"p({word} | {context})")


@covers("ngram.conditional_dist", by="nltk.lm.MLE")
def test_die_of_a_context(rng):
    """The words in the order of the vocabulary, with nltk's probabilities."""
    sents = draw_corpus(rng)
    counts, theirs = ngram.count_ngrams(sents, 2), fit(MLE, sents, 2)
    for context in counts.counts:
        expected = {word: float(theirs.unmasked_score(word, context)) for word in sorted(theirs.vocab)}

        dist = ngram.conditional_dist(ngram.MLE(counts), context)

        agree(dist, expected, f"after {context}")
        assert list(dist) == list(expected)


class Smoothed:
    """nltk's Lidstone in the place of our model."""

    def __init__(self, counts: NgramCounts, theirs: Lidstone) -> None:
        """Take our counts for the vocabulary, and nltk's model for the probabilities."""
        self.counts, self.theirs = counts, theirs

    def prob(self, w, ctx):
        """Ask nltk."""
        return float(self.theirs.unmasked_score(self.theirs.vocab.lookup(w), tuple(ctx)))


def _grams(sents: list[list[str]], n: int) -> list[tuple[str, ...]]:
    """Return what is predicted, each word with the n - 1 before it."""
    texts = [(ngram.BOS, *sent, ngram.EOS) for sent in sents]
    return [text[max(t - n + 1, 0) : t + 1] for text in texts for t in range(1, len(text))]


@covers("ngram.sentence_logprob", "ngram.perplexity", by="nltk.lm's logscore and perplexity")
def test_probability_of_a_text(rng):
    """Natural logarithms here, powers of two there; the perplexity is the same."""
    for n in (1, 2, 3):
        sents, test = draw_corpus(rng), draw_corpus(rng)
        theirs = fit(Lidstone, sents, n, 0.3)
        model = Smoothed(ngram.count_ngrams(sents, n), theirs)
        for sent in test:
            bits = sum(math.log2(theirs.unmasked_score(gram[-1], gram[:-1])) for gram in _grams([sent], n))
            agree(ngram.sentence_logprob(model, sent), bits * math.log(2), "log-probability")
        theirs.score = theirs.unmasked_score  # its own looks `<s>` up in a vocabulary without it

        agree(ngram.perplexity(model, test), theirs.perplexity(_grams(test, n)), "perplexity")


class Uniforms(Random):
    """Uniform numbers that are given, for nltk and for us."""

    def __init__(self, numbers: list[float]) -> None:
        """Take the numbers."""
        super().__init__()
        self.numbers = iter(numbers)

    def random(self) -> float:
        """Return the next one."""
        return next(self.numbers)


@covers("ngram.sample_sentence", by="nltk.lm.MLE.generate")
def test_sampling(rng):
    """The same uniform numbers give the same sentence, word by word."""
    for n in (1, 2, 3):
        sents = draw_corpus(rng)
        model = ngram.MLE(ngram.count_ngrams(sents, n))
        theirs = fit(MLE, sents, n)
        theirs.vocab = Vocabulary([ngram.BOS, *theirs.vocab], unk_label=ngram.UNK)  # to be found in a context
        for _ in range(20):
            numbers, expected = rng.random(10).tolist(), [ngram.BOS]
            given = Uniforms(numbers)
            while len(expected) <= 10 and expected[-1] != ngram.EOS:
                expected.append(theirs.generate(text_seed=expected[1 - n :], random_seed=given))

            sent = ngram.sample_sentence(model, Uniforms(numbers), max_len=10)

            assert sent == [word for word in expected if word not in (ngram.BOS, ngram.EOS)]


def test_where_nltk_differs_the_start_is_a_word(rng):
    """nltk's own pipeline has `<s>` in its vocabulary: Laplace shares out one part more than ours does."""
    sents = draw_corpus(rng)
    grams, words = padded_everygram_pipeline(2, sents)
    theirs = Laplace(2, vocabulary=Vocabulary(words, unk_label=ngram.UNK))
    theirs.fit(grams)
    counts = ngram.count_ngrams(sents, 2)

    after = counts.counts["a",]
    total, size = sum(after.values()), len(counts.vocabulary)

    assert len(theirs.vocab) == size + 1
    assert theirs.score("b", ["a"]) == pytest.approx((after["b"] + 1) / (total + size + 1), rel=1e-12)
