"""Recurrent language models at work: the probability of a sentence (H3) and sampling (H4).

Both are examined with our layers in place of the student's, and with the student's own. The numbers that choose the
words are injected, so that a right answer is one list and no other.
"""

import math

import numpy as np

from autograder.checks.claim import agree, holds, problem
from autograder.checks.dice import Throws
from autograder.checks.rnnlm_model import (
    EDGE,
    LAYERS,
    NOT_OWN,
    draw_forgetful,
    draw_indifferent,
    draw_network,
    draw_unlikely,
    next_logits,
    read_with_own_layers,
    throw_for,
)
from autograder.checks.sequence import require_two

BOS, EOS = 1, 2
BATCH = "rnnlm.lm_inputs_targets"  # H1, which another problem examines
LARGEST = 1 - 2**-53  # that rng.random() can give; ten times 0.1 is no more, if it is added up in floating point
BOUNDARY = (5, 1 - EDGE), (6, EDGE)  # words, and where in their intervals to throw: any other die errs in one of them


def logprobs(student, calls):
    """Return rnnlm_logprob for each call, with our layers."""
    return student.with_ours(*LAYERS, BATCH, "rnnlm.rnnlm_loss").rnnlm.rnnlm_logprob.each(calls)


@problem("H3")
def test_log_probability_adds_up_over_the_sentence(student, reference, rng):
    """The log probability of a sentence is a sum over its words and its end, each after all words before it."""
    call = draw_network(rng, "LSTM"), [4, 0, 6, 6], BOS, EOS

    (got,) = logprobs(student, [call])

    agree(got, reference.rnnlm.rnnlm_logprob(*call), "rnnlm_logprob of 4 words, LSTM")


@problem("H3")
def test_a_network_without_weights_gives_every_word_the_same_share(student, reference, rng):
    """Without weights every word has probability 1 / V, in natural logarithms, whatever was read."""
    params = {name: 0 * array for name, array in draw_network(rng, "Elman").items()}

    (got,) = logprobs(student, [(params, [4, 3, 0, 4], BOS, EOS)])

    agree(got, -5 * math.log(7), "rnnlm_logprob of 4 words of 7")


@problem("H3")
def test_a_sentence_is_as_likely_as_its_words_and_its_end(student, reference, rng):
    """The end belongs to the sentence: one without words has the probability of the end after the start."""
    params = draw_network(rng, "Elman")

    empty, one = logprobs(student, [(params, [], BOS, EOS), (params, [4], BOS, EOS)])

    agree(empty, reference.rnnlm.rnnlm_logprob(params, [], BOS, EOS), "rnnlm_logprob of no words")
    agree(one, reference.rnnlm.rnnlm_logprob(params, [4], BOS, EOS), "rnnlm_logprob of one word")


@problem("H3")
def test_all_sentences_share_one_probability(student, reference, rng):
    """All sentences that end before L = 2 words and all beginnings of 2 words have probability 1 together."""
    params = draw_network(rng, "Elman", (2, 5, 4))  # V = 2: the only word is 0, and 1 is the end and the start, too
    calls = (params, [], 1, 1), (params, [0], 1, 1), (params, [0], 1, 0)  # the last one is cut after its second word

    answers = logprobs(student, calls)

    agree(answers[0], reference.rnnlm.rnnlm_logprob(*calls[0]), "rnnlm_logprob of no words")
    holds(all(p <= 0 for p in answers), "rnnlm_logprob: a probability above 1")
    agree(sum(map(math.exp, answers)), 1.0, "the probabilities of all sentences together")


@problem("H3")
def test_an_unlikely_sentence_keeps_its_logarithm(student, reference, rng):
    """A sentence of most unlikely words has a probability below any float, and a finite logarithm."""
    params = draw_network(rng, "Elman")
    params["b_y"][[3, 4]] = -300.0, -1e4  # the probability of three 3s is below any float, and so is that of one 4
    call = params, [3, 3, 3, 4], BOS, EOS

    (got,) = logprobs(student, [call])

    agree(got, reference.rnnlm.rnnlm_logprob(*call), "rnnlm_logprob of unlikely words")


