"""The reference as a runner."""

import platform
import sys

import numpy as np

from autograder.benchmarks.race import course
from autograder.benchmarks.race.course import HIDDEN, INPUT, KERNEL, N, T, normal
from autograder.benchmarks.race.runner import Work, serve


def conv2d() -> Work:
    """Convolve a batch of pictures, and go back."""
    from numnet.conv import conv2d_backward, conv2d_forward

    x = normal(1, course.PICTURES, course.CHANNELS, course.SIDE, course.SIDE)
    weight, bias = normal(2, course.FILTERS, course.CHANNELS, KERNEL, KERNEL), normal(3, course.FILTERS)

    def work() -> object:
        y, cache = conv2d_forward(x, weight, bias, padding=KERNEL // 2)
        return conv2d_backward(y, cache)

    return work


def max_pool2d() -> Work:
    """Pool feature maps, two by two, and go back."""
    from numnet.pool import max_pool2d_backward, max_pool2d_forward

    x = normal(1, course.PICTURES, course.FILTERS, course.SIDE, course.SIDE)

    def work() -> object:
        y, cache = max_pool2d_forward(x, 2)
        return max_pool2d_backward(y, cache)

    return work


def elman() -> Work:
    """Run an Elman network over a batch, and go back."""
    from numnet.given.caches import ElmanParams
    from numnet.rnn import elman_backward, elman_forward

    params = ElmanParams(normal(1, HIDDEN, INPUT), normal(2, HIDDEN, HIDDEN), normal(3, HIDDEN))
    x, h0 = normal(4, T, N, INPUT), np.zeros((N, HIDDEN))

    def work() -> object:
        h, _, cache = elman_forward(x, h0, params)
        return elman_backward(h, cache)

    return work


def lstm() -> Work:
    """Run an LSTM over a batch, and go back; it has peepholes."""
    from numnet.given.caches import LSTMParams
    from numnet.lstm import lstm_backward, lstm_forward

    weights = normal(1, 4 * HIDDEN, INPUT), normal(2, 4 * HIDDEN, HIDDEN), normal(3, 4 * HIDDEN), normal(5, 3, HIDDEN)
    params, x, zero = LSTMParams(*weights), normal(4, T, N, INPUT), np.zeros((N, HIDDEN))

    def work() -> object:
        h, _, _, cache = lstm_forward(x, zero, zero, params)
        return lstm_backward(h, cache)

    return work


def rnnlm() -> Work:
    """Take a step of training: the loss of T x N tokens, its gradients, and Adam."""
    from numnet.given.adam import adam_step
    from numnet.rnnlm import rnnlm_loss

    params = {
        "E": normal(1, course.VOCABULARY, course.EMBEDDING),
        "W_xh": normal(2, HIDDEN, course.EMBEDDING),
        "W_hh": normal(3, HIDDEN, HIDDEN),
        "b_h": np.zeros(HIDDEN),
        "W_hy": normal(4, course.VOCABULARY, HIDDEN),
        "b_y": np.zeros(course.VOCABULARY),
    }
    inp, tgt = np.random.default_rng(5).integers(course.VOCABULARY, size=(2, T, N))
    mask, state = np.ones((T, N), bool), None

    def work() -> object:
        nonlocal params, state
        _, grads, _ = rnnlm_loss(params, inp, tgt, mask)
        params, state = adam_step(params, grads, 1e-3, state)
        return state

    return work


def ngram_fit() -> Work:
    """Count the n-grams of a text."""
    from numnet.ngram import count_ngrams

    text = course.sentences()
    return lambda: count_ngrams(text, course.ORDER)


def kneser_ney() -> Work:
    """Ask a Kneser-Ney model for the perplexity of a few sentences."""
    from numnet.ngram import KneserNey, count_ngrams, perplexity

    text = course.sentences()
    model = KneserNey(count_ngrams(text, course.ORDER))
    return lambda: perplexity(model, text[: course.SCORED // 10])


if __name__ == "__main__":
    works = (conv2d, max_pool2d, elman, lstm, rnnlm, ngram_fit, kneser_ney)
    serve(
        {"Python": platform.python_version(), "NumPy": np.__version__},
        {work.__name__: work for work in works},
    )
    sys.exit()
