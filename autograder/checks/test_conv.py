"""Hidden checks of conv.py: A2, convolution forward, and A3, backward.

A geometry is (x.shape, weight.shape, stride, padding), with the letters of numnet.conv. Checks of A2 put our
conv_output_size in place, and those of A3 our caches, so that one slip costs one check.
"""

import numpy as np

from autograder.checks.claim import BACKWARD, FORWARD, agree, holds, problem, refuses

PLAIN = ((2, 3, 5, 7), (4, 3, 3, 2), 1, 0)
PADDED = ((2, 3, 5, 6), (4, 3, 3, 2), 1, 2)
STRIDED = [((2, 3, 8, 9), (4, 3, 3, 2), 2, 1), ((2, 3, 8, 9), (4, 3, 3, 2), 3, 0)]
EDGES = [
    ((2, 3, 4, 5), (4, 3, 1, 1), 1, 0),  # a kernel of one pixel
    ((3, 2, 2, 3), (2, 2, 4, 5), 3, 1),  # a kernel as large as the padded image
    ((1, 1, 4, 3), (1, 1, 2, 3), 1, 1),  # one image, one channel, one filter
    ((1, 1, 1, 1), (1, 1, 1, 1), 1, 0),  # one of everything
]


def draw(rng, geometry):
    """Draw the arguments of conv2d_forward: x, weight, bias, stride, padding."""
    x_shape, weight_shape, stride, padding = geometry
    return rng.normal(size=x_shape), rng.normal(size=weight_shape), rng.normal(size=weight_shape[0]), stride, padding


def name(function, geometry):
    """Name the call in the student's words."""
    x_shape, weight_shape, stride, padding = geometry
    return f"{function} for x of shape {x_shape}, weight of shape {weight_shape}, stride={stride}, padding={padding}"


@problem("A2")
def test_output_size_rounds_down(student, reference):
    """conv_output_size counts only the places where the whole kernel fits, whatever the stride and the padding."""
    grid = [(n, k, stride, padding) for n in (1, 5, 8) for k in (1, 3, 4) for stride in (1, 2, 3) for padding in (0, 2)]
    calls = [(n, k, stride, padding) for n, k, stride, padding in grid if n + 2 * padding >= k]

    sizes = student.conv.conv_output_size.each(calls)

    for size, call in zip(sizes, calls, strict=True):
        agree(size, reference.conv.conv_output_size(*call), f"conv_output_size{call}")


@problem("A2")
def test_kernel_that_sticks_out_is_refused(student, reference, rng):
    """A kernel may be as large as the padded image; one row or one column more raises ValueError."""
    conv = student.with_ours("conv.conv_output_size").conv
    x, weight, bias = rng.normal(size=(2, 3, 5, 2)), rng.normal(size=(4, 3, 7, 4)), rng.normal(size=4)

    agree(student.conv.conv_output_size(3, 5, 2, 1), 1, "conv_output_size(3, 5, 2, 1)")
    with refuses(ValueError, "conv_output_size(3, 6, 2, 1)"):
        student.conv.conv_output_size(3, 6, 2, 1)

    y = conv.conv2d_forward.output(x, weight, bias, 1, 1)
    agree(y, reference.conv.conv2d_forward(x, weight, bias, 1, 1)[0], "conv2d_forward with a kernel that just fits")
    for height, width in [(8, 4), (7, 5)]:
        with refuses(ValueError, f"conv2d_forward for 5 x 2 images, a {height} x {width} kernel, padding=1"):
            conv.conv2d_forward(x, rng.normal(size=(4, 3, height, width)), bias, 1, 1)


@problem("A2")
def test_convolution_keeps_height_and_width_apart(student, reference, rng):
    """Images and kernels may be higher than wide or wider than high, and every filter sums over all channels."""
    conv = student.with_ours("conv.conv_output_size").conv

    for geometry in [PLAIN, ((3, 2, 7, 4), (5, 2, 2, 3), 1, 0)]:
        arguments = draw(rng, geometry)

        y = conv.conv2d_forward.output(*arguments)

        agree(y, reference.conv.conv2d_forward(*arguments)[0], name("conv2d_forward", geometry), FORWARD)


@problem("A2")
def test_padding_is_a_border_of_zeros(student, reference, rng):
    """Padding adds rows and columns of zeros on all four sides of every image."""
    conv = student.with_ours("conv.conv_output_size").conv

    arguments = draw(rng, PADDED)

    y = conv.conv2d_forward.output(*arguments)

    agree(y, reference.conv.conv2d_forward(*arguments)[0], name("conv2d_forward", PADDED), FORWARD)


