"""Recurrent language models at work: the probability of a sentence (H3) and sampling (H4).

Both are examined with our layers in place of the student's, and with the student's own. The numbers that choose the
words are injected, so that a right answer is one list and no other.
"""

import math
from itertools import product

import numpy as np

from autograder.checks.claim import agree, holds, problem
from autograder.checks.dice import Throws
from autograder.checks.rnnlm_model import (
    CELLS,
    EDGE,
    LAYERS,
    NOT_OWN,
    draw_forgetful,
    draw_network,
    next_logits,
    read_with_own_layers,
    throw_for,
    throws_along,
)

BOS, EOS = 1, 2
BATCH = "rnnlm.lm_inputs_targets"  # H1, which another problem examines
LARGEST = 1 - 2**-53  # that rng.random() can give; ten times 0.1 is no more, if it is added up in floating point
EDGES = (EDGE, 0.5, 1 - EDGE)


def logprobs(student, calls):
    """Return rnnlm_logprob for each call, with our layers."""
    return student.with_ours(*LAYERS, BATCH, "rnnlm.rnnlm_loss").rnnlm.rnnlm_logprob.each(calls)


@problem("H3")
def test_log_probability_adds_up_over_the_sentence(student, reference, rng):
    """The log probability of a sentence is a sum over its words and its end, each after all words before it."""
    for cell in CELLS:
        params = draw_network(rng, cell)
        calls = [(params, sent, BOS, EOS) for sent in ([3], [4, 3, 0, 5], [6, 6, 6])]

        for got, call in zip(logprobs(student, calls), calls, strict=True):
            what = f"rnnlm_logprob of {len(call[1])} words, {cell}"
            agree(got, reference.rnnlm.rnnlm_logprob(*call), what)


@problem("H3")
def test_a_network_without_weights_gives_every_word_the_same_share(student, reference, rng):
    """Without weights every word has probability 1 / V, in natural logarithms, whatever was read."""
    for words in (5, 7):
        params = {name: 0 * array for name, array in draw_network(rng, "Elman", (words, 3, 4)).items()}

        short, long = logprobs(student, [(params, [3, 4], BOS, EOS), (params, [4, 3, 0, 4, 4, 3], BOS, EOS)])

        agree(short, -3 * math.log(words), f"rnnlm_logprob of 2 words of {words}")
        agree(long, -7 * math.log(words), f"rnnlm_logprob of 6 words of {words}")


@problem("H3")
def test_a_sentence_is_as_likely_as_its_words_and_its_end(student, reference, rng):
    """The end belongs to the sentence: one without words has the probability of the end after the start."""
    for cell in CELLS:
        params = draw_network(rng, cell)

        empty, one = logprobs(student, [(params, [], BOS, EOS), (params, [4], BOS, EOS)])

        agree(empty, reference.rnnlm.rnnlm_logprob(params, [], BOS, EOS), f"rnnlm_logprob of no words, {cell}")
        agree(one, reference.rnnlm.rnnlm_logprob(params, [4], BOS, EOS), f"rnnlm_logprob of one word, {cell}")


@problem("H3")
def test_all_sentences_share_one_probability(student, reference, rng):
    """All sentences that end before L = 3 words and all beginnings of 3 words have probability 1 together."""
    params = draw_network(rng, "Elman", (3, 3, 4))
    words = (0, 1)  # V = 3, and 2 is the end, which is read as the start, too
    ended = [(params, list(sent), EOS, EOS) for length in range(3) for sent in product(words, repeat=length)]
    cut = [(params, list(sent[:2]), EOS, sent[2]) for sent in product(words, repeat=3)]  # the third word is the last

    answers = logprobs(student, ended + cut)

    agree(answers[0], reference.rnnlm.rnnlm_logprob(*ended[0]), "rnnlm_logprob of no words")
    holds(all(p <= 0 for p in answers), "rnnlm_logprob: a probability above 1")
    agree(sum(map(math.exp, answers)), 1.0, "the probabilities of all sentences together")


@problem("H3")
def test_an_unlikely_sentence_keeps_its_logarithm(student, reference, rng):
    """A sentence of 30 words, each of them most unlikely, has a probability below any float, and a finite logarithm."""
    for unlikely in (-40.0, -1e4):
        params = draw_network(rng, "Elman")
        params["b_y"][3] = unlikely

        (got,) = logprobs(student, [(params, [3] * 30, BOS, EOS)])

        agree(got, reference.rnnlm.rnnlm_logprob(params, [3] * 30, BOS, EOS), "rnnlm_logprob of 30 unlikely words")


@problem("H3")
def test_log_probability_is_that_of_your_own_network(student, reference, rng):
    """With your own layers, whatever they compute, the log probability is what they give to the words and the end."""
    own_layers = student.with_ours(*NOT_OWN, BATCH)
    for cell in CELLS:
        params, sent = draw_forgetful(rng, cell), [4, 0, 3]

        got = own_layers.rnnlm.rnnlm_logprob(params, sent, BOS, EOS)

        logits, _ = read_with_own_layers(own_layers, reference, params, np.array([[BOS, *sent]]).T)
        loss, _ = reference.linear.softmax_cross_entropy(logits, np.array([[*sent, EOS]]).T)
        agree(got, -4 * loss, f"rnnlm_logprob with your own layers, {cell}")


def sample(student, params, throws, max_len, temperature=1.0):
    """Call sample with throws of ours and our layers."""
    ours = student.with_ours(*LAYERS).rnnlm
    return ours.sample.purely(params, throws.offered(), BOS, EOS, max_len, temperature)


