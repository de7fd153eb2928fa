"""Hidden checks of cnn.py: A6, the residual block, and the parameters of the lecture's architectures.

A point is (N, C, H, W), with the letters of numnet.cnn. Our layers are put in place, so that a slip in A1 to A4 costs
nothing here; one check holds the block against the student's own convolutions.
"""

import numpy as np

from autograder.checks.claim import BACKWARD, agree, problem
from autograder.checks.sequence import require_state

RELU = ("linear.relu_forward", "linear.relu_backward")
LAYERS = ("conv.conv_output_size", "conv.conv2d_forward", "conv.conv2d_backward", *RELU)
POINT = (2, 3, 5, 4)
ONES = (1, 1, 1, 1)


def draw(reference, rng, point):
    """Draw x and params of a block whose sums before the last ReLU have both signs."""
    channels = point[1]
    shapes = [(channels, channels, 3, 3), (channels,)] * 2
    return rng.normal(size=point), reference.cnn.ResidualParams(*[rng.normal(size=shape) / 2 for shape in shapes])


def draw_cache(reference, rng, point):
    """Draw dy and the cache of our forward pass."""
    _, cache = reference.cnn.residual_block_forward(*draw(reference, rng, point))
    return rng.normal(size=point), cache


@problem("A6")
def test_block_adds_its_input_before_the_last_relu(student, reference, rng):
    """y is the ReLU of a sum: of x, and of what convolution, ReLU and convolution make of it."""
    given = draw(reference, rng, POINT)

    y = student.with_ours(*LAYERS).cnn.residual_block_forward.output(*given)

    expected, _ = reference.cnn.residual_block_forward(*given)
    agree(y, expected, f"residual_block_forward with (N, C, H, W) = {POINT}: y")


@problem("A6")
def test_block_returns_its_output_and_the_caches_of_its_layers(student, reference, rng):
    """The cache is ResidualCache(conv1, relu1, conv2, relu2): what each layer has seen, relu2 the sum."""
    given = draw(reference, rng, POINT)

    answer = student.with_ours(*LAYERS).cnn.residual_block_forward(*given)

    agree(answer, reference.cnn.residual_block_forward(*given), "residual_block_forward: (y, cache)")


@problem("A6")
def test_gradient_passes_by_convolutions_that_are_zero(student, reference, rng):
    """Where all kernels and biases are 0, dx is dy, except where the last ReLU was off."""
    x, params = draw(reference, rng, POINT)
    _, cache = reference.cnn.residual_block_forward(x, params._make(0 * array for array in params))
    dy = rng.normal(size=x.shape)

    grads = student.with_ours(*LAYERS).cnn.residual_block_backward(dy, cache)

    agree(grads.dx, np.where(x > 0, dy, 0.0), "residual_block_backward with kernels and biases of 0: dx", BACKWARD)


@problem("A6")
def test_gradient_of_the_input_comes_back_on_both_paths(student, reference, rng):
    """dx is the sum of what comes back through both convolutions and of what comes back past them."""
    dy, cache = draw_cache(reference, rng, POINT)

    grads = student.with_ours(*LAYERS).cnn.residual_block_backward(dy, cache)

    expected = reference.cnn.residual_block_backward(dy, cache)
    agree(grads.dx, expected.dx, f"residual_block_backward with (N, C, H, W) = {POINT}: dx", BACKWARD)


@problem("A6")
def test_both_convolutions_of_a_block_learn(student, reference, rng):
    """Each convolution gets the gradients of its kernels and biases, the first one through the ReLU between them."""
    dy, cache = draw_cache(reference, rng, POINT)

    grads = student.with_ours(*LAYERS).cnn.residual_block_backward(dy, cache)

    expected = reference.cnn.residual_block_backward(dy, cache)
    for name in expected._fields[1:]:
        what = f"residual_block_backward with (N, C, H, W) = {POINT}: {name}"
        agree(getattr(grads, name), getattr(expected, name), what, BACKWARD)


@problem("A6")
def test_block_is_made_of_your_own_convolutions(student, reference, rng):
    """With your own convolutions and our ReLU, y is what these make of x, and the gradients are what they send back."""
    point = (2, 3, 4, 4)  # a convolution that takes height for width costs nothing here
    (x, params), (dy, cache) = draw(reference, rng, point), draw_cache(reference, rng, point)
    block, ours = student.with_ours(*RELU).cnn, reference.linear

    y = block.residual_block_forward.output(x, params)
    grads = block.residual_block_backward(dy, cache)

    inner = student.conv.conv2d_forward.output(x, params.weight1, params.bias1, 1, 1)
    require_state(inner, point, "conv2d_forward: y")
    outer = student.conv.conv2d_forward.output(ours.relu_forward(inner)[0], params.weight2, params.bias2, 1, 1)
    require_state(outer, point, "conv2d_forward: y")
    agree(y, ours.relu_forward(outer + x)[0], "residual_block_forward with your own convolutions: y")
    dsum = ours.relu_backward(dy, cache.relu2)
    top = student.conv.conv2d_backward(dsum, cache.conv2)
    require_state(top.dx, point, "conv2d_backward: dx")
    bottom = student.conv.conv2d_backward(ours.relu_backward(top.dx, cache.relu1), cache.conv1)
    require_state(bottom.dx, point, "conv2d_backward: dx")
    own = reference.cnn.ResidualGrads(bottom.dx + dsum, bottom.dweight, bottom.dbias, top.dweight, top.dbias)
    agree(grads, own, "residual_block_backward with your own convolutions", BACKWARD)


