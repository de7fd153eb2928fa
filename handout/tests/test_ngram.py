"""Public checks of numnet/ngram.py: counts (G1), maximum likelihood (G2), perplexity (G5) and sampling (G6)."""

import math

import numpy as np
import pytest

from numnet.given.caches import NgramCounts
from numnet.given.claim import agree
from numnet.given.data import cows
from numnet.ngram import MLE, conditional_dist, count_ngrams, mle, perplexity, sample_sentence, sentence_logprob

TWO = [["cows", "eat"], ["cows", "sleep"]]


class Uniform:
    """A model for which every word is as likely as any other."""

    def __init__(self, sents):
        """Keep the counts of the sentences."""
        self.counts = count_ngrams(sents, 2)

    def prob(self, w, ctx):
        """Return 1 / size of the vocabulary."""
        return 1 / len(self.counts.vocabulary)


class Dice:
    """An rng that throws what it is told to."""

    def __init__(self, *throws):
        """Keep the throws to come."""
        self.throws = list(throws)

    def random(self):
        """Return the next number."""
        assert self.throws, "rng.random() was called more than once per word"
        return self.throws.pop(0)

    def __getattr__(self, name):
        """Refuse everything else that a generator can do."""
        raise AssertionError(f"call rng.random(), once per word, and not rng.{name}")


@pytest.mark.problem("G1")
def test_the_vocabulary_is_sorted_and_has_the_end_and_the_unknown():
    """The vocabulary has every word of the text, </s> and <unk>, sorted, and never <s>."""
    vocabulary, expected = count_ngrams(TWO, 2).vocabulary, ("</s>", "<unk>", "cows", "eat", "sleep")

    assert vocabulary == expected, f"vocabulary: expected {expected}, got {vocabulary}"


@pytest.mark.problem("G1")
def test_counts_are_plain_dicts():
    """The result is NgramCounts(n, vocabulary, counts); counts and its values are plain dicts, and the text stays."""
    text = [list(sent) for sent in TWO]

    counts = count_ngrams(text, 2)

    assert type(counts) is NgramCounts, "count_ngrams returns NgramCounts(n, vocabulary, counts)"
    assert counts.n == 2, f"n: expected 2, got {counts.n}"
    kinds = {kind.__name__ for kind in map(type, (counts.counts, *counts.counts.values()))}
    assert kinds == {"dict"}, (
        f"expected plain dicts, got {', '.join(sorted(kinds))}; make them plain at the end: dict(...)"
    )
    assert text == TWO, "count_ngrams changes the sentences, which are the caller's"


@pytest.mark.problem("G1")
def test_bigrams_of_two_sentences_can_be_counted_by_hand():
    """Both sentences begin with cows, and each ends after another word."""
    counts = count_ngrams(TWO, 2).counts

    expected = {
        (): {"cows": 2, "eat": 1, "sleep": 1, "</s>": 2},
        ("<s>",): {"cows": 2},
        ("cows",): {"eat": 1, "sleep": 1},
        ("eat",): {"</s>": 1},
        ("sleep",): {"</s>": 1},
    }
    for context, followers in expected.items():
        assert counts.get(context) == followers, f"counts[{context}]: expected {followers}, got {counts.get(context)}"
    assert set(counts) == set(expected), f"contexts that do not belong there: {set(counts) - set(expected)}"


@pytest.mark.problem("G1")
def test_a_rare_word_is_counted_as_unknown():
    """With cutoff = 2 only cows is frequent enough; the other two words become <unk>, as words and as contexts."""
    counts = count_ngrams(TWO, 2, cutoff=2)

    assert counts.vocabulary == ("</s>", "<unk>", "cows")
    assert counts.counts[("cows",)] == {"<unk>": 2}
    assert counts.counts[("<unk>",)] == {"</s>": 2}


@pytest.mark.problem("G2")
def test_cows_eat_what_the_lecture_says():
    """After "cows eat" come corn 4/11, grass 3/11, hay 2/11, if 1/11 and which 1/11."""
    counts = count_ngrams(cows(), 3)
    expected = {"corn": 4 / 11, "grass": 3 / 11, "hay": 2 / 11, "if": 1 / 11, "which": 1 / 11, "sheep": 0.0}

    for word, share in expected.items():
        agree(mle(counts, word, ["cows", "eat"]), share, f"mle: {word} after cows eat")


