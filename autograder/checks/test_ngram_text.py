"""N-gram models at work: the entropy of a source (G2), the probability of a text (G5) and sampling (G6).

The models are ours, and their probabilities are asked for across the wall, so that nothing here depends on the counts
of the student.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.checks.claim import agree, holds, problem, refuses
from autograder.checks.dice import Throws
from autograder.checks.ngram_model import Constant, Shares, draw_table, draw_text, offered

LARGEST = 1 - 2**-53  # that rng.random() can give; ten times 0.1 is no more, if it is added up in floating point
SLACK = 1e-6  # how far, in widths of a word's interval, an injected number stays away from its ends


def throw_for(model: Any, word: str, context: Sequence[str], within: float = 0.5) -> float:
    """Return the uniform number that lies at this part of the interval of a word."""
    sides = [model.prob(w, context) for w in model.counts.vocabulary]
    i = model.counts.vocabulary.index(word)
    return sum(sides[:i]) + within * sides[i]


@cache
def count_long_text(reference):
    """Count a text of the data set markov2, which is the same for every submission."""
    text = reference.given.data.markov2(np.random.default_rng(0), 40000)
    return reference.ngram.count_ngrams([[str(symbol) for symbol in text]], 3)


def entropies(dice):
    """Return the entropy of each die, in nats; its sides are the last axis."""
    return -np.sum(dice * np.log(np.where(dice > 0, dice, 1)), axis=-1)


@problem("G2")
def test_dice_made_from_a_long_text_have_the_entropy_of_its_source(student, reference):
    """A chain with a memory of two made the text; the dice after two symbols are as unforeseeable as the chain."""
    counts, table = count_long_text(reference), reference.given.data.markov2_table()
    often = reference.given.data.pair_probabilities(table)[:2]  # of the pairs that begin with one of two symbols
    model = student.ngram.MLE(counts)

    dice = student.ngram.conditional_dist.each([(model, (str(a), str(b))) for a, b in np.ndindex(often.shape)])

    p = np.array([[die.get(w, 0.0) for w in counts.vocabulary] for die in dice])
    holds(bool((np.abs(p.sum(axis=1) - 1) < 1e-9).all() and (p >= 0).all()), "conditional_dist: no distribution")
    surprise = np.average(entropies(p), weights=often.ravel())
    off = abs(float(surprise - np.average(entropies(table[:2]), weights=often)))  # 0.002, of this text
    holds(off <= 0.02, f"conditional_dist of MLE, n = 3: its entropy is {off:.3f} nats from that of the source")


@problem("G5")
def test_log_probabilities_of_all_words_add_up(student, reference, rng):
    """The log probability of a sentence adds up those of its words and of </s>, each after the words before it."""
    table = draw_table(reference, rng)
    seen = draw_text(rng, 4, 2)
    trigrams = reference.ngram.MLE(reference.ngram.count_ngrams([*seen, *draw_text(rng, 4, 4)], 3))
    unigrams = reference.ngram.MLE(reference.ngram.count_ngrams(seen, 1))
    calls = (table, ["cows", "hay", "moon"]), (trigrams, seen[0]), (unigrams, seen[1])

    logprobs = student.ngram.sentence_logprob.each([(offered(model), sent) for model, sent in calls])

    for logprob, (model, sent) in zip(logprobs, calls, strict=True):
        what = f"sentence_logprob of {len(sent)} words with n = {model.counts.n}"
        agree(logprob, reference.ngram.sentence_logprob(model, sent), what)


@problem("G5")
def test_a_long_sentence_does_not_vanish(student, reference, rng):
    """The probability of a sentence of 10 rare words is below the smallest float, but its logarithm is a number."""
    model = Constant(reference.ngram.count_ngrams(draw_text(rng, 6), 2), 1e-33)
    sent = draw_text(rng, 10)[0]

    logprob = student.ngram.sentence_logprob(offered(model), sent)

    agree(logprob, 11 * math.log(1e-33), "sentence_logprob of 10 words of probability 1e-33")


@problem("G5")
def test_the_perplexity_of_a_fair_die_counts_its_sides(student, reference, rng):
    """The uniform model has the size of its vocabulary as perplexity, whatever the text."""
    counts = reference.ngram.count_ngrams(draw_text(rng, 4, 5), 2)
    model = Constant(counts, 1 / len(counts.vocabulary))

    value = student.ngram.perplexity(offered(model), draw_text(rng, 1, 0, 3))

    agree(value, float(len(counts.vocabulary)), "perplexity of a uniform model, sentences of (1, 0, 3) words")


@problem("G5")
def test_every_word_weighs_the_same_in_the_perplexity(student, reference, rng):
    """Perplexity averages over all words of the text, so a long sentence weighs more than a short one."""
    model = draw_table(reference, rng)
    text = draw_text(rng, 1, 5)

    value = student.ngram.perplexity(offered(model), text)

    agree(value, reference.ngram.perplexity(model, text), "perplexity of sentences of 1 and 5 words")


@problem("G5")
def test_the_perplexity_counts_the_end_and_not_the_start(student, reference, rng):
    """A sentence of m words is m + 1 predictions: its words and </s>; <s> is given."""
    model, sents = draw_table(reference, rng), ([], ["corn", "eat"])

    values = student.ngram.perplexity.each([(offered(model), [sent]) for sent in sents])

    for value, sent in zip(values, sents, strict=True):
        agree(value, reference.ngram.perplexity(model, [sent]), f"perplexity of one sentence of {len(sent)} words")


@problem("G5")
def test_an_impossible_word_makes_the_perplexity_infinite(student, reference, rng):
    """A word of probability 0 gives -inf and inf, without an exception, even if the context after it never occurred."""
    model = reference.ngram.MLE(reference.ngram.count_ngrams([["cows", "eat", "hay"], ["cows"], ["hay"]], 3))
    never = Constant(model.counts, 0.0)
    impossible = (never, ["cows"]), (model, ["cows", "hay", "eat", "cows"])
    calls = (model, ["cows"]), *impossible

    known, *logprobs = student.ngram.sentence_logprob.each([(offered(ours), sent) for ours, sent in calls])
    values = student.ngram.perplexity.each([(offered(ours), [["cows"], sent]) for ours, sent in impossible])

    agree(known, reference.ngram.sentence_logprob(model, ["cows"]), "sentence_logprob of a possible sentence")
    holds(all(logprob == -math.inf for logprob in logprobs), "sentence_logprob of an impossible sentence: not -inf")
    holds(all(value == math.inf for value in values), "perplexity of a text with an impossible sentence: not inf")


@problem("G5")
def test_an_empty_sentence_ends_and_an_empty_text_is_refused(student, reference, rng):
    """The empty sentence has the probability of </s> after <s>; the perplexity of no sentence is a ValueError."""
    model = draw_table(reference, rng)

    logprob = student.ngram.sentence_logprob(offered(model), [])

    agree(logprob, math.log(model.prob("</s>", ("<s>",))), "sentence_logprob of the empty sentence")
    with refuses(ValueError, "perplexity of no sentence"):
        student.ngram.perplexity(offered(model), [])


def draw_telling_table(reference, rng, path):
    """Draw a bigram model in which some word of a path would not come if the first one were still the context."""
    while True:
        model = draw_table(reference, rng)
        for before, word in pairwise(path[1:]):
            number, first = throw_for(model, word, (before,)), (path[0],)
            if not throw_for(model, word, first, 0.0) <= number < throw_for(model, word, first, 1.0):
                return model


def samples(student, calls):
    """Call sample_sentence for each (model, throws, max_len) or (model, throws, max_len, prefix).

    conditional_dist is G2's, so ours.
    """
    given = [(offered(model), throws.offered(), *rest) for model, throws, *rest in calls]
    return student.with_ours("ngram.conditional_dist").ngram.sample_sentence.each(given)


def throws_along(model, path):
    """Return the throws that lead from path[0], which is given, along the path."""
    return Throws([throw_for(model, word, (before,)) for before, word in pairwise(path)])


@problem("G6")
def test_a_uniform_number_chooses_the_word(student, reference, rng):
    """The word drawn is the first in the order of the vocabulary whose cumulative probability exceeds the number."""
    model = draw_table(reference, rng)
    ends = ("<unk>", SLACK), ("cows", SLACK), ("cows", 1 - SLACK), ("hay", SLACK)
    calls = [(model, Throws([throw_for(model, word, ("<s>",), within)]), 1) for word, within in ends]
    ten = Shares(reference.ngram.count_ngrams([list("abcdefghi")], 2), 0.1)  # the last of eleven words never comes

    *sents, last = samples(student, [*calls, (ten, Throws([LARGEST]), 1)])

    for sent, (word, _) in zip(sents, ends, strict=True):
        agree(sent, [word], "sample_sentence, one word")
    agree(last, ["h"], "sample_sentence, one word, when the probabilities add up to less than the number")


@problem("G6")
def test_each_word_is_drawn_after_those_before_it(student, reference, rng):
    """Every word is drawn from the distribution after the words so far, prefix included."""
    words = [str(word) for word in rng.permutation(["corn", "eat", "hay", "eat"])]
    model = draw_telling_table(reference, rng, ["<s>", *words])
    calls = [(model, throws_along(model, ["<s>", *words][known:]), 4, words[:known]) for known in (0, 2)]

    for sent, (*_, prefix) in zip(samples(student, calls), calls, strict=True):
        agree(sent, words, f"sample_sentence with a prefix of {len(prefix)} words")


@problem("G6")
def test_a_sentence_stops_at_its_end(student, reference, rng):
    """Sampling stops when </s> is drawn, which is no part of the result; every word takes one number, </s> too."""
    model = draw_telling_table(reference, rng, ["<s>", "cows", "eat", "</s>"])

    sents = ["cows", "eat"], []
    ways = [throws_along(model, ["<s>", *words, "</s>"]) for words in sents]

    answers = samples(student, [(model, throws, 6) for throws in ways])

    for sent, words, throws in zip(answers, sents, ways, strict=True):
        agree(sent, words, f"sample_sentence, </s> after {len(words)} words")
        holds(throws.thrown == len(words) + 1, f"sample_sentence: rng.random() was called {throws.thrown} times")


@problem("G6")
def test_a_sentence_has_at_most_max_len_words(student, reference, rng):
    """There are at most max_len words, the prefix included; when that is reached nothing more is drawn."""
    model = draw_telling_table(reference, rng, ["cows", "eat", "corn"])

    ways = (0, (), 0), (2, ("corn", "hay"), 0), (3, ("cows",), 2), (1, ("hay", "corn"), 0)
    calls = [
        (model, throws_along(model, [("<s>", *prefix)[-1], "eat", "corn"]), max_len, prefix)
        for max_len, prefix, _ in ways
    ]

    answers = samples(student, calls)

    for sent, (max_len, prefix, drawn), (_, throws, *_) in zip(answers, ways, calls, strict=True):
        what = f"sample_sentence with max_len = {max_len} and a prefix of {len(prefix)} words"
        agree(sent, [*prefix, "eat", "corn"][:max_len], what)
        holds(throws.thrown == drawn, f"sample_sentence: rng.random() was called {throws.thrown} times")
