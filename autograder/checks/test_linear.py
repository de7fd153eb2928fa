"""Hidden checks of linear.py: A1, the linear layer, ReLU and softmax cross-entropy."""

import numpy as np

from autograder.checks.claim import BACKWARD, FORWARD, agree, holds, problem

LEADING = [(3,), (2, 3), (4, 2, 3), ()]  # a batch; time and batch; a batch of pixels; a single vector


@problem("A1")
def test_linear_layer_takes_any_leading_axes(student, reference, rng):
    """The linear layer takes a batch, more leading axes, or a single vector, and keeps x and W in its cache."""
    calls = [(rng.normal(size=(*lead, 4)), rng.normal(size=(5, 4)), rng.normal(size=5)) for lead in LEADING]
    calls.append((rng.normal(size=(1, 1)), rng.normal(size=(1, 1)), rng.normal(size=1)))

    answers = student.linear.linear_forward.each(calls)

    for answer, call in zip(answers, calls, strict=True):
        agree(answer, reference.linear.linear_forward(*call), f"linear_forward for x of shape {call[0].shape}", FORWARD)


def linear_gradients(student, reference, rng):
    """Yield what to call the answer, the student's gradients and ours, once for each kind of leading axes."""
    given = [(rng.normal(size=(*lead, 5)), rng.normal(size=(*lead, 4)), rng.normal(size=(5, 4))) for lead in LEADING]
    calls = [(dz, reference.linear.linear_forward(x, W, np.zeros(5))[1]) for dz, x, W in given]

    answers = student.linear.linear_backward.each(calls)

    for call, grads in zip(calls, answers, strict=True):
        what = f"linear_backward for dz of shape {call[0].shape}"
        yield what, grads, reference.linear.linear_backward(*call)


@problem("A1")
def test_linear_input_gradient_is_weighed_by_the_layer(student, reference, rng):
    """dx of the linear layer is made of dz and W, at every position for itself."""
    for what, grads, expected in linear_gradients(student, reference, rng):
        agree(grads.dx, expected.dx, f"{what}: dx", BACKWARD)


@problem("A1")
def test_linear_weight_gradient_sums_over_all_leading_axes(student, reference, rng):
    """dW of the linear layer adds up every position: of a batch, of a sequence, of an image, of a single vector."""
    for what, grads, expected in linear_gradients(student, reference, rng):
        agree(grads.dW, expected.dW, f"{what}: dW", BACKWARD)


@problem("A1")
def test_linear_bias_gradient_is_a_sum(student, reference, rng):
    """db of the linear layer has one entry per output, the sum of dz over every position."""
    for what, grads, expected in linear_gradients(student, reference, rng):
        agree(grads.db, expected.db, f"{what}: db", BACKWARD)


@problem("A1")
def test_relu_is_flat_at_zero(student, reference, rng):
    """ReLU passes dy where x is positive, whatever the sign of dy, and nothing at x = 0 or below."""
    x = rng.normal(size=(3, 2, 5))
    x[:, 1, ::2] = 0.0
    dy = rng.normal(size=x.shape)

    answer = student.linear.relu_forward(x)
    dx = student.linear.relu_backward(dy, reference.linear.relu_forward(x)[1])

    agree(answer, reference.linear.relu_forward(x), "relu_forward", FORWARD)
    agree(dx, np.where(x > 0, dy, 0.0), "relu_backward: dx", BACKWARD)


@problem("A1")
def test_loss_is_the_mean_negative_log_probability(student, reference, rng):
    """The loss is the mean of -log p of the targets, natural logarithms, and dlogits is p minus one-hot, over count."""
    shapes = [(6, 4), (2, 3, 7), (3,), (1, 1)]
    drawn = [(2.0 * rng.normal(size=shape), rng.integers(shape[-1], size=shape[:-1])) for shape in shapes]
    calls = [(logits, np.asarray(y)) for logits, y in drawn]  # the target of a single vector is a plain int in numpy

    answers = student.linear.softmax_cross_entropy.each(calls)

    for (loss, dlogits), call in zip(answers, calls, strict=True):
        expected_loss, expected = reference.linear.softmax_cross_entropy(*call)
        what = f"softmax_cross_entropy for logits of shape {call[0].shape}"
        agree(loss, expected_loss, f"{what}: loss", FORWARD)
        agree(dlogits, expected, f"{what}: dlogits", BACKWARD)


@problem("A1")
def test_loss_is_divided_by_the_unmasked_positions(student, reference, rng):
    """With a mask the loss is the mean over the positions where it is True, and 0.0 if there are none."""
    logits, targets = rng.normal(size=(5, 3, 4)), rng.integers(4, size=(5, 3))
    mask = np.arange(5)[:, np.newaxis] < np.array([5, 1, 3])

    some, _ = student.linear.softmax_cross_entropy(logits, targets, mask)
    nothing = student.linear.softmax_cross_entropy(logits, targets, np.zeros((5, 3), dtype=bool))

    expected = reference.linear.softmax_cross_entropy(logits, targets, mask)[0]
    agree(some, expected, "softmax_cross_entropy with a mask: loss", FORWARD)
    agree(nothing, (0.0, np.zeros_like(logits)), "softmax_cross_entropy with nothing unmasked", FORWARD)


