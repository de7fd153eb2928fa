"""Hidden checks of clip.py: the sensitivity of states to an input (E1), and clipping (E2).

Letters: T time, N sequences, I input, H hidden.
The networks are ours and are called back across the wall. Their cache is the input, so that whoever loses it is seen.
"""

from collections.abc import Callable

import numpy as np

from autograder.checks.claim import BACKWARD, agree, problem

Network = tuple[Callable[..., tuple[np.ndarray, np.ndarray]], Callable[..., np.ndarray]]


def linear_network(W_xh: np.ndarray, W_hh: np.ndarray, steps: int) -> Network:
    """Return forward and backward of h[t] = W_xh x[t] + W_hh h[t-1] over so many steps."""
    powers = [np.linalg.matrix_power(W_hh, t) @ W_xh for t in range(steps)]

    def forward(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.stack([sum(x[s] @ powers[t - s].T for s in range(t + 1)) for t in range(steps)]), x

    def backward(dh: np.ndarray, cache: np.ndarray) -> np.ndarray:
        dx = [sum(dh[t] @ powers[t - s] for t in range(s, steps)) for s in range(steps)]
        return np.stack(dx) + 0.0 * cache

    return forward, backward


def elman_network(reference, rng, inputs: int, hidden: int) -> Network:
    """Return forward and backward of our Elman network with weights that are drawn."""
    params = reference.rnn.ElmanParams(
        rng.normal(size=(hidden, inputs)), rng.normal(size=(hidden, hidden)), rng.normal(size=hidden)
    )

    def run(x: np.ndarray):
        return reference.rnn.elman_forward(x, np.zeros((x.shape[1], hidden)), params)

    def forward(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return run(x)[0], x

    def backward(dh: np.ndarray, cache: np.ndarray) -> np.ndarray:
        return reference.rnn.elman_backward(dh, run(cache)[2]).dx

    return forward, backward


def draw_grads(rng, *shapes, scale=1.0):
    """Draw a dict of gradients with these shapes, each array of another size."""
    return {f"W_{i}": 3.0**i * scale * rng.normal(size=shape) for i, shape in enumerate(shapes)}


@problem("E1")
def test_sensitivity_of_a_linear_network_is_a_power_of_its_weights(student, rng):
    """Without tanh, state t feels the first input by the Frobenius norm of W_hh^t W_xh."""
    W_xh, W_hh = rng.normal(size=(2, 4)), rng.normal(size=(2, 2))

    felt = student.clip.sensitivity(*linear_network(W_xh, W_hh, 3), rng.normal(size=(3, 1, 4)))

    expected = np.array([np.linalg.norm(np.linalg.matrix_power(W_hh, t) @ W_xh) for t in range(3)])
    agree(felt, expected, "sensitivity of a linear network", BACKWARD)


@problem("E1")
def test_sensitivity_is_the_norm_of_the_jacobian(student, reference, rng):
    """In an Elman network every state feels an input by the Frobenius norm of the Jacobian at this very input."""
    network, x = elman_network(reference, rng, 3, 2), rng.normal(size=(4, 1, 3))

    felt = student.clip.sensitivity(*network, x, 2)

    expected = reference.clip.sensitivity(*network, x, 2)
    agree(felt, expected, "sensitivity with (T, N, I, H) = (4, 1, 3, 2), s = 2", BACKWARD)


@problem("E1")
def test_states_before_the_input_feel_nothing(student, rng):
    """Entries before s are 0, entry s is the norm of W_xh, and those after it follow: s counts from 0."""
    W_xh, W_hh = rng.normal(size=(2, 3)), rng.normal(size=(2, 2))
    network, x = linear_network(W_xh, W_hh, 4), rng.normal(size=(4, 1, 3))

    felt = student.clip.sensitivity(*network, x, 2)

    expected = np.array([0.0, 0.0, np.linalg.norm(W_xh), np.linalg.norm(W_hh @ W_xh)])
    agree(felt, expected, "sensitivity with T = 4, s = 2", BACKWARD)


@problem("E1")
def test_sensitivity_adds_up_over_the_batch(student, reference, rng):
    """The squares of all sequences of a batch are added up, not averaged."""
    network, x = elman_network(reference, rng, 2, 1), rng.normal(size=(2, 3, 2))

    felt = student.clip.sensitivity(*network, x)

    singles = [reference.clip.sensitivity(*network, x[:, n : n + 1]) for n in range(3)]
    agree(felt, np.sqrt(np.sum(np.square(singles), axis=0)), "sensitivity with N = 3", BACKWARD)


@problem("E1")
def test_sensitivity_at_the_smallest_sizes(student, reference, rng):
    """A single step, a single unit, or the last input of all: the answer still has one entry per step."""
    sizes = [(1, 1, 1, 0), (2, 3, 1, 1)]
    calls = [(*elman_network(reference, rng, i, h), rng.normal(size=(steps, 1, i)), s) for steps, i, h, s in sizes]

    answers = student.clip.sensitivity.each(calls)

    for felt, call, (steps, inputs, hidden, s) in zip(answers, calls, sizes, strict=True):
        what = f"sensitivity with (T, N, I, H) = {(steps, 1, inputs, hidden)}, s = {s}"
        agree(felt, reference.clip.sensitivity(*call), what, BACKWARD)


@problem("E1")
def test_sensitivity_leaves_the_input_alone(student, reference, rng):
    """The input is the same after the call, and the answer is an array of its own."""
    network, x = elman_network(reference, rng, 3, 1), rng.normal(size=(2, 1, 3))

    felt = student.clip.sensitivity.purely(*network, x)

    agree(felt, reference.clip.sensitivity(*network, x), "sensitivity", BACKWARD)


@problem("E2")
def test_the_norm_is_that_of_all_gradients_together(student, rng):
    """The norm that is returned is that of all entries of all arrays in one long vector; without any it is 0.0."""
    layouts = [((3, 4), (5,)), ((2, 3, 2), (1,), (4, 4)), ((1, 1),), ()]
    calls = [(draw_grads(rng, *shapes), 2.0) for shapes in layouts]

    answers = student.clip.clip_grad_norm.each(calls)

    for (_, total), (grads, _), shapes in zip(answers, calls, layouts, strict=True):
        together = np.concatenate([np.zeros(1), *(g.ravel() for g in grads.values())])
        agree(total, float(np.linalg.norm(together)), f"clip_grad_norm for arrays of shapes {shapes}: the norm")


@problem("E2")
def test_clipped_gradients_keep_their_common_direction(student, reference, rng):
    """All arrays are made shorter by the same factor, and together are as long as max_norm then."""
    for max_norm in (0.5, 3.0):
        grads = draw_grads(rng, (3, 4), (5,), (2, 2, 3))

        clipped, _ = student.clip.clip_grad_norm(grads, max_norm)

        expected, _ = reference.clip.clip_grad_norm(grads, max_norm)
        agree(clipped, expected, f"clip_grad_norm with max_norm = {max_norm}: the gradients")


@problem("E2")
def test_small_gradients_are_not_made_longer(student, rng):
    """Gradients that are shorter than max_norm come back as they were."""
    for max_norm, scale in ((1.0, 1e-3), (50.0, 0.1)):
        grads = draw_grads(rng, (3, 4), (5,), scale=scale)

        clipped, _ = student.clip.clip_grad_norm(grads, max_norm)

        agree(clipped, grads, f"clip_grad_norm of gradients shorter than max_norm = {max_norm}: the gradients")


@problem("E2")
def test_the_norm_is_that_before_clipping(student, reference, rng):
    """The norm that is returned is that of the gradients that came in, whether they were clipped or not."""
    grads = draw_grads(rng, (3, 4), (5,))
    lengths = (0.01, 1.0, 1e4)

    answers = student.clip.clip_grad_norm.each([(grads, max_norm) for max_norm in lengths])

    for (_, total), max_norm in zip(answers, lengths, strict=True):
        expected = reference.clip.clip_grad_norm(grads, max_norm)[1]
        agree(total, expected, f"clip_grad_norm with max_norm = {max_norm}: the norm")


@problem("E2")
def test_gradients_of_zero_stay_zero(student):
    """If all gradients are 0, so are the clipped ones and the norm; an empty dict stays empty."""
    grads = {"W": np.zeros((3, 2)), "b": np.zeros(4)}

    for given in (grads, {}):
        clipped, total = student.clip.clip_grad_norm(given, 1.0)

        agree(clipped, given, f"clip_grad_norm of {len(given)} arrays of zeros: the gradients")
        agree(total, 0.0, f"clip_grad_norm of {len(given)} arrays of zeros: the norm")


@problem("E2")
def test_a_gradient_that_exploded_is_not_hidden(student):
    """A NaN makes the norm and all gradients NaN; an infinity makes the norm infinite, itself NaN, and the rest 0."""
    nan, inf = float("nan"), float("inf")

    for bad, other in ((nan, nan), (inf, 0.0), (-inf, 0.0)):
        clipped, total = student.clip.clip_grad_norm({"W": np.array([[1.0, bad]]), "b": np.array([-2.0])}, 1.0)

        expected = {"W": np.array([[other, nan]]), "b": np.array([other])}
        what = f"clip_grad_norm of gradients with an entry of {bad}"
        agree(str(abs(total)), str(abs(bad)), f"{what}: the norm")
        agree(_spelled(clipped), _spelled(expected), f"{what}: the gradients")


def _spelled(arrays: dict[str, np.ndarray]) -> dict[str, list[str]]:
    """Write arrays as words, where NaN is equal to NaN and -0 to 0."""
    return {name: [str(abs(value)) for value in array.ravel().tolist()] for name, array in arrays.items()}


@problem("E2")
def test_clipping_leaves_its_arguments_alone(student, reference, rng):
    """Neither way of clipping changes an array that came in, or returns one of them, also if nothing was to be cut."""
    grads = draw_grads(rng, (3, 4), (5,))

    for limit in (0.5, 1e6):
        answer = student.clip.clip_grad_norm.purely(grads, limit)
        cut = student.clip.clip_grad_value.purely(grads, limit)

        agree(answer, reference.clip.clip_grad_norm(grads, limit), f"clip_grad_norm with max_norm = {limit}")
        agree(cut, reference.clip.clip_grad_value(grads, limit), f"clip_grad_value with c = {limit}")


@problem("E2")
def test_values_are_cut_at_both_ends(student, rng):
    """Entries below -c become -c, those above c become c, and the others stay, in every array."""
    for c in (0.5, 2.0):
        grads = draw_grads(rng, (4, 5), (3,), (1, 1, 2))

        clipped = student.clip.clip_grad_value(grads, c)

        expected = {name: np.minimum(np.maximum(g, -c), c) for name, g in grads.items()}
        agree(clipped, expected, f"clip_grad_value with c = {c}")
