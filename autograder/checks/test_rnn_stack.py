"""Stacks of Elman layers (D4), and of layers in both directions (D5).

Letters: T time, N sequences, I input, H hidden. The sizes of a stack are (T, N, I, H_1, ..., H_L).
The stacks are examined with our layers in place of the student's, and with their own, held against those very layers.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from autograder.checks.claim import BACKWARD, agree, holds, problem
from autograder.checks.sequence import ELMAN, draw_params, require_state, require_two, without_memory

BELOW = ("rnn.reverse_padded", "rnn.bidirectional_forward", "rnn.bidirectional_backward", *ELMAN)
TWO_ALIKE = (2, 3, 4, 4, 4)  # a wrong layer's weights fit, too
TWO_PAIRS_ALIKE = (2, 3, 8, 4, 4)
TWO_ALIKE_BELOW = (*TWO_ALIKE, 5)
TWO_PAIRS_ALIKE_BELOW = (*TWO_PAIRS_ALIKE, 5)
THREE_LAYERS = (1, 2, 4, 5, 3, 6)
ONES = (1, 1, 1, 1)


def draw_stack(reference: Any, rng: np.random.Generator, steps: int, batch: int, *sizes: int) -> tuple[Any, ...]:
    """Draw x, h0 and params of a stack of sizes I, H_1, ..., H_L."""
    params = [draw_params(reference, rng, *pair) for pair in pairwise(sizes)]
    h0 = [rng.normal(size=(batch, hidden)) for hidden in sizes[1:]]
    return rng.normal(size=(steps, batch, sizes[0])), h0, params


def draw_stack_cache(reference: Any, rng: np.random.Generator, *sizes: int) -> tuple[np.ndarray, Any]:
    """Draw dh and the cache of our forward pass."""
    h, _, cache = reference.rnn.deep_elman_forward(*draw_stack(reference, rng, *sizes))
    return rng.normal(size=h.shape), cache


def draw_pairs(reference: Any, rng: np.random.Generator, steps: int, batch: int, *sizes: int) -> tuple[Any, ...]:
    """Draw x and params of a bidirectional stack of sizes I, H_1, ..., H_L."""
    widths = [sizes[0], *(2 * size for size in sizes[1:-1])]
    params = [
        (draw_params(reference, rng, width, hidden), draw_params(reference, rng, width, hidden))
        for width, hidden in zip(widths, sizes[1:], strict=True)
    ]
    return rng.normal(size=(steps, batch, sizes[0])), params


def draw_pairs_cache(reference: Any, rng: np.random.Generator, *sizes: int) -> tuple[np.ndarray, Any]:
    """Draw dh and the cache of our forward pass in both directions."""
    h, cache = reference.rnn.deep_bidirectional_forward(*draw_pairs(reference, rng, *sizes))
    return rng.normal(size=h.shape), cache


@problem("D4")
def test_a_stack_of_one_is_an_elman_layer(student, reference, rng):
    """With one layer the answer is that of elman_forward: h, a tuple of one last state, a cache of one layer."""
    given = draw_stack(reference, rng, 2, 3, 4, 5)

    answer = student.with_ours(*ELMAN).rnn.deep_elman_forward(*given)

    agree(answer, reference.rnn.deep_elman_forward(*given), "deep_elman_forward with one layer: (h, h_T, cache)")


@problem("D4")
def test_each_layer_reads_the_states_below_with_weights_of_its_own(student, reference, rng):
    """x goes into the lowest layer, its states into the next one, and h holds the states of the top layer alone."""
    given = draw_stack(reference, rng, *TWO_ALIKE_BELOW)

    h = student.with_ours(*ELMAN).rnn.deep_elman_forward.output(*given)

    expected = reference.rnn.deep_elman_forward(*given)[0]
    agree(h, expected, f"deep_elman_forward with (T, N, I, H_1, ...) = {TWO_ALIKE_BELOW}: h")


@problem("D4")
def test_each_layer_starts_from_a_state_of_its_own(student, reference, rng):
    """h0[l] is the first state of layer l and of no other layer."""
    given = draw_stack(reference, rng, 1, 3, 4, 5, 5)

    h = student.with_ours(*ELMAN).rnn.deep_elman_forward.output(*given)

    expected = reference.rnn.deep_elman_forward(*given)[0]
    agree(h, expected, "deep_elman_forward with two first states: h")


@problem("D4")
def test_last_states_come_lowest_layer_first(student, reference, rng):
    """h_T is a tuple with the last state of every layer, in the order of h0."""
    given = draw_stack(reference, rng, *THREE_LAYERS)

    _, h_T, _ = student.with_ours(*ELMAN).rnn.deep_elman_forward(*given)

    expected = reference.rnn.deep_elman_forward(*given)[1]
    agree(h_T, expected, f"deep_elman_forward with (T, N, I, H_1, ...) = {THREE_LAYERS}: h_T")


@problem("D4")
def test_gradient_goes_down_through_every_layer(student, reference, rng):
    """The dx of each layer is the dh of the layer below, down to the input."""
    dh, cache = draw_stack_cache(reference, rng, *TWO_ALIKE)

    grads = student.with_ours(*ELMAN).rnn.deep_elman_backward(dh, cache)

    expected = reference.rnn.deep_elman_backward(dh, cache)
    agree(grads.dx, expected.dx, f"deep_elman_backward with (T, N, I, H_1, ...) = {TWO_ALIKE}: dx", BACKWARD)


@problem("D4")
def test_every_layer_gets_the_gradients_of_its_weights(student, reference, rng):
    """dh0 and dparams have one entry for each layer, lowest first, and none of them is lost."""
    dh, cache = draw_stack_cache(reference, rng, *THREE_LAYERS)

    grads = student.with_ours(*ELMAN).rnn.deep_elman_backward(dh, cache)

    expected, what = reference.rnn.deep_elman_backward(dh, cache), f"with (T, N, I, H_1, ...) = {THREE_LAYERS}"
    agree(grads.dh0, expected.dh0, f"deep_elman_backward {what}: dh0", BACKWARD)
    agree(grads.dparams, expected.dparams, f"deep_elman_backward {what}: dparams", BACKWARD)


@problem("D4")
def test_stack_applies_your_own_loop(student, reference, rng):
    """With your own elman_forward and elman_backward, two layers are one applied after the other, both ways."""
    x, h0, (lower, upper) = draw_stack(reference, rng, 2, 3, 4, 6, 5)
    lower, upper = without_memory(lower), without_memory(upper)
    dh, cache = draw_stack_cache(reference, rng, 2, 3, 4, 6, 5)

    h, h_T, _ = student.rnn.deep_elman_forward(x, h0, [lower, upper])
    grads = student.rnn.deep_elman_backward(dh, cache)

    below, low_T, _ = student.rnn.elman_forward(x, h0[0], lower)
    require_state(below, (2, 3, 6), "elman_forward: h")
    require_two(below[0], below[1], "elman_forward: h")
    above, top_T, _ = student.rnn.elman_forward(below, h0[1], upper)
    agree(h, above, "deep_elman_forward with your own elman_forward: h")
    agree(h_T, (low_T, top_T), "deep_elman_forward with your own elman_forward: h_T")
    top = student.rnn.elman_backward(dh, cache.layers[1])
    require_state(top.dx, (2, 3, 6), "elman_backward: dx")
    low = student.rnn.elman_backward(top.dx, cache.layers[0])
    require_state(low.dx, (2, 3, 4), "elman_backward: dx")
    require_two(low.dx[0], low.dx[1], "elman_backward: dx")
    agree(grads.dx, low.dx, "deep_elman_backward with your own elman_backward: dx", BACKWARD)
    agree(grads.dh0, (low.dh0, top.dh0), "deep_elman_backward with your own elman_backward: dh0", BACKWARD)


@problem("D4")
def test_stack_keeps_its_axes_at_size_one(student, reference, rng):
    """One step, one sequence, one input, one unit: every axis stays, forward and backward."""
    given = draw_stack(reference, rng, *ONES)
    h, h_T, cache = reference.rnn.deep_elman_forward(*given)
    dh = rng.normal(size=h.shape)

    answer = student.with_ours(*ELMAN).rnn.deep_elman_forward(*given)
    grads = student.with_ours(*ELMAN).rnn.deep_elman_backward(dh, cache)

    what = f"with (T, N, I, H_1, ...) = {ONES}"
    agree(answer[:2], (h, h_T), f"deep_elman_forward {what}: (h, h_T)")
    expected = reference.rnn.deep_elman_backward(dh, cache)
    agree(grads, expected, f"deep_elman_backward {what}", BACKWARD)


@problem("D4")
def test_stack_leaves_its_arguments_alone(student, reference, rng):
    """Neither direction changes an argument, and no result is a view of another."""
    given = draw_stack(reference, rng, 2, 3, 4, 5)
    h, _, cache = reference.rnn.deep_elman_forward(*given)
    dh = rng.normal(size=h.shape)

    answer = student.with_ours(*ELMAN).rnn.deep_elman_forward.purely(*given)
    grads = student.with_ours(*ELMAN).rnn.deep_elman_backward.purely(dh, cache)

    agree(answer[0], h, "deep_elman_forward: h")
    agree(grads, reference.rnn.deep_elman_backward(dh, cache), "deep_elman_backward", BACKWARD)


@problem("D5")
def test_a_stack_of_one_is_a_bidirectional_layer(student, reference, rng):
    """With one layer the answer is that of bidirectional_forward from zero states, and its gradients."""
    given = draw_pairs(reference, rng, 2, 3, 4, 5)
    expected = reference.rnn.deep_bidirectional_forward(*given)
    dh = rng.normal(size=expected[0].shape)

    answer = student.with_ours(*BELOW).rnn.deep_bidirectional_forward(*given)
    grads = student.with_ours(*BELOW).rnn.deep_bidirectional_backward(dh, expected[1])

    agree(answer, expected, "deep_bidirectional_forward with one layer: (h, cache)")
    ours = reference.rnn.deep_bidirectional_backward(dh, expected[1])
    agree(grads, ours, "deep_bidirectional_backward with one layer", BACKWARD)


@problem("D5")
def test_each_bidirectional_layer_reads_both_halves_below(student, reference, rng):
    """Every layer reads the 2H numbers of the layer below, and has its own size and its own two sets of weights."""
    given = draw_pairs(reference, rng, *TWO_PAIRS_ALIKE_BELOW)

    h = student.with_ours(*BELOW).rnn.deep_bidirectional_forward.output(*given)

    expected = reference.rnn.deep_bidirectional_forward(*given)[0]
    agree(h, expected, f"deep_bidirectional_forward with (T, N, I, H_1, ...) = {TWO_PAIRS_ALIKE_BELOW}: h")


@problem("D5")
def test_the_forward_half_above_knows_the_future_from_below(student, reference, rng):
    """In the second layer the forward state at t = 0 depends on the last input, through the backward states below."""
    x, params = draw_pairs(reference, rng, 2, 3, 6, 5, 4)
    x[0] = x[0, 0]  # sequences that differ in the last input alone

    h = student.with_ours(*BELOW).rnn.deep_bidirectional_forward.output(x, params)

    require_state(h, (2, 3, 8), "deep_bidirectional_forward: h")
    what = "deep_bidirectional_forward with two layers, after a change of the last input"
    holds(not (h[0, 1:, :4] == h[0, 0, :4]).any(), f"{what}: the forward half of h[0] is the same as before")


@problem("D5")
def test_gradient_goes_down_through_both_directions(student, reference, rng):
    """What both directions of a layer send back is added up, and goes into both halves of the layer below."""
    dh, cache = draw_pairs_cache(reference, rng, *TWO_PAIRS_ALIKE)

    grads = student.with_ours(*BELOW).rnn.deep_bidirectional_backward(dh, cache)

    expected = reference.rnn.deep_bidirectional_backward(dh, cache)
    what = f"deep_bidirectional_backward with (T, N, I, H_1, ...) = {TWO_PAIRS_ALIKE}: dx"
    agree(grads.dx, expected.dx, what, BACKWARD)


@problem("D5")
def test_both_directions_of_every_layer_get_their_gradients(student, reference, rng):
    """dparams has a pair (forward, backward) for each layer, lowest first."""
    dh, cache = draw_pairs_cache(reference, rng, *THREE_LAYERS)

    grads = student.with_ours(*BELOW).rnn.deep_bidirectional_backward(dh, cache)

    expected = reference.rnn.deep_bidirectional_backward(dh, cache)
    what = f"deep_bidirectional_backward with (T, N, I, H_1, ...) = {THREE_LAYERS}: dparams"
    agree(grads.dparams, expected.dparams, what, BACKWARD)


@problem("D5")
def test_bidirectional_stack_applies_your_own_layer(student, reference, rng):
    """With your own layer, whatever it computes, a stack of one shows its states and sends back its gradients."""
    x, [(params_f, params_b)] = draw_pairs(reference, rng, 3, 2, 4, 5)
    params_f, params_b = without_memory(params_f), without_memory(params_b)
    dh, cache = draw_pairs_cache(reference, rng, 3, 2, 4, 5)
    zeros = np.zeros((2, 5))

    h = student.rnn.deep_bidirectional_forward.output(x, [(params_f, params_b)])
    grads = student.rnn.deep_bidirectional_backward(dh, cache)

    layer_h = student.rnn.bidirectional_forward.output(x, zeros, zeros, params_f, params_b)
    layer = student.rnn.bidirectional_backward(dh, cache.layers[0])
    require_two(layer_h.flat[:1], layer_h.flat[-1:], "bidirectional_forward: h")  # of whatever shape
    require_two(layer.dx.flat[:1], layer.dx.flat[-1:], "bidirectional_backward: dx")
    agree(h, layer_h, "deep_bidirectional_forward with your own bidirectional_forward: h")
    what = "deep_bidirectional_backward with your own bidirectional_backward"
    agree(grads.dx, layer.dx, f"{what}: dx", BACKWARD)
    agree(grads.dparams, ((layer.dparams_f, layer.dparams_b),), f"{what}: dparams", BACKWARD)


@problem("D5")
def test_bidirectional_stack_keeps_its_axes_at_size_one(student, reference, rng):
    """One step, one sequence, one input, one unit: every axis stays, forward and backward."""
    given = draw_pairs(reference, rng, *ONES)
    h, cache = reference.rnn.deep_bidirectional_forward(*given)
    dh = rng.normal(size=h.shape)

    answer = student.with_ours(*BELOW).rnn.deep_bidirectional_forward.output(*given)
    grads = student.with_ours(*BELOW).rnn.deep_bidirectional_backward(dh, cache)

    what = f"with (T, N, I, H_1, ...) = {ONES}"
    agree(answer, h, f"deep_bidirectional_forward {what}: h")
    expected = reference.rnn.deep_bidirectional_backward(dh, cache)
    agree(grads, expected, f"deep_bidirectional_backward {what}", BACKWARD)


@problem("D5")
def test_bidirectional_stack_leaves_its_arguments_alone(student, reference, rng):
    """Neither direction changes an argument, and no result is a view of another."""
    given = draw_pairs(reference, rng, 2, 3, 4, 5)
    h, cache = reference.rnn.deep_bidirectional_forward(*given)
    dh = rng.normal(size=h.shape)

    answer = student.with_ours(*BELOW).rnn.deep_bidirectional_forward.purely(*given)
    grads = student.with_ours(*BELOW).rnn.deep_bidirectional_backward.purely(dh, cache)

    agree(answer[0], h, "deep_bidirectional_forward: h")
    expected = reference.rnn.deep_bidirectional_backward(dh, cache)
    agree(grads, expected, "deep_bidirectional_backward", BACKWARD)
