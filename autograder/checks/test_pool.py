"""Hidden checks of pool.py: A4, max-pooling.

A geometry is (x.shape, kernel_size, stride), with the letters of numnet.pool. Our conv_output_size is put in place, so
that a slip in A2 costs nothing here. The pixels of an image are all different, unless a check is about equal ones.
"""

import numpy as np

from autograder.checks.claim import BACKWARD, FORWARD, agree, problem, refuses

TILES = [((2, 3, 4, 6), (2, 3), None), ((2, 3, 6, 4), (3, 2), None)]
OVERLAPS = [((2, 3, 7, 9), 3, 2), ((2, 3, 7, 6), (3, 2), (2, 1)), ((1, 2, 5, 7), 2, (1, 3))]
LEFTOVERS = [((2, 3, 5, 7), 2, None), ((2, 3, 7, 6), (2, 3), (3, 2))]
EDGES = [((2, 3, 4, 5), 1, None), ((2, 3, 3, 2), (3, 2), None), ((1, 1, 3, 2), (1, 2), 1), ((1, 1, 1, 1), 1, None)]


def draw(rng, shape):
    """Draw an image whose pixels are all different, so many of them negative that in some windows all of them are."""
    return rng.permutation(np.prod(shape)).reshape(shape) - 0.8 * np.prod(shape) + 0.25


def name(function, geometry):
    """Name the call in the student's words."""
    shape, kernel_size, stride = geometry
    return f"{function} for x of shape {shape}, kernel_size={kernel_size}, stride={stride}"


def forwards(student, reference, rng, geometries):
    """Yield what to call the answer, the student's output and cache, and ours, once for each geometry."""
    calls = [(draw(rng, shape), *how) for shape, *how in geometries]

    answers = student.with_ours("conv.conv_output_size").pool.max_pool2d_forward.each(calls)

    for geometry, call, answer in zip(geometries, calls, answers, strict=True):
        yield name("max_pool2d_forward", geometry), answer, reference.pool.max_pool2d_forward(*call)


def backwards(student, reference, rng, geometries):
    """Yield what to call the answer, the student's dx, and ours, once for each geometry."""
    passes = [reference.pool.max_pool2d_forward(draw(rng, shape), *how) for shape, *how in geometries]
    calls = [(rng.normal(size=y.shape), cache) for y, cache in passes]

    answers = student.pool.max_pool2d_backward.each(calls)

    for geometry, call, dx in zip(geometries, calls, answers, strict=True):
        yield name("max_pool2d_backward", geometry), dx, reference.pool.max_pool2d_backward(*call)


@problem("A4")
def test_pooling_keeps_the_largest_pixel_of_each_tile(student, reference, rng):
    """Without a stride the windows lie side by side; they may be higher than wide or wider than high."""
    for what, (y, _), expected in forwards(student, reference, rng, TILES):
        agree(y, expected[0], f"{what}: y", FORWARD)


@problem("A4")
def test_pooling_windows_are_a_stride_apart(student, reference, rng):
    """With a stride, one number or one for each direction, windows are that far apart and may overlap."""
    for what, (y, _), expected in forwards(student, reference, rng, OVERLAPS):
        agree(y, expected[0], f"{what}: y", FORWARD)


@problem("A4")
def test_pooling_leaves_out_what_no_window_covers(student, reference, rng):
    """Rows and columns at the end that no whole window covers are left out: the output size is rounded down."""
    for what, (y, _), expected in forwards(student, reference, rng, LEFTOVERS):
        agree(y, expected[0], f"{what}: y", FORWARD)


@problem("A4")
def test_pooling_at_the_smallest_sizes(student, reference, rng):
    """Windows of one pixel or as large as the image work, forward and backward."""
    for what, answer, expected in forwards(student, reference, rng, EDGES):
        agree(answer, expected, what, FORWARD)
    for what, dx, expected in backwards(student, reference, rng, EDGES):
        agree(dx, expected, f"{what}: dx", BACKWARD)


