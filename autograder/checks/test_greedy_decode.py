"""Hidden checks of seq2seq.py: I2, greedy decoding. Encoder and layers are ours, unless the student's are asked for.

Letters: T words of a source, N sentences, D numbers per word, H hidden. A grid point is (T, T', N, D, H, V_src, V_tgt).
"""

from typing import Any

import numpy as np

from autograder.checks.claim import agree, problem
from autograder.checks.sequence import require_state, require_two
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
USUAL = (2, 1, 3, 5, 4, 9, 6)
MANY_WORDS = (2, 1, 12, 5, 16, 40, 30)
GRID = ((3, MANY_WORDS), (2, (1, 1, 2, 1, 1, 7, 5)), (1, (1, 1, 1, 2, 3, 6, 4)))  # max_len and the grid point


def draw(rng: np.random.Generator, point: Point) -> tuple[Arrays, np.ndarray, np.ndarray]:
    """Draw params, src and src_mask; no id of a source is one of the target, so that no decoder can read it."""
    words, _, batch, *_, V_src, V_tgt = point
    src = V_tgt + draw_ids(rng, (words, batch), V_src - V_tgt)
    return draw_translator(rng, point), src, shorter_and_shorter(words, batch)


def draw_listener(rng: np.random.Generator, point: Point) -> tuple[Arrays, np.ndarray, np.ndarray]:
    """Draw params, src and src_mask of a translator whose words depend on what its decoder has read."""
    params, src, mask = draw(rng, point)
    return params | {"dec.E": 5 * params["dec.E"], "b_y": params["b_y"] / 5}, src, mask


def draw_beginnings(reference: Any, rng: np.random.Generator) -> tuple[list[tuple[Any, ...]], list[list[list[int]]]]:
    """Draw arguments of greedy_decode that differ in bos, and what is said: something else after each of them."""
    while True:
        given = draw_listener(rng, MANY_WORDS)
        calls = [(*given, bos, NEVER, 1) for bos in (0, 29)]
        said = [reference.seq2seq.greedy_decode(*call) for call in calls]
        if len(set(map(str, said))) == len(said):
            return calls, said


def draw_endings(reference: Any, rng: np.random.Generator) -> tuple[Any, ...]:
    """Draw arguments of greedy_decode with which one sentence ends at once, one later and one at max_len.

    None has eos for its last word: a decoder that went on after it would say something else.
    """
    while True:
        params, src, mask = draw(rng, (2, 1, 20, 5, 8, 60, 9))
        for name, times in (("enc.E", 5), ("dec.W_hh", 5), ("b_y", 0)):
            params[name] = times * params[name]  # the words depend on the source
        endless = reference.seq2seq.greedy_decode(params, src, mask, 0, NEVER, 3)
        for eos in range(1, 9):
            ends = {[*words, eos].index(eos): n for n, words in enumerate(endless) if words[-1] != eos}
            if {0, 3} < ends.keys():
                some = list(ends.values())
                return params, src[:, some], mask[:, some], 0, eos, 3


@problem("I2")
def test_each_word_is_the_likeliest_after_the_one_before(student, reference, rng):
    """The decoder reads the word that it has just said, and says the one with the largest logit, as Python ints."""
    calls = [(*draw_listener(rng, point), 1, NEVER, max_len) for max_len, point in GRID]

    answers = student.with_ours(*OURS).seq2seq.greedy_decode.each(calls)

    for (_, point), call, sentences in zip(GRID, calls, answers, strict=True):
        expected = reference.seq2seq.greedy_decode(*call)
        agree(sentences, expected, f"greedy_decode with (T, T', N, D, H, V_src, V_tgt) = {point}")


@problem("I2")
def test_translation_starts_from_bos(student, reference, rng):
    """The first word that the decoder reads is bos, whichever id that is; bos is not part of the translation."""
    calls, said = draw_beginnings(reference, rng)

    answers = student.with_ours(*OURS).seq2seq.greedy_decode.each(calls)

    for call, expected, sentences in zip(calls, said, answers, strict=True):
        agree(sentences, expected, f"greedy_decode with bos = {call[3]}")


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

    sentences = student.with_ours(*OURS).seq2seq.greedy_decode(params, src, mask, *rest)

    each = range(src.shape[1])
    alone = [reference.seq2seq.greedy_decode(params, src[:, [n]], mask[:, [n]], *rest)[0] for n in each]
    agree(sentences, alone, "greedy_decode of a batch whose sentences end at different times")


@problem("I2")
def test_the_lowest_of_equally_likely_words_is_said(student, reference, rng):
    """Where several words are equally likely, the one with the lowest id is said, be it eos."""
    params, *source = draw(rng, USUAL)
    ties = ([-5.0, -2.0, -4.0, -2.0, -2.0, -3.0], 4), ([0.0] * 6, 0)
    calls = [(params | {"W_hy": 0 * params["W_hy"], "b_y": np.array(bias)}, *source, 5, eos, 1) for bias, eos in ties]

    answers = student.with_ours(*OURS).seq2seq.greedy_decode.each(calls)

    for call, sentences in zip(calls, answers, strict=True):
        agree(sentences, reference.seq2seq.greedy_decode(*call), f"greedy_decode with ties, eos = {call[4]}")


@problem("I2")
def test_a_translation_has_at_most_max_len_words(student, reference, rng):
    """A decoder that never says eos stops after max_len words, and says none at all if max_len is 0."""
    given = draw(rng, USUAL)
    calls = [(*given, 0, NEVER, max_len) for max_len in (0, 2)]

    answers = student.with_ours(*OURS).seq2seq.greedy_decode.each(calls)

    for call, sentences in zip(calls, answers, strict=True):
        agree(sentences, reference.seq2seq.greedy_decode(*call), f"greedy_decode with max_len = {call[5]}")


@problem("I2")
def test_translation_uses_your_own_encoder_and_layers(student, reference, rng):
    """With your own encoder, LSTM step and linear layer, whatever they compute, the words are those they lead to."""
    params, src, mask = draw(rng, MANY_WORDS)

    sentences = student.seq2seq.greedy_decode(params, src, mask, 0, NEVER, 1)

    state, x = student.seq2seq.encode(params, src, mask), np.repeat(params["dec.E"][:1], 12, axis=0)
    h = student.lstm.lstm_step_forward.output(x, *state, lstm_of(reference, params, "dec"))
    require_state(h, (12, 16), "lstm_step_forward: h_t")
    logits = student.linear.linear_forward.output(h, params["W_hy"], params["b_y"])
    require_state(logits, (12, 30), "linear_forward: z")
    require_two(logits[:, 0], logits[:, 1], "linear_forward: z")
    words = logits.argmax(axis=1, keepdims=True).tolist()
    agree(sentences, words, "greedy_decode with your own encoder and layers")


@problem("I2")
def test_translation_leaves_its_arguments_alone(student, reference, rng):
    """Decoding changes no argument, and a second call says the same."""
    given = *draw(rng, USUAL), 0, NEVER, 1

    sentences = student.with_ours(*OURS).seq2seq.greedy_decode.purely(*given)

    agree(sentences, reference.seq2seq.greedy_decode(*given), "greedy_decode")
