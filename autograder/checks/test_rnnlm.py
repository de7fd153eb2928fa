"""Recurrent language models in training: the batch (H1), its loss and its gradients (H2).

H2 is examined with our layers in place of the student's, and with the student's own, held against these very layers.
"""

import numpy as np

from autograder.checks.claim import BACKWARD, agree, holds, problem
from autograder.checks.rnnlm_model import (
    CELLS,
    LAYERS,
    NOT_OWN,
    NOT_OWN_BACKWARD,
    SIZES,
    draw_batch,
    draw_forgetful,
    draw_network,
    draw_padded,
    draw_state,
    learn_with_own_layers,
    read_with_own_layers,
)
from autograder.checks.sequence import require_state

BOS, EOS, PAD = 1, 2, 0


def draw_sentences(rng, *lengths):
    """Draw sentences of these lengths, of ids from 3 to 8."""
    return [rng.integers(3, 9, size=length).tolist() for length in lengths]


@problem("H1")
def test_every_input_is_the_target_before_it(student, reference, rng):
    """At every time but the first the network reads the word that it was just asked for."""
    for lengths in ((4, 2, 3), (3, 3)):
        sents = draw_sentences(rng, *lengths)

        inp, tgt, _ = student.rnnlm.lm_inputs_targets(sents, BOS, EOS, PAD)

        ours = reference.rnnlm.lm_inputs_targets(sents, BOS, EOS, PAD)
        agree(inp, ours[0], f"lm_inputs_targets for sentences of {lengths} words: inp")
        agree(tgt, ours[1], f"lm_inputs_targets for sentences of {lengths} words: tgt")


@problem("H1")
def test_the_network_is_never_asked_for_the_start(student, reference, rng):
    """The start is the first input of every sentence and no target: the first word asked for is the first word."""
    first, second = (word for (word,) in draw_sentences(rng, 1, 1))

    inp, tgt, _ = student.rnnlm.lm_inputs_targets([[first], [second]], BOS, EOS, PAD)

    agree(inp, np.array([[BOS, BOS], [first, second]]), "lm_inputs_targets for two sentences of one word: inp")
    agree(tgt, np.array([[first, second], [EOS, EOS]]), "lm_inputs_targets for two sentences of one word: tgt")


@problem("H1")
def test_the_end_is_a_target_that_counts(student, reference, rng):
    """After the last word the end is asked for, and that place counts like any other; what follows does not."""
    sents = draw_sentences(rng, 4, 1, 3)

    _, tgt, mask = student.rnnlm.lm_inputs_targets(sents, BOS, EOS, PAD)

    _, expected, counts = reference.rnnlm.lm_inputs_targets(sents, BOS, EOS, PAD)
    agree(mask, counts, "lm_inputs_targets: mask")
    agree(tgt, expected, "lm_inputs_targets: tgt")


@problem("H1")
def test_the_last_word_is_read_and_asked_for(student, reference, rng):
    """A sentence of m words takes m + 1 steps: its last word is a target, and then the last input."""
    for length in (1, 3):
        sents = draw_sentences(rng, length)

        inp, tgt, _ = student.rnnlm.lm_inputs_targets(sents, BOS, EOS, PAD)

        agree(inp, np.array([[BOS, *sents[0]]]).T, f"lm_inputs_targets for one sentence of {length} words: inp")
        agree(tgt, np.array([[*sents[0], EOS]]).T, f"lm_inputs_targets for one sentence of {length} words: tgt")


@problem("H1")
def test_a_word_with_the_id_of_the_padding_counts(student, reference, rng):
    """The mask follows from the lengths: the padding may have the id of a word, of the start or of the end."""
    sents = draw_sentences(rng, 3, 1, 4)
    for pad in (sents[0][1], sents[2][3], BOS, EOS):
        answer = student.rnnlm.lm_inputs_targets(sents, BOS, EOS, pad)

        agree(answer, reference.rnnlm.lm_inputs_targets(sents, BOS, EOS, pad), f"lm_inputs_targets with pad = {pad}")