@problem("H4")
def test_a_number_chooses_among_all_ids(student, reference, rng):
    """The first word is the first id whose cumulative probability exceeds the number, at both ends of its interval."""
    params = draw_network(rng, "Elman")
    logits = next_logits(reference, params, [BOS])

    for word in (0, 3, 6):
        for within in EDGES:
            sent = sample(student, params, Throws([throw_for(logits, word, within=within)]), 1)

            agree(sent, [word], "sample, one word")


@problem("H4")
def test_each_word_is_drawn_after_all_words_before_it(student, reference, rng):
    """The word that was drawn is read next, and the state remembers those before it."""
    for cell in CELLS:
        params = draw_network(rng, cell)
        words = [int(word) for word in rng.permutation([0, 3, 4, 5, 6, 3, 6])]

        sent = sample(student, params, throws_along(reference, params, [BOS, *words], within=EDGES), len(words))

        agree(sent, words, f"sample, {len(words)} words, {cell}")


@problem("H4")
def test_temperature_divides_the_logits(student, reference, rng):
    """The warmer, the more alike are the words: p is the softmax of the logits divided by the temperature."""
    params = draw_network(rng, "Elman")
    words = [int(word) for word in rng.permutation([0, 3, 4, 5, 6])]
    temperatures = (0.5, 0.8, 2.0, 10.0)

    sents = [
        sample(student, params, throws_along(reference, params, [BOS, *words], temperature, EDGES), 5, temperature)
        for temperature in temperatures
    ]

    for sent, temperature in zip(sents, temperatures, strict=True):
        agree(sent, words, f"sample with temperature = {temperature}")


@problem("H4")
def test_temperature_zero_takes_the_likeliest_word(student, reference, rng):
    """At temperature 0 the largest logit wins, the lowest of equals, and no number is drawn."""
    params = draw_network(rng, "LSTM")
    params["b_y"][[BOS, EOS]] = -20.0
    alike = {name: 0 * array for name, array in params.items()}

    for weights, what in (
        (params, "sample with temperature = 0"),
        (alike, "sample with temperature = 0 and no weights"),
    ):
        throws = Throws([])
        sent = sample(student, weights, throws, 4, 0.0)

        agree(sent, reference.rnnlm.sample(weights, Throws([]), BOS, EOS, 4, 0.0), what)
        holds(throws.thrown == 0, f"{what}: rng.random() was called {throws.thrown} times")


@problem("H4")
def test_a_sampled_sentence_stops_at_its_end(student, reference, rng):
    """Sampling stops when eos is drawn, which is no part of the result; each word takes one number, eos too."""
    params = draw_network(rng, "Elman")

    for words in ([4, 0], [3], []):
        throws = throws_along(reference, params, [BOS, *words, EOS])
        sent = sample(student, params, throws, 6)

        agree(sent, words, f"sample, eos after {len(words)} words")
        holds(throws.thrown == len(words) + 1, f"sample: rng.random() was called {throws.thrown} times")


@problem("H4")
def test_a_sampled_sentence_has_at_most_max_len_words(student, reference, rng):
    """There are at most max_len words, and nothing is drawn after the last of them; 0 gives none."""
    params = draw_network(rng, "Elman")

    for max_len in (3, 1, 0):
        throws = throws_along(reference, params, [BOS, 6, 0, 5, 3])
        sent = sample(student, params, throws, max_len)

        agree(sent, [6, 0, 5][:max_len], f"sample with max_len = {max_len}")
        holds(
            throws.thrown == max_len, f"sample with max_len = {max_len}: rng.random() was called {throws.thrown} times"
        )


@problem("H4")
def test_sampling_survives_huge_logits(student, reference, rng):
    """Logits of 10,000 and of -10,000 are fine: a certain word comes whatever the number, an impossible one never."""
    params = draw_network(rng, "Elman")
    params["b_y"][[4, 6]] = 1e4, -1e4
    even = params | {"b_y": np.where(np.isin(np.arange(7), (3, 5)), 1e4, -1e4), "W_hy": 0 * params["W_hy"]}

    certain = sample(student, params, Throws([0.001, 0.999, 0.5]), 3)
    either = sample(student, even, Throws([0.49, 0.51, 0.999]), 3, 0.5)

    agree(certain, [4, 4, 4], "sample with one logit of 10,000")
    agree(either, [3, 5, 5], "sample with two logits of 10,000")
    ten = draw_network(rng, "Elman", (11, 3, 4)) | {"W_hy": np.zeros((11, 4)), "b_y": np.array([*10 * [0.0], -1e4])}
    last = sample(student, ten, Throws([LARGEST]), 1)
    agree(last, [9], "sample, when the probabilities add up to less than the number")


@problem("H4")
def test_sampling_asks_your_own_network(student, reference, rng):
    """With your own layers, whatever they compute, the words are drawn from what they say, one after the other."""
    own_layers = student.with_ours(*NOT_OWN)
    for cell in CELLS:
        params = draw_forgetful(rng, cell)
        params["b_y"][EOS] -= 3
        path, throws = [EOS], []
        while len(throws) < 3 and (len(path) == 1 or path[-1] != EOS):
            logits, _ = read_with_own_layers(own_layers, reference, params, np.array([path]).T)
            path.append(int(logits[-1, 0].argmax()))
            throws.append(throw_for(logits[-1, 0], path[-1]))

        sent = own_layers.rnnlm.sample(params, Throws(throws).offered(), EOS, EOS, 3)

        agree(sent, [word for word in path if word != EOS], f"sample with your own layers, {cell}")