@pytest.mark.problem("G2")
def test_a_context_that_never_occurred_is_refused():
    """No share of nothing: mle raises ValueError."""
    with pytest.raises(ValueError):
        mle(count_ngrams(cows(), 3), "corn", ["sheep", "drink"])


@pytest.mark.problem("G2")
def test_the_probabilities_of_all_words_add_up_to_one():
    """The distribution after "cows eat" has one entry for each word of the vocabulary, 1 in all."""
    model = MLE(count_ngrams(cows(), 3))

    dist = conditional_dist(model, ["cows", "eat"])

    assert type(dist) is dict, f"expected a plain dict, got {type(dist).__name__}"
    assert set(dist) == set(model.counts.vocabulary), "one entry for each word of the vocabulary, and no other"
    agree(sum(dist.values()), 1.0, "conditional_dist: the sum")


@pytest.mark.problem("G5")
def test_the_probability_of_a_sentence_is_a_product():
    """cows begins every sentence, half of them go on with eat, and eat is always last: log(1 * 1/2 * 1)."""
    model = MLE(count_ngrams(TWO, 2))

    agree(sentence_logprob(model, ["cows", "eat"]), math.log(0.5), "sentence_logprob")


@pytest.mark.problem("G5")
def test_an_impossible_sentence_has_minus_infinity():
    """Nothing follows "eat sleep" in the text, so the first impossible word ends the sum, without an exception."""
    model = MLE(count_ngrams(TWO, 3))

    logprob = sentence_logprob(model, ["cows", "eat", "sleep", "cows"])
    value = perplexity(model, [["cows", "eat"], ["cows", "eat", "sleep", "cows"]])

    assert logprob == -math.inf, f"sentence_logprob: expected -inf, got {logprob}"
    assert value == math.inf, f"perplexity: expected inf, got {value}"


@pytest.mark.problem("G5")
def test_the_perplexity_of_a_fair_die_is_the_number_of_its_sides():
    """The uniform model over 5 words has perplexity 5 on any text."""
    agree(perplexity(Uniform(TWO), [["cows"], ["cows", "eat", "sleep"]]), 5.0, "perplexity")


@pytest.mark.problem("G6")
def test_a_number_of_the_rng_chooses_the_word():
    """After "cows" come eat and sleep, half of the time each, in this order: below 0.5 is eat, above is sleep."""
    model = MLE(count_ngrams(TWO, 2))

    for throw, expected in ((0.4, ["cows", "eat"]), (0.6, ["cows", "sleep"])):
        sent = sample_sentence(model, Dice(0.3, throw, 0.5), 9)

        assert sent == expected, f"0.3, then {throw}: expected {expected}, got {sent}"


@pytest.mark.problem("G6")
def test_the_prefix_is_part_of_the_sentence():
    """A sentence that begins with cows goes on after cows, and max_len counts that word."""
    model = MLE(count_ngrams(TWO, 2))

    prefix = ["cows"]

    for max_len, throws, expected in ((9, (0.6, 0.5), ["cows", "sleep"]), (1, (), ["cows"])):
        sent = sample_sentence(model, Dice(*throws), max_len, prefix)

        assert sent == expected, f"max_len = {max_len}: expected {expected}, got {sent}"
        assert prefix == ["cows"], "sample_sentence changes prefix, which is the caller's"


@pytest.mark.problem("G6")
def test_sentences_about_cows_can_be_drawn():
    """Sentences of a trigram model are made of words of the text, without <s> and </s>."""
    model = MLE(count_ngrams(cows(), 3))
    rng = np.random.default_rng(0)

    words = {word for _ in range(20) for word in sample_sentence(model, rng, max_len=12)}

    strange = words - (set(model.counts.vocabulary) - {"</s>", "<unk>"})
    assert words and not strange, f"words that do not belong there: {strange}" if strange else "no words at all"