@problem("A4")
def test_pooling_of_negative_pixels_is_negative(student, rng):
    """Where all pixels are negative, so is their maximum."""
    x = -1.0 - rng.random(size=(2, 3, 4, 6))

    y = student.with_ours("conv.conv_output_size").pool.max_pool2d_forward.output(x, 2)

    agree(y, x.reshape(2, 3, 2, 2, 3, 2).max(axis=(3, 5)), "max_pool2d_forward for negative pixels: y", FORWARD)


@problem("A4")
def test_pooling_remembers_where_in_the_plane(student, reference, rng):
    """The cache has the shape of x, and argmax counts pixels in the whole plane of x, row by row."""
    for what, (_, cache), expected in forwards(student, reference, rng, [TILES[0], OVERLAPS[1], LEFTOVERS[0]]):
        agree(cache, expected[1], f"{what}: the cache", FORWARD)


@problem("A4")
def test_first_of_equal_pixels_wins(student, reference):
    """Among equal pixels of a window the first one in reading order is the maximum: row by row, left to right."""
    pool = student.with_ours("conv.conv_output_size").pool
    constant = np.full((2, 1, 4, 6), -3.0)
    stripes = np.tile([[[[0.0, 2.0, 2.0]], [[2.0, 0.0, 2.0]]]], (1, 1, 4, 2))

    for x in (constant, stripes):
        _, cache = pool.max_pool2d_forward(x, 3, 1)

        expected = reference.pool.max_pool2d_forward(x, 3, 1)[1]
        agree(cache.argmax, expected.argmax, "max_pool2d_forward for equal pixels: argmax", FORWARD)


@problem("A4")
def test_pooling_gradient_goes_to_the_largest_pixel(student, reference, rng):
    """Every dy goes to the pixel that was the maximum of its window, in its own image and channel; the rest is 0."""
    for what, dx, expected in backwards(student, reference, rng, TILES + LEFTOVERS):
        agree(dx, expected, f"{what}: dx", BACKWARD)


@problem("A4")
def test_pooling_gradient_adds_up_where_windows_overlap(student, reference, rng):
    """A pixel that was the maximum of several windows gets the sum of their dy."""
    for what, dx, expected in backwards(student, reference, rng, OVERLAPS):
        agree(dx, expected, f"{what}: dx", BACKWARD)


@problem("A4")
def test_window_that_sticks_out_is_refused(student, rng):
    """A window may be as large as the image; one row or one column more raises ValueError."""
    pool = student.with_ours("conv.conv_output_size").pool
    x = rng.random(size=(2, 3, 4, 3))

    y = pool.max_pool2d_forward.output(x, (4, 3))
    agree(y, x.max(axis=(2, 3), keepdims=True), "max_pool2d_forward with a window that just fits: y")
    for kernel_size in [(5, 3), 4]:
        with refuses(ValueError, f"max_pool2d_forward for 4 x 3 images, kernel_size={kernel_size}"):
            pool.max_pool2d_forward(x, kernel_size)


@problem("A4")
def test_pooling_leaves_its_arguments_alone(student, reference, rng):
    """max_pool2d_forward and max_pool2d_backward change no argument, and their results have memory of their own."""
    pool = student.with_ours("conv.conv_output_size").pool
    x = draw(rng, (2, 3, 5, 4))

    for kernel_size in (1, 2):
        expected = reference.pool.max_pool2d_forward(x, kernel_size)
        dy = rng.normal(size=expected[0].shape)

        answer = pool.max_pool2d_forward.purely(x, kernel_size)
        dx = pool.max_pool2d_backward.purely(dy, expected[1])

        agree(answer, expected, f"max_pool2d_forward with kernel_size={kernel_size}", FORWARD)
        agree(dx, reference.pool.max_pool2d_backward(dy, expected[1]), "max_pool2d_backward: dx", BACKWARD)