@problem("H1")
def test_an_empty_sentence_has_one_step(student, reference, rng):
    """A sentence without words is a start that is followed by the end; inputs and targets are arrays of their own."""
    for lengths in ((0, 3), (2, 0, 0), (0,)):
        sents = draw_sentences(rng, *lengths)

        answer = student.rnnlm.lm_inputs_targets.purely(sents, BOS, EOS, PAD)

        ours = reference.rnnlm.lm_inputs_targets(sents, BOS, EOS, PAD)
        agree(answer, ours, f"lm_inputs_targets for sentences of {lengths} words")


def losses(student, calls):
    """Return rnnlm_loss for each call, with our layers."""
    return student.with_ours(*LAYERS).rnnlm.rnnlm_loss.each(calls)


@problem("H2")
def test_loss_is_the_mean_surprise_at_the_next_words(student, reference, rng):
    """The loss is the mean of -log p of the targets, each p from the state after the inputs up to that time."""
    given = draw_network(rng, "Elman"), *draw_batch(rng, 3, 2), draw_state(rng, "Elman", 2)

    loss = student.with_ours(*LAYERS).rnnlm.rnnlm_loss.output(*given)

    agree(loss, reference.rnnlm.rnnlm_loss(*given)[0], "rnnlm_loss with T = 3, N = 2, Elman: loss")


@problem("H2")
def test_padding_costs_nothing(student, reference, rng):
    """Where the mask is False nothing is read, counted or learnt, whatever stands there; an empty batch costs 0."""
    batches = ("LSTM", (1, 0, 2)), ("Elman", (0, 0))  # of 2 steps
    calls = [(draw_network(rng, cell), *draw_padded(rng, 2, lengths)) for cell, lengths in batches]

    answers = losses(student, calls)

    for (cell, lengths), call, (loss, grads, _) in zip(batches, calls, answers, strict=True):
        expected = reference.rnnlm.rnnlm_loss(*call)
        agree(loss, expected[0], f"rnnlm_loss for sentences of {lengths} words, {cell}: loss")
        agree(grads, expected[1], f"rnnlm_loss for sentences of {lengths} words, {cell}: grads", BACKWARD)


@problem("H2")
def test_gradients_of_a_word_that_is_read_twice_add_up(student, reference, rng):
    """A word that stands at several places hears from all of them; one that stands nowhere gets 0."""
    inp = np.array([[3, 5, 3], [3, 2, 5]])
    given = draw_network(rng, "Elman"), inp, *draw_batch(rng, *inp.shape)[1:]

    _, grads, _ = student.with_ours(*LAYERS).rnnlm.rnnlm_loss(*given)

    holds("E" in grads, "rnnlm_loss: grads has no 'E'")
    agree(grads["E"], reference.rnnlm.rnnlm_loss(*given)[1]["E"], "rnnlm_loss: grads['E']", BACKWARD)


@problem("H2")
def test_every_weight_of_the_network_gets_its_gradient(student, reference, rng):
    """The gradients are a dict with the keys of params, the peepholes among them if there are any."""
    calls = [(draw_network(rng, cell), *draw_batch(rng, 2, 3), draw_state(rng, cell, 3)) for cell in CELLS]

    answers = losses(student, calls)

    for cell, call, (_, grads, _) in zip(CELLS, calls, answers, strict=True):
        agree(grads, reference.rnnlm.rnnlm_loss(*call)[1], f"rnnlm_loss, {cell}: grads", BACKWARD)


@problem("H2")
def test_state_goes_on_from_piece_to_piece(student, reference, rng):
    """h_T is the state after the last step; a text that is read in two pieces costs what it costs in one."""
    params, batch, state = draw_network(rng, "LSTM"), draw_batch(rng, 2, 3), draw_state(rng, "LSTM", 3)
    first, second = ([array[t : t + 1] for array in batch] for t in (0, 1))
    _, _, ours = reference.rnnlm.rnnlm_loss(params, *first, state)

    early, late = losses(student, [(params, *first, state), (params, *second, ours)])

    agree(early[2], ours, "rnnlm_loss of the first piece, LSTM: h_T")
    whole, _, end = reference.rnnlm.rnnlm_loss(params, *batch, state)
    agree(late[2], end, "rnnlm_loss of the second piece, LSTM: h_T")
    agree((early[0] + late[0]) / 2, whole, "rnnlm_loss of both pieces together, LSTM: loss")


