"""The checks of an audition: what the examples of messages.toml are asked, so that something can be told about them.

They are no checks of the assignment; what they say is said in the same words.
"""

from collections.abc import Callable, Mapping

import numpy as np

from autograder.checks.claim import agree, refuses
from autograder.desk import offer
from autograder.errors import StudentError
from autograder.reference import Reference
from autograder.student import Student

X = np.array([[1.0, -2.0, 3.0], [0.0, 5.0, -6.0]])
DY = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
W = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])


def relu_backward(student: Student, reference: Reference) -> None:
    """Ask for the gradient of ReLU."""
    cache = reference.linear.ReLUCache(X)
    dx = student.linear.relu_backward.purely(DY, cache)
    agree(dx, reference.linear.relu_backward(DY, cache), "relu_backward: dx")


def relu_backward_twice(student: Student, reference: Reference) -> None:
    """Ask again, whatever came of it."""
    cache = reference.linear.ReLUCache(X)
    try:
        student.linear.relu_backward(DY, cache)
    except StudentError:
        student.linear.relu_backward(DY, cache)


def relu_forward(student: Student, reference: Reference) -> None:
    """Ask for ReLU, without its cache."""
    agree(student.linear.relu_forward.output(X), reference.linear.relu_forward(X)[0], "relu_forward: y")


def linear_forward(student: Student, reference: Reference) -> None:
    """Ask for a linear layer and its cache."""
    z, _ = student.linear.linear_forward(X, W, np.zeros(2))
    agree(z, reference.linear.linear_forward(X, W, np.zeros(2))[0], "linear_forward: z")


def linear_backward(student: Student, reference: Reference) -> None:
    """Ask for a record of three gradients."""
    dz, cache = DY[:, :2], reference.linear.LinearCache(X, W)
    grads = student.linear.linear_backward.purely(dz, cache)
    agree(grads, reference.linear.linear_backward(dz, cache), "linear_backward")


def conv_output_size(student: Student, reference: Reference) -> None:
    """Ask for an int."""
    size = student.conv.conv_output_size(7, 3, 2, 1)
    agree(size, reference.conv.conv_output_size(7, 3, 2, 1), "conv_output_size(7, 3, 2, 1)")


def conv_output_size_each(student: Student, reference: Reference) -> None:
    """Make two calls at once."""
    calls = [(6, 3, 2, 1), (6, 3, 3, 0)]
    sizes = student.conv.conv_output_size.each(calls)
    agree(sizes, [reference.conv.conv_output_size(*call) for call in calls], "conv_output_size")


def conv_output_size_refuses(student: Student, _: Reference) -> None:
    """Demand an exception."""
    with refuses(ValueError, "conv_output_size(2, 5, 1, 0)"):
        student.conv.conv_output_size(2, 5, 1, 0)


def lm_inputs_targets(student: Student, reference: Reference) -> None:
    """Ask for integers."""
    inputs, _, _ = student.rnnlm.lm_inputs_targets([[3, 4]], bos=1, eos=2, pad=0)
    agree(inputs, reference.rnnlm.lm_inputs_targets([[3, 4]], bos=1, eos=2, pad=0)[0], "lm_inputs_targets: inp")


def bio_encode(student: Student, reference: Reference) -> None:
    """Ask for a list."""
    tags = student.tagging.bio_encode([], 2)
    agree(tags, reference.tagging.bio_encode([], 2), "bio_encode([], 2)")


def mle(student: Student, reference: Reference) -> None:
    """Ask for a float."""
    counts = reference.ngram.count_ngrams([["a"], ["b"], ["a"], ["a"]], 2)
    agree(student.ngram.mle(counts, "a", ("<s>",)), reference.ngram.mle(counts, "a", ("<s>",)), "mle of 'a' after <s>")


def MLE(student: Student, reference: Reference) -> None:
    """Ask for an object of a class."""
    student.ngram.MLE(reference.ngram.count_ngrams([["a"]], 2))


def conditional_dist(student: Student, reference: Reference) -> None:
    """Ask for a dict."""
    model = reference.ngram.MLE(reference.ngram.count_ngrams([["a"]], 2))
    offered = offer(model, methods=("prob",), attributes=("counts",))
    found = student.ngram.conditional_dist(offered, ("a",))
    agree(found, reference.ngram.conditional_dist(model, ("a",)), "conditional_dist after 'a'")


def sentence_logprob(student: Student, reference: Reference) -> None:
    """Ask for the logarithm of 0."""
    model = reference.ngram.MLE(reference.ngram.count_ngrams([["a"]], 2))
    found = student.ngram.sentence_logprob(offer(model, methods=("prob",), attributes=("counts",)), ["a", "a"])
    agree(found, reference.ngram.sentence_logprob(model, ["a", "a"]), "sentence_logprob of an impossible sentence")


CHECKS: Mapping[str, Callable[[Student, Reference], None]] = {
    check.__name__: check
    for check in (
        relu_backward,
        relu_backward_twice,
        relu_forward,
        linear_forward,
        linear_backward,
        conv_output_size,
        conv_output_size_each,
        conv_output_size_refuses,
        lm_inputs_targets,
        bio_encode,
        mle,
        MLE,
        conditional_dist,
        sentence_logprob,
    )
}
