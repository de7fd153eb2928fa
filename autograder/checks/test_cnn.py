"""Hidden checks of cnn.py: A5, the small CNN, its loss, and what one counts in it.

A point is (N, C, H, W, F, k, K), with the letters of numnet.cnn; images are not square, unless a check needs it. Our
layers are put in place, so that a slip in A1 to A4 costs nothing here; two checks hold the network against the
student's own layers.
"""

import numpy as np

from autograder.checks.claim import BACKWARD, agree, holds, measure, problem
from autograder.checks.dice import Dice
from autograder.checks.digits import draw_digits, train
from autograder.checks.sequence import require_state
from autograder.desk import offer

LAYERS = (
    "conv.conv_output_size",
    "conv.conv2d_forward",
    "conv.conv2d_backward",
    "linear.linear_forward",
    "linear.linear_backward",
    "linear.relu_forward",
    "linear.relu_backward",
    "linear.softmax_cross_entropy",
    "pool.max_pool2d_forward",
    "pool.max_pool2d_backward",
)
FORWARDS = (*LAYERS, "cnn.small_cnn_forward")
TOP = ("linear.linear_forward", "linear.linear_backward", "linear.softmax_cross_entropy")

GRID = [(2, 3, 7, 4, 6, 5, 8), (3, 1, 5, 8, 4, 2, 6)]
SMALLEST = (1, 1, 2, 3, 1, 1, 2)
SQUARE = (2, 3, 6, 6, 4, 3, 5)


def name(function, point):
    """Name the call in the student's words."""
    return f"{function} with (N, C, H, W, F, k, K) = {point}"


def draw(reference, rng, point):
    """Draw params, images x and labels y, among which are two different ones.

    ReLU leaves some windows in each image, and of several not all; some keep two pixels: else it would make no
    difference to some mistakes.
    """
    while True:
        params, x, y = draw_any(rng, point)
        lit = reference.cnn.feature_maps(params, x) > 0
        h, w = lit.shape[2] // 2, lit.shape[3] // 2
        kept = lit[:, :, : 2 * h, : 2 * w].reshape(*lit.shape[:2], h, 2, w, 2).sum(axis=(3, 5))  # of every window
        if kept.any(axis=(1, 2, 3)).all() and (kept.size == 1 or not kept.all()) and kept.max() > 1:
            return params, x, y