@problem("A1")
def test_loss_gradient_is_divided_by_the_unmasked_positions(student, reference, rng):
    """With a mask dlogits is the gradient of that mean: where the mask is True, it is divided by how many are True."""
    logits, targets = rng.normal(size=(5, 3, 4)), rng.integers(4, size=(5, 3))
    mask = np.arange(5)[:, np.newaxis] < np.array([5, 1, 3])

    _, dlogits = student.linear.softmax_cross_entropy(logits, targets, mask)

    expected = reference.linear.softmax_cross_entropy(logits, targets, mask)[1]
    holds(dlogits.shape == logits.shape, f"softmax_cross_entropy with a mask: dlogits has shape {dlogits.shape}")
    agree(dlogits[mask], expected[mask], "softmax_cross_entropy with a mask: dlogits where it is True", BACKWARD)


@problem("A1")
def test_masked_positions_get_no_gradient(student, reference, rng):
    """Where the mask is False dlogits is 0, and the target may be any integer: it is not read."""
    logits, targets = rng.normal(size=(4, 3, 5)), rng.integers(5, size=(4, 3))
    mask = np.arange(4)[:, np.newaxis] < np.array([2, 4, 1])
    nonsense = np.where(mask, targets, np.array([5, -7, 10**6]))

    answers = student.linear.softmax_cross_entropy.each([(logits, targets, mask), (logits, nonsense, mask)])

    for (_, dlogits), which in zip(answers, ["any", "an impossible"], strict=True):
        what = f"softmax_cross_entropy with {which} target where the mask is False: dlogits there"
        holds(dlogits.shape == logits.shape, f"{what}: dlogits has shape {dlogits.shape}")
        agree(dlogits[~mask], np.zeros((int((~mask).sum()), 5)), what, BACKWARD)
        expected = reference.linear.softmax_cross_entropy(logits, targets, mask)[1]
        agree(
            dlogits, expected, f"softmax_cross_entropy with {which} target where the mask is False: dlogits", BACKWARD
        )


@problem("A1")
def test_loss_survives_huge_logits(student, reference, rng):
    """Logits of plus and minus 10,000 give a finite loss, and a number added to all logits changes nothing."""
    logits, targets = rng.choice([-1e4, 0.0, 1e4], size=(6, 5)), rng.integers(5, size=6)
    logits[0], logits[1] = 1e4, -1e4
    moderate = rng.normal(size=(6, 5))

    huge, shifted = student.linear.softmax_cross_entropy.each([(logits, targets), (moderate + 1000.0, targets)])

    expected, unshifted = (reference.linear.softmax_cross_entropy(given, targets) for given in (logits, moderate))
    agree(huge, expected, "softmax_cross_entropy for logits of +-10,000", BACKWARD)
    agree(shifted, unshifted, "softmax_cross_entropy for logits + 1,000", BACKWARD)


@problem("A1")
def test_loss_takes_targets_of_any_integer_type(student, reference, rng):
    """Targets may be int64, int32, uint8 or, between two classes, bool; the rows of dlogits add up to 0."""
    logits, targets = rng.normal(size=(7, 2)), np.array([0, 1, 1, 0, 1, 0, 1])
    kinds = [np.int64, np.int32, np.int8, np.uint8, np.bool_]

    answers = student.linear.softmax_cross_entropy.each([(logits, targets.astype(kind)) for kind in kinds])

    expected = reference.linear.softmax_cross_entropy(logits, targets)
    for answer, kind in zip(answers, kinds, strict=True):
        what = f"softmax_cross_entropy for targets of dtype {np.dtype(kind)}"
        agree(answer, expected, what, BACKWARD)
        agree(answer[1].sum(axis=-1), np.zeros(7), f"{what}: the row sums of dlogits", BACKWARD)


@problem("A1")
def test_layers_of_a1_leave_their_arguments_alone(student, reference, rng):
    """No function changes an argument on the way to its answer, and every result has memory of its own."""
    x, W, b, dz = (rng.normal(size=shape) for shape in [(2, 3, 4), (5, 4), (5,), (2, 3, 5)])
    targets, mask = rng.integers(4, size=(2, 3)), rng.permutation(6).reshape(2, 3) < 3
    calls = {
        "linear_forward": (x, W, b),
        "linear_backward": (dz, reference.linear.linear_forward(x, W, b)[1]),
        "relu_forward": (x,),
        "relu_backward": (-x, reference.linear.relu_forward(x)[1]),
        "softmax_cross_entropy": (x, targets, mask),
    }

    for function, arguments in calls.items():
        answer = getattr(student.linear, function).purely(*arguments)

        agree(answer, getattr(reference.linear, function)(*arguments), function, BACKWARD)