@problem("H3")
def test_log_probability_is_that_of_your_own_network(student, reference, rng):
    """With your own layers, whatever they compute, the log probability is what they give to the words and the end."""
    own_layers = student.with_ours(*NOT_OWN, BATCH)
    params, sent = draw_forgetful(rng, "LSTM"), [4]

    got = own_layers.rnnlm.rnnlm_logprob(params, sent, BOS, EOS)

    logits, _ = read_with_own_layers(own_layers, reference, params, np.array([[BOS, *sent]]).T)
    loss, _ = reference.linear.softmax_cross_entropy(logits, np.array([[*sent, EOS]]).T)
    agree(got, -2 * loss, "rnnlm_logprob with your own layers, LSTM")


def samples(student, calls):
    """Call sample for each (params, throws, max_len) or (params, throws, max_len, temperature), with our layers."""
    given = [(params, throws.offered(), BOS, EOS, *rest) for params, throws, *rest in calls]
    return student.with_ours(*LAYERS).rnnlm.sample.each(given)


@problem("H4")
def test_a_number_chooses_among_all_ids(student, reference, rng):
    """The first word is the first id whose cumulative probability exceeds the number, at both ends of its interval."""
    params = draw_network(rng, "Elman")
    ways = (0, 1 - EDGE), (3, EDGE), (6, EDGE)
    (die,) = next_logits(reference, params, [BOS])
    calls = [(params, Throws([throw_for(die, word, part)]), 1) for word, part in ways]

    for sent, (word, _) in zip(samples(student, calls), ways, strict=True):
        agree(sent, [word], "sample, one word")


@problem("H4")
def test_each_word_is_drawn_after_all_words_before_it(student, reference, rng):
    """The word that was drawn is read next, and the state remembers those before it."""
    for cell, read in (("Elman", [3]), ("LSTM", [3, 4])):
        params = draw_unlikely(rng, cell, read)
        *dice, last = next_logits(reference, params, [BOS, *read])
        for word, part in BOUNDARY:
            throws = Throws([*map(throw_for, dice, read), throw_for(last, word, part)])

            sent = student.with_ours(*LAYERS).rnnlm.sample.purely(params, throws.offered(), BOS, EOS, len(read) + 1)

            agree(sent, [*read, word], f"sample, {len(read) + 1} words, {cell}")


@problem("H4")
def test_temperature_divides_the_logits(student, reference, rng):
    """The warmer, the more alike are the words: p is the softmax of the logits divided by the temperature."""
    die = np.arange(7) / 2 + rng.uniform(0, 0.05, size=7)  # so steep that none draws what one upside down does
    params, calls = draw_indifferent(rng) | {"b_y": die}, []
    for temperature in (0.5, 2.0):
        throws = Throws([throw_for(die, word, part, temperature) for word, part in BOUNDARY])
        calls.append((params, throws, 2, temperature))

    for sent, (*_, temperature) in zip(samples(student, calls), calls, strict=True):
        agree(sent, [5, 6], f"sample with temperature = {temperature}")


def draw_remembering(reference, rng):
    """Draw weights whose likeliest sentence of 3 words would be another one without the state."""
    while True:
        params = draw_network(rng, "Elman")
        params["b_y"][[BOS, EOS]] = -20.0
        likeliest = reference.rnnlm.sample(params, Throws([]), BOS, EOS, 3, 0.0)
        read = [BOS, *likeliest[:2]]
        if likeliest != [reference.rnnlm.sample(params, Throws([]), word, EOS, 1, 0.0)[0] for word in read]:
            return params, likeliest