def draw_any(rng, point):
    """Draw params, images and labels, whatever comes of them; no logit is so large that nothing would be learnt."""
    images, channels, h, w, filters, k, classes = point
    sides = [(side + 2 * (k // 2) - k + 1) // 2 for side in (h, w)]
    pixels, inputs = channels * k * k, filters * sides[0] * sides[1]
    params = {
        "conv.weight": rng.normal(size=(filters, channels, k, k)) / np.sqrt(pixels),
        "conv.bias": rng.normal(size=filters) / 2,
        "fc.weight": rng.normal(size=(classes, inputs)) / np.sqrt(inputs),
        "fc.bias": rng.normal(size=classes) / 2,
    }
    y = (rng.integers(classes) + np.arange(images)) % classes
    return params, rng.normal(size=(images, channels, h, w)), y


@problem("A5")
def test_weights_have_their_names_and_shapes(student, rng):
    """There are four arrays, as large as filters, kernel, channels, image and classes ask for; the biases are 0."""
    grid = {(2, 3, 4, 7, 5): 3, (6, 2, 3, 5, 4): 3, (): 4}
    dice = offer(Dice(int(rng.integers(2**32))), methods=Dice.METHODS)

    drawn = student.with_ours(*LAYERS).cnn.init_small_cnn.each([(dice, *point) for point in grid])

    for params, (point, side) in zip(drawn, grid.items(), strict=True):
        filters, k, channels, _, classes = point or (8, 3, 1, 8, 10)
        what = f"init_small_cnn with (filters, kernel_size, channels, size, classes) = {point or 'their defaults'}"
        shapes = {"conv.weight": (filters, channels, k, k), "fc.weight": (classes, filters * side * side)}
        shapes |= {"conv.bias": (filters,), "fc.bias": (classes,)}
        holds(params.keys() == shapes.keys(), f"{what}: expected the keys {', '.join(shapes)}")
        for key, array in params.items():
            require_state(array, shapes[key], f"{what}: {key}")
            different = np.unique(array).size == array.size
            holds(not array.any() if "bias" in key else different, f"{what}: {key} is not drawn, or a bias is not 0")


@problem("A5")
def test_weights_are_as_small_as_their_inputs_are_many(student, rng):
    """Weights come from the rng alone, with mean 0 and standard deviation sqrt(2 / inputs of a unit)."""
    seeds = [int(seed) for seed in rng.choice(1000, size=2, replace=False)]
    dice = [offer(Dice(seed), methods=Dice.METHODS) for seed in (*seeds, seeds[0])]

    drawn = student.with_ours(*LAYERS).cnn.init_small_cnn.each([(one, 40, 5, 3, 6, 20) for one in dice])

    for key, shape in (("conv.weight", (40, 3, 5, 5)), ("fc.weight", (20, 40 * 3 * 3))):
        inputs = int(np.prod(shape[1:]))
        what = f"init_small_cnn for units with {inputs} inputs: {key}"
        for params in drawn:
            holds(key in params, f"{what} is missing")
            require_state(params[key], shape, what)
        first, other, again = (params[key] for params in drawn)
        scaled = first * np.sqrt(inputs / 2)  # 3000 numbers or more: their mean is 0 +- 0.02, their deviation 1 +- 0.02
        holds(bool(abs(scaled.mean()) < 0.12), f"{what}: expected a mean near 0")
        holds(bool(abs(scaled.std() - 1) < 0.12), f"{what}: expected another standard deviation")
        holds(np.array_equal(first, again), f"{what}: the same rng draws other weights")
        holds(not np.array_equal(first, other), f"{what}: another rng draws the same weights")


@problem("A5")
def test_small_network_returns_logits_and_the_caches_of_its_layers(student, reference, rng):
    """small_cnn_forward returns logits (N, K), and SmallCNNCache with what each of the four layers has seen."""
    params, x, _ = draw(reference, rng, GRID[0])

    answer = student.with_ours(*LAYERS).cnn.small_cnn_forward(params, x)

    agree(answer, reference.cnn.small_cnn_forward(params, x), "small_cnn_forward: (logits, cache)")


@problem("A5")
def test_logits_come_from_four_layers(student, reference, rng):
    """Images go through convolution with padding k // 2, ReLU, pooling by 2 and the linear layer."""
    for point in GRID:
        params, x, _ = draw(reference, rng, point)

        logits = student.with_ours(*LAYERS).cnn.small_cnn_forward.output(params, x)

        agree(logits, reference.cnn.small_cnn_forward(params, x)[0], f"{name('small_cnn_forward', point)}: logits")


@problem("A5")
def test_every_image_is_held_against_its_own_label(student, reference, rng):
    """The loss is the mean surprise about the label of each image, in the order in which images and labels come."""
    given = draw(reference, rng, GRID[0])

    loss = student.with_ours(*FORWARDS).cnn.small_cnn_loss.output(*given)

    agree(loss, reference.cnn.small_cnn_loss(*given)[0], f"{name('small_cnn_loss', GRID[0])}: loss")


@problem("A5")
def test_gradient_points_to_where_the_loss_grows(student, reference, rng):
    """The gradients of the linear layer follow from those of the logits, and have their sign."""
    given = draw(reference, rng, GRID[1])

    _, grads = student.with_ours(*FORWARDS).cnn.small_cnn_loss(*given)

    _, expected = reference.cnn.small_cnn_loss(*given)
    what = name("small_cnn_loss", GRID[1])
    holds(grads.keys() == expected.keys(), f"{what}: expected gradients with the keys of params")
    for key in ("fc.weight", "fc.bias"):
        agree(grads[key], expected[key], f"{what}: grads[{key!r}]", BACKWARD)


@problem("A5")
def test_kernels_learn_through_every_layer_above(student, reference, rng):
    """The gradient goes back into the pooled maps, to the largest pixel of each window, and through ReLU to kernels."""
    given = draw(reference, rng, GRID[0])

    _, grads = student.with_ours(*FORWARDS).cnn.small_cnn_loss(*given)

    agree(grads, reference.cnn.small_cnn_loss(*given)[1], f"{name('small_cnn_loss', GRID[0])}: grads", BACKWARD)


@problem("A5")
def test_a_filter_that_is_switched_off_learns_nothing(student, reference, rng):
    """Where ReLU has cut off all pixels of a filter, neither its kernel nor its bias gets a gradient."""
    params, x, y = draw(reference, rng, SQUARE)
    params["conv.bias"][1] = -1000.0

    _, grads = student.with_ours(*FORWARDS).cnn.small_cnn_loss(params, x, y)

    _, expected = reference.cnn.small_cnn_loss(params, x, y)
    agree(grads, expected, "small_cnn_loss with a filter that ReLU cuts off everywhere: grads", BACKWARD)


@problem("A5")
def test_gradients_of_a_batch_are_its_own(student, reference, rng):
    """A batch has its own loss and gradients after another one, too: nothing is gathered from call to call."""
    one = draw(reference, rng, SQUARE)
    other = (one[0], *draw_any(rng, SQUARE)[1:])

    answers = student.with_ours(*FORWARDS).cnn.small_cnn_loss.each([other, one])

    for answer, given in zip(answers, (other, one), strict=True):
        agree(answer, reference.cnn.small_cnn_loss(*given), "small_cnn_loss, called twice", BACKWARD)


def look(student, params, x):
    """Send images through the student's own convolution, ReLU and pooling; return all that they answer."""
    w = params["conv.weight"]
    y, conv = student.conv.conv2d_forward(x, w, params["conv.bias"], 1, w.shape[2] // 2)
    maps, relu = student.linear.relu_forward(y)
    pooled, pool = student.pool.max_pool2d_forward(maps, 2)
    shape = (len(x), len(w), x.shape[2] // 2, x.shape[3] // 2)
    require_state(pooled, shape, "max_pool2d_forward: y")
    return maps, pooled, (conv, relu, pool)


@problem("A5")
def test_small_network_is_made_of_your_own_layers(student, reference, rng):
    """With your own layers below our linear one, whatever they compute, maps and logits are what these make of them."""
    params, x, _ = draw(reference, rng, SQUARE)
    network = student.with_ours(*TOP).cnn

    logits = network.small_cnn_forward.output(params, x)
    maps = network.feature_maps(params, x)

    own_maps, pooled, _ = look(student, params, x)
    own_logits, _ = reference.linear.linear_forward(pooled.reshape(len(x), -1), params["fc.weight"], params["fc.bias"])
    agree(maps, own_maps, "feature_maps with your own layers")
    agree(logits, own_logits, "small_cnn_forward with your own layers: logits")


@problem("A5")
def test_gradients_go_back_through_your_own_layers(student, reference, rng):
    """With your own layers below our linear one, whatever they compute, the gradients are what these send back."""
    params, x, y = draw(reference, rng, SQUARE)

    answer = student.with_ours(*TOP).cnn.small_cnn_loss(params, x, y)

    _, pooled, (conv, relu, pool) = look(student, params, x)
    logits, fc = reference.linear.linear_forward(pooled.reshape(len(x), -1), params["fc.weight"], params["fc.bias"])
    loss, dlogits = reference.linear.softmax_cross_entropy(logits, y)
    top = reference.linear.linear_backward(dlogits, fc)
    dmaps = student.pool.max_pool2d_backward(top.dx.reshape(pooled.shape), pool)
    bottom = student.conv.conv2d_backward(student.linear.relu_backward(dmaps, relu), conv)
    own = {"conv.weight": bottom.dweight, "conv.bias": bottom.dbias, "fc.weight": top.dW, "fc.bias": top.db}
    agree(answer, (loss, own), "small_cnn_loss with your own layers: (loss, grads)", BACKWARD)


@problem("A5")
def test_feature_maps_are_as_large_as_the_image(student, reference, rng):
    """A feature map is what a filter sees after ReLU and before pooling, one pixel for each place of its kernel."""
    calls = [draw_any(rng, point)[:2] for point in GRID]

    answers = student.with_ours(*LAYERS).cnn.feature_maps.each(calls)

    for maps, call, point in zip(answers, calls, GRID, strict=True):
        agree(maps, reference.cnn.feature_maps(*call), name("feature_maps", point))


def hold_counts(student, reference, function, calls):
    """Hold what a function counts against what ours does, once for each tuple of arguments."""
    counts = getattr(student.with_ours(*LAYERS).cnn, function).each(calls)

    for count, call in zip(counts, calls, strict=True):
        agree(count, getattr(reference.cnn, function)(*call), f"{function}{call}")


@problem("A5")
def test_parameters_are_kernels_and_biases(student, reference):
    """Shared kernels are counted once, whatever the size of the image, each with its bias; then the linear layer."""
    hold_counts(student, reference, "count_parameters", [(8, 1, 3, 8, 10), (2, 3, 5, 7, 4), (3, 2, 4, 5, 6)])


@problem("A5")
def test_without_sharing_every_pixel_has_a_kernel_of_its_own(student, reference):
    """Without sharing there is a kernel and a bias for each output pixel of the convolution; pooling has none."""
    points = [(8, 1, 3, 8, 10, False), (2, 3, 5, 7, 4, False), (3, 2, 4, 5, 6, False)]

    hold_counts(student, reference, "count_parameters", points)


@problem("A5")
def test_multiply_adds_are_those_of_the_output_pixels(student, reference):
    """Each output pixel of each filter takes C k k multiply-adds; stride and padding say how many pixels there are."""
    hold_counts(student, reference, "conv_flops", [(3, 7, 5, 4, 3), (2, 9, 4, 5, 2, 3), (1, 6, 8, 2, 5, 2, 2)])


@problem("A5")
def test_strides_below_widen_what_is_seen_above(student, reference):
    """Each layer widens the field by k - 1 steps of its own input, which are as long as all strides below it say."""
    stacks = [
        [(3, 1), (3, 1)],
        [(3, 2), (5, 1), (2, 3), (3, 1)],
        [(1, 4), (2, 1)],
        [(7, 2), (2, 2), (3, 1)],
        [(5, 3)],
        [],
    ]

    fields = student.cnn.receptive_field.each([(layers,) for layers in stacks])

    for layers, field in zip(stacks, fields, strict=True):
        agree(field, reference.cnn.receptive_field(layers), f"receptive_field({layers})")


@problem("A5")
def test_small_network_at_the_smallest_sizes(student, reference, rng):
    """One image, one channel, one filter, one pooled pixel: every axis stays, in logits, maps and gradients."""
    params, x, y = draw(reference, rng, SMALLEST)
    network = student.with_ours(*LAYERS).cnn

    loss = network.small_cnn_loss(params, x, y)
    maps = network.feature_maps(params, x)

    expected = reference.cnn.small_cnn_loss(params, x, y)
    agree(loss, expected, f"{name('small_cnn_loss', SMALLEST)}: (loss, grads)", BACKWARD)
    agree(maps, reference.cnn.feature_maps(params, x), name("feature_maps", SMALLEST))


@problem("A5")
def test_small_network_leaves_its_arguments_alone(student, reference, rng):
    """Neither weights nor images nor labels are changed, results have memory of their own, and a second call agrees."""
    params, x, y = draw(reference, rng, GRID[0])
    network = student.with_ours(*LAYERS).cnn

    answer = network.small_cnn_forward.purely(params, x)
    maps = network.feature_maps.purely(params, x)
    loss = student.with_ours(*FORWARDS).cnn.small_cnn_loss.purely(params, x, y)

    agree(answer, reference.cnn.small_cnn_forward(params, x), "small_cnn_forward: (logits, cache)")
    agree(maps, reference.cnn.feature_maps(params, x), "feature_maps")
    agree(loss, reference.cnn.small_cnn_loss(params, x, y), "small_cnn_loss: (loss, grads)", BACKWARD)


@problem("A5", training=True)
def test_training_on_digits_reads_unseen_ones(student, reference, rng):
    """Trained along your gradients, the network reads digits that it never saw; wrong labels would surprise it."""
    shown, unseen = draw_digits(rng, 600, 400)
    network = student.with_ours(*FORWARDS).cnn
    start = reference.cnn.init_small_cnn(rng, filters=4)

    params = train(network.small_cnn_loss, start, shown, rng)
    logits, _ = reference.cnn.small_cnn_forward(params, unseen.x)
    dealt_anew = network.small_cnn_loss(params, unseen.x, rng.permutation(unseen.y))[0]

    accuracy = float((logits.argmax(axis=1) == unseen.y).mean())
    measure("Digits read", 100 * accuracy, unit="%")
    # over 1000 seeds: 0.835 +- 0.035, at least 0.685; wrong labels: 4.1 +- 0.3; guessing: 0.10 and log 10 = 2.3
    holds(accuracy > 0.6, f"after two epochs of training, {accuracy:.0%} of 400 digits are read correctly: too few")
    holds(dealt_anew > np.log(10), "after training, wrong labels surprise the network no more than guessing would")
