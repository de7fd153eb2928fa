"""Public checks of numnet/ngram.py: counts (G1), maximum likelihood (G2), perplexity (G5) and sampling (G6)."""

import math

import numpy as np
import pytest

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


@pytest.mark.problem("G1")
def test_the_vocabulary_is_sorted_and_has_the_end_and_the_unknown():
    """The vocabulary has every word of the text, </s> and <unk>, sorted, and never <s>."""
    assert count_ngrams(TWO, 2).vocabulary == ("</s>", "<unk>", "cows", "eat", "sleep")


@pytest.mark.problem("G1")
def test_bigrams_of_two_sentences_can_be_counted_by_hand():
    """Both sentences begin with cows, and each ends after another word."""
    counts = count_ngrams(TWO, 2).counts

    assert counts == {
        (): {"cows": 2, "eat": 1, "sleep": 1, "</s>": 2},
        ("<s>",): {"cows": 2},
        ("cows",): {"eat": 1, "sleep": 1},
        ("eat",): {"</s>": 1},
        ("sleep",): {"</s>": 1},
    }


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
        assert mle(counts, word, ["cows", "eat"]) == pytest.approx(share), word


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

    assert set(dist) == set(model.counts.vocabulary)
    assert sum(dist.values()) == pytest.approx(1.0)


@pytest.mark.problem("G5")
def test_the_probability_of_a_sentence_is_a_product():
    """cows begins every sentence, half of them go on with eat, and eat is always last: log(1 * 1/2 * 1)."""
    model = MLE(count_ngrams(TWO, 2))

    assert sentence_logprob(model, ["cows", "eat"]) == pytest.approx(math.log(0.5))


@pytest.mark.problem("G5")
def test_an_impossible_sentence_has_minus_infinity():
    """Nothing follows "eat sleep" in the text, so the first impossible word ends the sum, without an exception."""
    model = MLE(count_ngrams(TWO, 3))

    assert sentence_logprob(model, ["cows", "eat", "sleep", "cows"]) == -math.inf
    assert perplexity(model, [["cows", "eat"], ["cows", "eat", "sleep", "cows"]]) == math.inf


@pytest.mark.problem("G5")
def test_the_perplexity_of_a_fair_die_is_the_number_of_its_sides():
    """The uniform model over 5 words has perplexity 5 on any text."""
    assert perplexity(Uniform(TWO), [["cows"], ["cows", "eat", "sleep"]]) == pytest.approx(5.0)


@pytest.mark.problem("G6")
def test_a_number_of_the_rng_chooses_the_word():
    """After "cows" come eat and sleep, half of the time each, in this order: below 0.5 is eat, above is sleep."""
    model = MLE(count_ngrams(TWO, 2))

    assert sample_sentence(model, Dice(0.3, 0.4, 0.5), 9) == ["cows", "eat"]
    assert sample_sentence(model, Dice(0.3, 0.6, 0.5), 9) == ["cows", "sleep"]


@pytest.mark.problem("G6")
def test_the_prefix_is_part_of_the_sentence():
    """A sentence that begins with cows goes on after cows, and max_len counts that word."""
    model = MLE(count_ngrams(TWO, 2))

    assert sample_sentence(model, Dice(0.6, 0.5), 9, prefix=["cows"]) == ["cows", "sleep"]
    assert sample_sentence(model, Dice(), 1, prefix=["cows"]) == ["cows"]


@pytest.mark.problem("G6")
def test_sentences_about_cows_can_be_drawn():
    """Sentences of a trigram model are made of words of the text, without <s> and </s>."""
    model = MLE(count_ngrams(cows(), 3))
    rng = np.random.default_rng(0)

    words = {word for _ in range(20) for word in sample_sentence(model, rng, max_len=12)}

    assert words and words <= set(model.counts.vocabulary) - {"</s>", "<unk>"}