@problem("A2")
def test_stride_skips_rows_and_columns(student, reference, rng):
    """With stride 2 or 3 the windows are that far apart, and pixels that are left over at the end are not used."""
    conv = student.with_ours("conv.conv_output_size").conv

    for geometry in STRIDED:
        arguments = draw(rng, geometry)

        y = conv.conv2d_forward.output(*arguments)

        agree(y, reference.conv.conv2d_forward(*arguments)[0], name("conv2d_forward", geometry), FORWARD)


@problem("A2")
def test_convolution_at_the_smallest_sizes(student, reference, rng):
    """Kernels of one pixel or as large as the image work, as do one image, one channel and one filter."""
    conv = student.with_ours("conv.conv_output_size").conv

    for geometry in EDGES:
        arguments = draw(rng, geometry)

        y = conv.conv2d_forward.output(*arguments)

        agree(y, reference.conv.conv2d_forward(*arguments)[0], name("conv2d_forward", geometry), FORWARD)


@problem("A2")
def test_bias_is_added_once(student, reference, rng):
    """Every output pixel of a filter has the bias of that filter in it; where all weights are 0, it is the bias."""
    conv = student.with_ours("conv.conv_output_size").conv
    x, bias = rng.normal(size=(2, 3, 5, 6)), rng.normal(size=4)

    for weight, which in ((np.zeros((4, 3, 3, 2)), "a weight of zeros"), (rng.normal(size=(4, 3, 3, 2)), "a bias")):
        y = conv.conv2d_forward.output(x, weight, bias)

        agree(y, reference.conv.conv2d_forward(x, weight, bias)[0], f"conv2d_forward with {which}", FORWARD)


@problem("A2")
def test_kernel_is_not_flipped(student, rng):
    """When one pixel is 1, each window that sees it answers the weight that lies on it: the kernel is not flipped."""
    conv = student.with_ours("conv.conv_output_size").conv
    weight = rng.normal(size=(2, 1, 3, 2))
    x = np.zeros((1, 1, 5, 3))
    x[0, 0, 2, 1] = 1.0

    y = conv.conv2d_forward.output(x, weight, np.zeros(2))

    agree(y, weight[:, 0, ::-1, ::-1][np.newaxis], "conv2d_forward for an image with a single pixel of 1", FORWARD)


@problem("A2")
def test_convolution_leaves_its_arguments_alone(student, reference, rng):
    """conv2d_forward changes no argument, and its cache holds x as it came, the weight, the stride and the padding."""
    arguments = draw(rng, PADDED)

    answer = student.with_ours("conv.conv_output_size").conv.conv2d_forward.purely(*arguments)

    agree(answer, reference.conv.conv2d_forward(*arguments), name("conv2d_forward", PADDED), FORWARD)


def gradients(student, reference, rng, geometries):
    """Yield what to call the answer, the student's gradients and ours, once for each geometry."""
    passes = [reference.conv.conv2d_forward(*draw(rng, geometry)) for geometry in geometries]
    calls = [(rng.normal(size=y.shape), cache) for y, cache in passes]

    answers = student.conv.conv2d_backward.each(calls)

    for geometry, call, grads in zip(geometries, calls, answers, strict=True):
        yield name("conv2d_backward", geometry), grads, reference.conv.conv2d_backward(*call)


@problem("A3")
def test_weight_gradient_sums_over_images_and_pixels(student, reference, rng):
    """dweight adds up what every image and every output pixel has to say, and divides by nothing."""
    for what, grads, expected in gradients(student, reference, rng, [PLAIN, ((3, 2, 4, 6), (5, 2, 2, 3), 1, 0)]):
        agree(grads.dweight, expected.dweight, f"{what}: dweight", BACKWARD)


@problem("A3")
def test_bias_gradient_sums_over_batch_and_space(student, reference, rng):
    """dbias adds up the whole batch and every output pixel."""
    for what, grads, expected in gradients(student, reference, rng, [PADDED, STRIDED[0]]):
        agree(grads.dbias, expected.dbias, f"{what}: dbias", BACKWARD)


@problem("A3")
def test_image_gradient_adds_up_overlapping_windows(student, reference, rng):
    """A pixel that lies in many windows gets the sum of what all of them send back."""
    for what, grads, expected in gradients(student, reference, rng, [PLAIN, ((3, 2, 4, 6), (5, 2, 2, 3), 1, 0)]):
        agree(grads.dx, expected.dx, f"{what}: dx", BACKWARD)


@problem("A3")
def test_one_pixel_sends_back_its_kernel(student, reference, rng):
    """A dy that is 1 at a single output pixel stamps that filter's kernel, not flipped, on dx."""
    x, weight, bias, stride, padding = draw(rng, PLAIN)
    y, cache = reference.conv.conv2d_forward(x, weight, bias, stride, padding)
    dy = np.zeros(y.shape)
    dy[1, 2, 0, 3] = 1.0

    grads = student.conv.conv2d_backward(dy, cache)

    expected = np.zeros(x.shape)
    expected[1, :, 0:3, 3:5] = weight[2]
    agree(grads.dx, expected, "conv2d_backward for a dy with a single 1: dx", BACKWARD)