@problem("H4")
def test_temperature_zero_takes_the_likeliest_word(student, reference, rng):
    """At temperature 0 the largest logit wins, the lowest of equals, and no number is drawn."""
    params, likeliest = draw_remembering(reference, rng)
    alike = {name: 0 * array for name, array in params.items()}
    throws = Throws([])

    sent, equal = samples(student, [(params, throws, 3, 0.0), (alike, throws, 1, 0.0)])

    agree(sent, likeliest, "sample with temperature = 0")
    agree(equal, [0], "sample with temperature = 0 and no weights")
    holds(throws.thrown == 0, f"sample with temperature = 0: rng.random() was called {throws.thrown} times")


@problem("H4")
def test_a_sampled_sentence_stops_at_its_end(student, reference, rng):
    """Sampling stops when eos is drawn, which is no part of the result; each word takes one number, eos too."""
    params = draw_indifferent(rng)
    sents = ([4], [])
    ways = [Throws([throw_for(params["b_y"], word) for word in (*words, EOS)]) for words in sents]

    answers = samples(student, [(params, throws, 6) for throws in ways])

    for sent, words, throws in zip(answers, sents, ways, strict=True):
        agree(sent, words, f"sample, eos after {len(words)} words")
        holds(throws.thrown == len(words) + 1, f"sample: rng.random() was called {throws.thrown} times")


@problem("H4")
def test_a_sampled_sentence_has_at_most_max_len_words(student, reference, rng):
    """There are at most max_len words, and nothing is drawn after the last of them; 0 gives none."""
    params = draw_indifferent(rng)
    ways = [(max_len, Throws([throw_for(params["b_y"], word) for word in (6, 0, 5)])) for max_len in (2, 0)]

    answers = samples(student, [(params, throws, max_len) for max_len, throws in ways])

    for sent, (max_len, throws) in zip(answers, ways, strict=True):
        what = f"sample with max_len = {max_len}"
        agree(sent, [6, 0][:max_len], what)
        holds(throws.thrown == max_len, f"{what}: rng.random() was called {throws.thrown} times")


@problem("H4")
def test_sampling_survives_huge_logits(student, rng):
    """Logits of 10,000 and of -10,000 are fine: a certain word comes whatever the number, an impossible one never."""
    params = draw_network(rng, "Elman")
    params["b_y"][[4, 6]] = 1e4, -1e4
    even = params | {"b_y": np.where(np.isin(np.arange(7), (3, 5)), 1e4, -1e4), "W_hy": 0 * params["W_hy"]}
    ten = draw_network(rng, "Elman", (11, 3, 4)) | {"W_hy": np.zeros((11, 4)), "b_y": np.array([*10 * [0.0], -1e4])}

    certain, either, last = samples(
        student,
        [(params, Throws([0.999]), 1), (even, Throws([0.49, 0.51]), 2, 0.5), (ten, Throws([LARGEST]), 1)],
    )

    agree(certain, [4], "sample with one logit of 10,000")
    agree(either, [3, 5], "sample with two logits of 10,000")
    agree(last, [9], "sample, when the probabilities add up to less than the number")


@problem("H4")
def test_sampling_asks_your_own_network(student, reference, rng):
    """With your own layers, whatever they compute, the words are drawn from what they say, one after the other."""
    own_layers = student.with_ours(*NOT_OWN)
    params = draw_forgetful(rng, "Elman")
    params["b_y"][EOS] -= 3
    path, throws = [EOS], []
    while len(throws) < 2 and path[1:] != [EOS]:
        logits, _ = read_with_own_layers(own_layers, reference, params, np.array([path]).T)
        require_two(logits[-1, 0, 0], logits[-1, 0, 1], "linear_forward: z")
        path.append(int(logits[-1, 0].argmax()))
        throws.append(throw_for(logits[-1, 0], path[-1]))

    sent = own_layers.rnnlm.sample(params, Throws(throws).offered(), EOS, EOS, 2)

    agree(sent, [word for word in path if word != EOS], "sample with your own layers, Elman")
