"""Public checks of numnet/ngram.py: add-k and interpolation (G3) and Kneser-Ney (G4)."""

import pytest

from numnet.given.claim import agree
from numnet.given.data import cows
from numnet.ngram import AddK, Interpolated, KneserNey, count_ngrams

TWO = [["cows", "eat"], ["cows", "sleep"]]
FRANCISCO = [*3 * [["San", "Francisco"]], ["reading", "glasses"], ["her", "glasses"]]

CONTEXTS = [(), ("<s>",), ("cows",), ("cows", "eat"), ("<s>", "cows"), ("moon", "eat"), ("<unk>",), ("moon", "moon")]


def agree_on_sums(model):
    """Fail unless the probabilities of all words add up to 1 after each of CONTEXTS."""
    for context in CONTEXTS:
        agree(sum(model.prob(w, context) for w in model.counts.vocabulary), 1.0, f"the sum after {context}")


@pytest.mark.problem("G3")
def test_add_one_after_cows_eat():
    """After "cows eat" came 11 words, 4 of them corn; add 1 for each of the words that can be predicted."""
    counts = count_ngrams(cows(), 3)
    size = len(counts.vocabulary)
    model = AddK(counts, 1)

    for word, expected in (("corn", 5 / (11 + size)), ("sleep", 1 / (11 + size)), ("moon", 1 / (11 + size))):
        agree(model.prob(word, ["cows", "eat"]), expected, f"AddK: {word} after cows eat")
    agree(model.prob("corn", ["moon", "eat"]), 1 / size, "AddK: corn after moon eat, which never occurred")
    agree(model.prob("<s>", ["cows", "eat"]), 0.0, "AddK: <s>")


@pytest.mark.problem("G3")
def test_three_orders_are_mixed_by_hand():
    """After "<s> cows" came eat once of twice, so after "cows"; it is 1 of 6 words, and V has 5: all four are mixed."""
    model = Interpolated(count_ngrams(TWO, 3), (0.1, 0.2, 0.3, 0.4))

    agree(model.prob("eat", ["<s>", "cows"]), 0.02 + 0.2 / 6 + 0.15 + 0.2, "Interpolated: eat after <s> cows")
    agree(model.prob("moon", ["<s>", "cows"]), 0.02, "Interpolated: moon after <s> cows")
    agree(model.prob("<s>", ["<s>", "cows"]), 0.0, "Interpolated: <s>")


@pytest.mark.problem("G3")
def test_the_weight_of_an_unseen_context_moves_down():
    """After "moon cows", which never occurred, the weight of order 3 is added to that of order 2, and so on."""
    model = Interpolated(count_ngrams(TWO, 3), (0.1, 0.2, 0.3, 0.4))

    agree(model.prob("eat", ["moon", "cows"]), 0.02 + 0.2 / 6 + 0.7 / 2, "Interpolated: eat after moon cows")
    agree(model.prob("eat", ["cows", "moon"]), 0.02 + 0.9 / 6, "Interpolated: eat after cows moon")
    agree(model.prob("eat", []), 0.02 + 0.9 / 6, "Interpolated: eat without context")


@pytest.mark.problem("G3")
def test_smoothed_probabilities_add_up_to_one():
    """AddK and Interpolated lose nothing after any context, seen or not."""
    counts = count_ngrams(cows(), 3)

    agree_on_sums(AddK(counts, 0.1))
    agree_on_sums(Interpolated(counts, (0.1, 0.2, 0.3, 0.4)))


@pytest.mark.problem("G3")
def test_impossible_settings_are_refused():
    """A k that is not above 0, and weights that are no n + 1 numbers from 0 with the sum 1, raise ValueError."""
    counts = count_ngrams(TWO, 2)

    for k in (0, -1):
        with pytest.raises(ValueError):
            AddK(counts, k)
    for lambdas in ((0.5, 0.5), (0.5, -0.5, 1.0), (0.5, 0.5, 0.5)):
        with pytest.raises(ValueError):
            Interpolated(counts, lambdas)


@pytest.mark.problem("G4")
def test_francisco_is_frequent_but_comes_after_san_only():
    """Francisco occurs 3 times and glasses 2, but Francisco after 1 word and glasses after 2: a is 1 and 2.

    San, reading and her come after <s>, and </s> after Francisco and glasses: that is 8 in all, of 6 words.
    """
    model = KneserNey(count_ngrams(FRANCISCO, 2), 0.5)

    spare = 0.5 * 6 / 8 / 7  # what six words give away, for each of the 7 of the vocabulary
    for word, a in (("Francisco", 1), ("glasses", 2), ("</s>", 2), ("her", 1)):
        agree(model.prob(word, ["moon"]), (a - 0.5) / 8 + spare, f"KneserNey: {word} after a new word")
    francisco = (3 - 0.5) / 3 + 0.5 / 3 * (0.5 / 8 + spare)
    agree(model.prob("Francisco", ["San"]), francisco, "KneserNey: Francisco after San")


@pytest.mark.problem("G4")
def test_unigrams_are_discounted_counts():
    """With n = 1 there is no word before: a is the count, and the discounts are shared by all words of V."""
    model = KneserNey(count_ngrams(TWO, 1), 0.5)

    for word, count in (("cows", 2), ("eat", 1), ("</s>", 2)):
        agree(model.prob(word, []), (count - 0.5 + 0.5 * 4 / 5) / 6, f"KneserNey with n = 1: {word}")
    agree(model.prob("moon", []), 0.5 * 4 / 5 / 6, "KneserNey with n = 1: moon")
    agree(model.prob("<s>", []), 0.0, "KneserNey with n = 1: <s>")


@pytest.mark.problem("G4")
def test_kneser_ney_probabilities_add_up_to_one():
    """Kneser-Ney loses nothing after any context, seen or not, short or long."""
    for n in (1, 2, 3, 4):
        agree_on_sums(KneserNey(count_ngrams(cows(), n)))


@pytest.mark.problem("G4")
def test_a_discount_outside_zero_to_one_is_refused():
    """With d = 0 nothing would be kept for new words, with d = 1 nothing left for words that were seen once."""
    counts = count_ngrams(TWO, 2)

    for d in (0, 1, -0.5):
        with pytest.raises(ValueError):
            KneserNey(counts, d)
