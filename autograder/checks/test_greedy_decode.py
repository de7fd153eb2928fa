"""Hidden checks of seq2seq.py: I2, greedy decoding. Encoder and layers are ours, unless the student's are asked for.

Letters: T words of a source, N sentences, D numbers per word, H hidden. A grid point is (T, T', N, D, H, V_src, V_tgt).
"""

from typing import Any

import numpy as np

from autograder.checks.claim import agree, problem
from autograder.checks.sequence import require_state
from autograder.checks.translation import (
    LAYERS,
    Arrays,
    Point,
    draw_ids,
    draw_translator,
    lstm_of,
    shorter_and_shorter,
)

OURS = ("seq2seq.encode", *LAYERS)
NEVER = -1  # an id that no word has
GRID = ((3, 1, 4, 3, 5, 4, 7), (1, 1, 1, 2, 3, 6, 4), (2, 1, 3, 1, 4, 2, 5), (3, 1, 2, 4, 1, 3, 5))

MANY_WORDS = (4, 1, 9, 4, 8, 9, 9)


def draw(rng: np.random.Generator, point: Point) -> tuple[Arrays, np.ndarray, np.ndarray]:
    """Draw params, src and src_mask."""
    words, _, batch, _, _, vocabulary, _ = point
    return draw_translator(rng, point), draw_ids(rng, (words, batch), vocabulary), shorter_and_shorter(words, batch)


def draw_endings(reference: Any, rng: np.random.Generator) -> tuple[Any, ...]:
    """Draw arguments of greedy_decode with which some sentences end at once, some later and some at max_len."""
    while True:
        params, *source = draw(rng, (3, 1, 12, 4, 5, 9, 6))
        params["b_y"] = 0 * params["b_y"]  # the words depend on the source
        endless = reference.seq2seq.greedy_decode(params, *source, 0, NEVER, 6)
        for eos in range(1, 6):
            lengths = {[*sentence, eos].index(eos) for sentence in endless}
            if len(lengths) > 2 and {0, 6} < lengths:
                return params, *source, 0, eos, 6


@problem("I2")
def test_each_word_is_the_likeliest_after_the_one_before(student, reference, rng):
    """The decoder reads the word that it has just said, and says the one with the largest logit, as Python ints."""
    for point in (*GRID, MANY_WORDS):
        params, *source = draw(rng, point)
        params["dec.E"] *= 5.0  # the words depend on what was read
        given = params, *source, 1, NEVER, 6

        sentences = student.with_ours(*OURS).seq2seq.greedy_decode(*given)

        expected = reference.seq2seq.greedy_decode(*given)
        agree(sentences, expected, f"greedy_decode with (T, T', N, D, H, V_src, V_tgt) = {point}")


@problem("I2")
def test_translation_starts_from_bos(student, reference, rng):
    """The first word that the decoder reads is bos, whichever id that is; bos is not part of the translation."""
    given = draw(rng, (2, 1, 5, 3, 4, 5, 6))
    calls = [(*given, bos, NEVER, 3) for bos in range(6)]

    answers = student.with_ours(*OURS).seq2seq.greedy_decode.each(calls)

    for call, sentences in zip(calls, answers, strict=True):
        agree(sentences, reference.seq2seq.greedy_decode(*call), f"greedy_decode with bos = {call[3]}")


@problem("I2")
def test_a_translation_ends_before_its_first_eos(student, reference, rng):
    """Neither eos nor what would come after it belongs to a translation, and nothing is left if eos comes first."""
    given = draw_endings(reference, rng)

    sentences = student.with_ours(*OURS).seq2seq.greedy_decode(*given)

    agree(sentences, reference.seq2seq.greedy_decode(*given), "greedy_decode with sentences that end")


@problem("I2")
def test_every_translation_ends_by_itself(student, reference, rng):
    """One sentence that ends does not end the others: each source of a batch is translated as it is alone."""
    params, src, mask, *rest = draw_endings(reference, rng)
    order = rng.permutation(src.shape[1])

    sentences = student.with_ours(*OURS).seq2seq.greedy_decode(params, src[:, order], mask[:, order], *rest)

    alone = [reference.seq2seq.greedy_decode(params, src[:, [n]], mask[:, [n]], *rest)[0] for n in order]
    agree(sentences, alone, "greedy_decode of a batch whose sentences end at different times")


@problem("I2")
def test_the_lowest_of_equally_likely_words_is_said(student, reference, rng):
    """Where several words are equally likely, the one with the lowest id is said, be it eos."""
    params, src, mask = draw(rng, (2, 1, 3, 3, 4, 5, 6))
    biases = [np.array([0.0, 3.0, 1.0, 3.0, 3.0, 2.0]), np.zeros(6), np.array([-5.0, -4.0, -2.0, -2.0, -3.0, -2.0])]
    calls = [
        (params | {"W_hy": 0 * params["W_hy"], "b_y": bias}, src, mask, 5, eos, 2) for bias in biases for eos in (0, 4)
    ]

    answers = student.with_ours(*OURS).seq2seq.greedy_decode.each(calls)

    for call, sentences in zip(calls, answers, strict=True):
        agree(sentences, reference.seq2seq.greedy_decode(*call), f"greedy_decode with ties, eos = {call[4]}")


@problem("I2")
def test_a_translation_has_at_most_max_len_words(student, reference, rng):
    """A decoder that never says eos stops after max_len words, and says none at all if max_len is 0."""
    given = draw(rng, (2, 1, 3, 3, 4, 5, 6))
    calls = [(*given, 0, NEVER, max_len) for max_len in (0, 1, 12)]

    answers = student.with_ours(*OURS).seq2seq.greedy_decode.each(calls)

    for call, sentences in zip(calls, answers, strict=True):
        agree(sentences, reference.seq2seq.greedy_decode(*call), f"greedy_decode with max_len = {call[5]}")


@problem("I2")
def test_translation_uses_your_own_encoder_and_layers(student, reference, rng):
    """With your own encoder, LSTM step and linear layer, whatever they compute, the words are those they lead to."""
    params, src, mask = draw(rng, (2, 1, 3, 3, 4, 5, 6))
    state, words, expected = student.seq2seq.encode(params, src, mask), np.zeros(3, dtype=np.int64), [[], [], []]

    sentences = student.seq2seq.greedy_decode(params, src, mask, 0, NEVER, 3)

    for _ in range(3):
        *state, _ = student.lstm.lstm_step_forward(params["dec.E"][words], *state, lstm_of(reference, params, "dec"))
        require_state(state[0], (3, 4), "lstm_step_forward: h_t")
        logits = student.linear.linear_forward.output(state[0], params["W_hy"], params["b_y"])
        require_state(logits, (3, 6), "linear_forward: z")
        words = logits.argmax(axis=1)
        expected = [[*sentence, int(word)] for sentence, word in zip(expected, words, strict=True)]
    agree(sentences, expected, "greedy_decode with your own encoder and layers")


@problem("I2")
def test_translation_leaves_its_arguments_alone(student, reference, rng):
    """Decoding changes no argument, and a second call says the same."""
    given = *draw(rng, GRID[0]), 0, NEVER, 3

    sentences = student.with_ours(*OURS).seq2seq.greedy_decode.purely(*given)

    agree(sentences, reference.seq2seq.greedy_decode(*given), "greedy_decode")