@problem("A3")
def test_backward_pass_knows_the_stride(student, reference, rng):
    """With stride 2 or 3, dx and dweight agree with the places where the windows were; pixels left over get 0."""
    for what, grads, expected in gradients(student, reference, rng, STRIDED):
        agree(grads.dweight, expected.dweight, f"{what}: dweight", BACKWARD)
        agree(grads.dx, expected.dx, f"{what}: dx", BACKWARD)


@problem("A3")
def test_image_gradient_without_padding_is_whole(student, reference, rng):
    """With padding 0 nothing is cut off: dx has the shape of x."""
    geometries = [((2, 3, 5, 4), (4, 3, 2, 3), 1, 0), ((2, 3, 6, 5), (4, 3, 3, 2), 3, 0)]

    for what, grads, expected in gradients(student, reference, rng, geometries):
        agree(grads.dx, expected.dx, f"{what}: dx", BACKWARD)


@problem("A3")
def test_image_gradient_is_cut_out_of_its_border(student, reference, rng):
    """With padding 1, 2 or 3, dx is what is left when a border of that width is taken away."""
    geometries = [((2, 3, 5, 4), (4, 3, 3, 2), 1, padding) for padding in (1, 2, 3)]

    for what, grads, expected in gradients(student, reference, rng, geometries):
        agree(grads.dx, expected.dx, f"{what}: dx", BACKWARD)


@problem("A3")
def test_backward_pass_at_the_smallest_sizes(student, reference, rng):
    """Kernels of one pixel or as large as the image work backward, as do one image, one channel and one filter."""
    for what, grads, expected in gradients(student, reference, rng, EDGES):
        agree(grads, expected, what, BACKWARD)


@problem("A3")
def test_backward_pass_is_the_adjoint_of_the_forward_pass(student, reference, rng):
    """For any image v, the sum of v * dx is the sum of conv(v) * dy; for any weight, the sum with dweight likewise."""
    x, weight, bias, stride, padding = draw(rng, STRIDED[0])
    v, u = rng.normal(size=x.shape), rng.normal(size=weight.shape)
    of_v = reference.conv.conv2d_forward(v, weight, 0 * bias, stride, padding)[0]
    of_u, cache = reference.conv.conv2d_forward(x, u, 0 * bias, stride, padding)
    dy = rng.normal(size=of_v.shape)

    grads = student.conv.conv2d_backward(dy, cache._replace(weight=weight))

    what = name("conv2d_backward", STRIDED[0])
    holds(grads.dx.shape == x.shape, f"{what}: dx has shape {grads.dx.shape}")
    holds(grads.dweight.shape == weight.shape, f"{what}: dweight has shape {grads.dweight.shape}")
    sums, expected = [np.vdot(v, grads.dx), np.vdot(u, grads.dweight)], [np.vdot(of_v, dy), np.vdot(of_u, dy)]
    agree(np.array(sums), np.array(expected), f"{what}: sums of v * dx and u * dweight", BACKWARD)


@problem("A3")
def test_convolution_matrix_has_the_kernel_in_every_row(student, reference, rng):
    """conv1d_as_matrix writes the kernel into every row, one pixel further each time, and has n - k + 1 rows."""
    conv = student.with_ours("conv.conv_output_size").conv
    calls = [(rng.normal(size=k), n) for k, n in [(3, 7), (2, 5), (1, 4), (4, 4), (1, 1)]]

    matrices = conv.conv1d_as_matrix.each(calls)

    for matrix, (w, n) in zip(matrices, calls, strict=True):
        agree(matrix, reference.conv.conv1d_as_matrix(w, n), f"conv1d_as_matrix for {len(w)} weights, n={n}", FORWARD)
    with refuses(ValueError, "conv1d_as_matrix for 4 weights, n=3"):
        conv.conv1d_as_matrix(rng.normal(size=4), 3)


@problem("A3")
def test_backward_pass_leaves_its_arguments_alone(student, reference, rng):
    """conv2d_backward and conv1d_as_matrix change no argument, and dx, dweight and dbias have memory of their own."""
    conv = student.with_ours("conv.conv_output_size").conv

    for geometry in [PADDED, EDGES[0]]:
        y, cache = reference.conv.conv2d_forward(*draw(rng, geometry))
        dy = rng.normal(size=y.shape)

        grads = student.conv.conv2d_backward.purely(dy, cache)

        agree(grads, reference.conv.conv2d_backward(dy, cache), name("conv2d_backward", geometry), BACKWARD)

    w = rng.normal(size=3)
    agree(conv.conv1d_as_matrix.purely(w, 3), w[np.newaxis], "conv1d_as_matrix for 3 weights, n=3", FORWARD)