@problem("A6")
def test_block_at_the_smallest_sizes(student, reference, rng):
    """One image, one channel, one pixel: every axis stays, forward and backward."""
    x, params = draw(reference, rng, ONES)
    given, dy = (abs(x), params._make(map(abs, params))), rng.normal(size=ONES)  # no ReLU cuts the only pixel off
    expected = reference.cnn.residual_block_forward(*given)
    block = student.with_ours(*LAYERS).cnn

    answer = block.residual_block_forward(*given)
    grads = block.residual_block_backward(dy, expected[1])

    agree(answer, expected, f"residual_block_forward with (N, C, H, W) = {ONES}: (y, cache)")
    ours = reference.cnn.residual_block_backward(dy, expected[1])
    agree(grads, ours, f"residual_block_backward with (N, C, H, W) = {ONES}", BACKWARD)


@problem("A6")
def test_block_leaves_its_arguments_alone(student, reference, rng):
    """Neither direction changes an argument, no result is a view of another, and a second call agrees."""
    given, dy = draw(reference, rng, POINT), rng.normal(size=POINT)
    expected = reference.cnn.residual_block_forward(*given)
    block = student.with_ours(*LAYERS).cnn

    answer = block.residual_block_forward.purely(*given)
    grads = block.residual_block_backward.purely(dy, expected[1])

    agree(answer, expected, "residual_block_forward: (y, cache)")
    agree(grads, reference.cnn.residual_block_backward(dy, expected[1]), "residual_block_backward", BACKWARD)


def count(student, reference, calls):
    """Hold the counts of some architectures against ours; a call is (spec, input_shape, bias, batch_norm)."""
    counts = student.with_ours("conv.conv_output_size").cnn.parameter_count.each(calls)

    for call, answer in zip(calls, counts, strict=True):
        named = f"parameter_count of {call[0]}, input_shape={call[1]}, bias={call[2]}, batch_norm={call[3]}"
        agree(answer, reference.cnn.parameter_count(*call), named)


@problem("A6")
def test_convolutions_count_their_biases_where_they_have_them(student, reference):
    """A filter has a bias unless there are none, and two more numbers if batch norm follows; fc always has biases."""
    spec = ["3x3 conv, 4", "1x1 conv, 7", "avg pool", "fc, 5"]

    count(student, reference, [(spec, (2, 6, 5), bias, norm) for bias in (True, False) for norm in (False, True)])


@problem("A6")
def test_linear_layer_reads_what_is_left_of_the_image(student, reference):
    """fc reads C H W numbers: padding (k - 1) // 2, strides and poolings, rounded down, say how many are left."""
    specs = [
        ["5x5 conv, 6", "pool, /2", "5x5 conv, 16", "pool, /2", "fc, 120", "fc, 84", "fc, 10"],
        ["3x3 conv, 3, /2", "pool, /3", "fc, 4"],
        ["2x2 conv, 5", "4x4 conv, 2, /3", "fc, 7"],
        ["7x7 conv, 2, /2", "avg pool", "1x1 conv, 3", "fc, 5", "1x1 conv, 4"],
    ]

    count(student, reference, [(spec, (3, 28, 19), True, False) for spec in specs])


@problem("A6")
def test_skip_path_is_counted_where_the_shape_changes(student, reference):
    """A block that changes channels or size has a 1 x 1 convolution on its skip path, and no other block has one."""
    same, wider, smaller = ["3x3 conv, 4", "3x3 conv, 4"], ["1x1 conv, 2", "3x3 conv, 6"], ["3x3 conv, 4, /2"]
    specs = [
        [same, "fc, 3"],
        [wider, "fc, 3"],
        [smaller, "fc, 3"],
        [same, wider, smaller, smaller, "avg pool", "fc, 2"],
        [["3x3 conv, 4"], ["5x5 conv, 4", "pool, /1"], "fc, 2"],
    ]

    calls = [(spec, (4, 7, 10), True, False) for spec in specs]
    count(student, reference, [*calls, (specs[3], (4, 7, 10), False, True)])


@problem("A6")
def test_a_deep_plain_network_is_counted_exactly(student):
    """The 19 layers of VGG, for images of 3 x 224 x 224 pixels and 1000 classes, are counted to the last one."""
    spec = []
    for depth, filters in ((2, 64), (2, 128), (4, 256), (4, 512), (4, 512)):
        spec += [*[f"3x3 conv, {filters}"] * depth, "pool, /2"]
    spec += ["fc, 4096", "fc, 4096", "fc, 1000"]

    answer = student.with_ours("conv.conv_output_size").cnn.parameter_count(spec)

    agree(answer, 143_667_240, "parameter_count of VGG-19")


@problem("A6")
def test_a_deep_residual_network_is_counted_exactly(student):
    """The 152 layers of a residual network without biases are counted to the last one, with batch norm and without."""
    spec: list[str | list[str]] = ["7x7 conv, 64, /2", "pool, /2"]
    for depth, filters, stride in ((3, 64, 1), (8, 128, 2), (36, 256, 2), (3, 512, 2)):
        for first in [f"1x1 conv, {filters}, /{stride}", *[f"1x1 conv, {filters}"] * (depth - 1)]:
            spec.append([first, f"3x3 conv, {filters}", f"1x1 conv, {4 * filters}"])
    spec += ["avg pool", "fc, 1000"]
    calls = [(spec, (3, 224, 224), False, norm) for norm in (False, True)]

    without, with_norm = student.with_ours("conv.conv_output_size").cnn.parameter_count.each(calls)

    agree(without, 60_041_384, "parameter_count of ResNet-152 with bias=False")
    agree(with_norm, 60_192_808, "parameter_count of ResNet-152 with bias=False, batch_norm=True")