@problem("H2")
def test_what_is_read_later_changes_no_loss_before_it(student, reference, rng):
    """A changed word changes the losses of its own time and later ones; the places before it cost what they cost."""
    params, (inp, tgt, mask) = draw_network(rng, "Elman"), draw_batch(rng, 3, 2)
    before = np.arange(3)[:, np.newaxis] < [1, 2]
    read = np.where(before, inp, (inp + 1) % len(params["E"]))

    (early, _, _), (whole, _, _) = losses(student, [(params, read, tgt, before), (params, read, tgt, mask)])

    expected = [reference.rnnlm.rnnlm_loss(params, *batch)[0] for batch in ((inp, tgt, before), (read, tgt, mask))]
    agree(early, expected[0], "rnnlm_loss of the first places, with other words after them")
    agree(whole, expected[1], "rnnlm_loss with other words after the first places")


@problem("H2")
def test_language_model_runs_your_own_layers(student, reference, rng):
    """With your own layers, whatever they compute, loss and h_T are what they give, one after the other."""
    own_layers = student.with_ours(*NOT_OWN)
    params, (inp, tgt, mask), state = draw_forgetful(rng, "LSTM"), draw_batch(rng, 2, 3), draw_state(rng, "LSTM", 3)

    loss, _, h_T = own_layers.rnnlm.rnnlm_loss(params, inp, tgt, mask, state)

    logits, last = read_with_own_layers(own_layers, reference, params, inp, state)
    own, _ = reference.linear.softmax_cross_entropy(logits, tgt, mask)
    agree(loss, own, "rnnlm_loss with your own layers, LSTM: loss")
    for part in last:
        require_state(part, (3, SIZES[2]), "the forward pass of the cell: its last state")
    agree(h_T, last, "rnnlm_loss with your own layers, LSTM: h_T")


@problem("H2")
def test_language_model_learns_through_your_own_layers(student, reference, rng):
    """With your own backpropagation through time, whatever it computes, the gradients are what it sends back."""
    own_loop = student.with_ours(*NOT_OWN_BACKWARD)
    params, batch = draw_network(rng, "Elman"), draw_batch(rng, 2, 3)

    _, grads, _ = own_loop.rnnlm.rnnlm_loss(params, *batch)

    own = learn_with_own_layers(own_loop, reference, params, *batch)
    agree(grads, own, "rnnlm_loss with your own layers, Elman: grads", BACKWARD)


@problem("H2")
def test_language_model_keeps_its_axes_at_size_one(student, reference, rng):
    """One sentence of one word, one unit, one number per word, one word in all: all arrays keep their axes."""
    points, calls = (("LSTM", 2, 1), ("Elman", 1, 2)), []
    for cell, words, steps in points:
        inp, tgt, mask = draw_batch(rng, steps, 1, words=words)
        mask[1:] = False
        calls.append((draw_network(rng, cell, (words, 1, 1)), inp, tgt, mask, draw_state(rng, cell, 1, hidden=1)))

    answers = losses(student, calls)

    for (cell, words, steps), call, answer in zip(points, calls, answers, strict=True):
        what = f"rnnlm_loss with V = {words}, T = {steps} and other sizes 1, {cell}"
        agree(answer, reference.rnnlm.rnnlm_loss(*call), what, BACKWARD)


@problem("H2")
def test_language_model_leaves_its_arguments_alone(student, reference, rng):
    """Weights, batch and first state are as before, and a second call gives the same answer."""
    given = draw_network(rng, "Elman"), *draw_batch(rng, 2, 3), draw_state(rng, "Elman", 3)

    answer = student.with_ours(*LAYERS).rnnlm.rnnlm_loss.purely(*given)

    agree(answer, reference.rnnlm.rnnlm_loss(*given), "rnnlm_loss, Elman", BACKWARD)
