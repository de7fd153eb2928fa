"""What checks of translators are made of: weights, padded sentences, a small language of numbers, and Adam.

Letters: T words of a source, T' of a target, N sentences, D numbers per word, H hidden. A grid point is
(T, T', N, D, H, V_src, V_tgt).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograder.checks.claim import holds
from autograder.checks.sequence import require_state

Arrays = dict[str, np.ndarray]
Point = tuple[int, int, int, int, int, int, int]

LAYERS = (
    "embedding.embedding_forward",
    "embedding.embedding_backward",
    "linear.linear_forward",
    "linear.linear_backward",
    "linear.softmax_cross_entropy",
    "lstm.lstm_step_forward",
    "lstm.lstm_step_backward",
    "lstm.lstm_forward",
    "lstm.lstm_backward",
)
BOS, EOS = 10, 11  # after the ten digits
NUMBERS = (3, 4, 32, 24, 24, 30, 12)  # the grid point of a translator of numbers


def draw_translator(rng: np.random.Generator, point: Point) -> Arrays:
    """Draw the weights of a translator; none of them is 0."""
    _, _, _, inputs, hidden, *vocabularies = point
    params = {}
    for side, words in zip(("enc", "dec"), vocabularies, strict=True):
        params[f"{side}.E"] = rng.normal(size=(words, inputs))
        params[f"{side}.W_xh"] = rng.normal(size=(4 * hidden, inputs)) / np.sqrt(inputs)
        params[f"{side}.W_hh"] = rng.normal(size=(4 * hidden, hidden)) / np.sqrt(hidden)
        params[f"{side}.b_h"] = rng.normal(size=4 * hidden)
        params[f"{side}.w_peep"] = rng.normal(size=(3, hidden))
    return params | {"W_hy": rng.normal(size=(words, hidden)), "b_y": rng.normal(size=words)}


def lstm_of(reference: Any, params: Arrays, side: str) -> Any:
    """Return the LSTMParams of a side, "enc" or "dec"."""
    return reference.lstm.LSTMParams(*(params[f"{side}.{name}"] for name in ("W_xh", "W_hh", "b_h", "w_peep")))


def draw_ids(rng: np.random.Generator, shape: tuple[int, int], words: int) -> np.ndarray:
    """Draw ids (T, N), padding included."""
    return rng.integers(words, size=shape)


def shorter_and_shorter(steps: int, batch: int) -> np.ndarray:
    """Return a mask (T, N) of sentences of T, T - 1, ..., 1 words, and T again."""
    return np.arange(steps)[:, np.newaxis] < steps - np.arange(batch) % steps


def draw_batch(rng: np.random.Generator, point: Point) -> tuple[np.ndarray, ...]:
    """Draw src, src_mask, tgt_in, tgt_out and tgt_mask; tgt_out is not tgt_in, shifted, but everywhere another word."""
    source, target, batch, _, _, V_src, V_tgt = point
    tgt_in = draw_ids(rng, (target, batch), V_tgt)
    tgt_out = (tgt_in + 1 + draw_ids(rng, tgt_in.shape, max(V_tgt - 1, 1))) % V_tgt
    src_mask, tgt_mask = shorter_and_shorter(source, batch), shorter_and_shorter(target, batch)[:, ::-1]
    return draw_ids(rng, (source, batch), V_src), src_mask, tgt_in, tgt_out, tgt_mask


def pad(sentences: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Put sentences side by side: ids and mask (T, N), with id 0 for padding."""
    ids = np.zeros((max(map(len, sentences)), len(sentences)), dtype=np.int64)
    mask = np.zeros(ids.shape, dtype=bool)
    for n, sentence in enumerate(sentences):
        ids[: len(sentence), n] = sentence
        mask[: len(sentence), n] = True
    return ids, mask


def digits_of(number: int) -> list[int]:
    """Return the digits of a number."""
    return [int(digit) for digit in str(number)]


def spell(number: int) -> list[int]:
    """Return a number in the words of a regular language: each place has ten words of its own, for 0 to 9.

    >>> spell(305)  # three hundreds, no tens, five ones
    [23, 10, 5]
    """
    digits = digits_of(number)
    return [10 * (len(digits) - place) + digit for place, digit in enumerate(digits, start=1)]


def number_batch(numbers: Iterable[int]) -> tuple[np.ndarray, ...]:
    """Return src, src_mask, tgt_in, tgt_out and tgt_mask of numbers, from words to digits."""
    words, digits = [spell(number) for number in numbers], [digits_of(number) for number in numbers]
    tgt_in, tgt_mask = pad([[BOS, *word] for word in digits])
    tgt_out, _ = pad([[*word, EOS] for word in digits])
    return *pad(words), tgt_in, tgt_out, tgt_mask


def draw_start(rng: np.random.Generator) -> Arrays:
    """Draw weights from which a translator of numbers learns well: small ones, and cells that are kept at first."""
    params = {name: array / 2 for name, array in draw_translator(rng, NUMBERS).items()}
    hidden = NUMBERS[4]
    for side in ("enc", "dec"):
        params[f"{side}.b_h"] = np.repeat([0.0, 1.0, 0.0, 0.0], hidden)  # the block of f
    return params


def require_gradients(grads: Arrays, params: Arrays) -> None:
    """Fail unless gradients can be used for a step: the names, the shapes, finite float64 numbers."""
    __tracebackhide__ = True
    holds(grads.keys() == params.keys(), "seq2seq_loss: gradients of other names than those of params")
    for name, array in grads.items():
        require_state(array, params[name].shape, f"seq2seq_loss: grads[{name!r}]")


class Adam:
    """Adam (Kingma and Ba, 2015): steps whose size does not depend on that of the gradients."""

    def __init__(self, lr: float, decay: float = 0.9, decay_of_squares: float = 0.99) -> None:
        """Start without a memory of gradients."""
        self.lr, self.decay, self.decay_of_squares = lr, decay, decay_of_squares
        self.steps = 0
        self.mean: Arrays = {}
        self.square: Arrays = {}

    def step(self, params: Arrays, grads: Arrays) -> Arrays:
        """Return the weights after one more step; params and grads have the same names and shapes."""
        self.steps += 1
        moved = {}
        for name, theta in params.items():
            self.mean[name] = self._follow(self.mean.get(name, 0 * theta), grads[name], self.decay)
            self.square[name] = self._follow(self.square.get(name, 0 * theta), grads[name] ** 2, self.decay_of_squares)
            mean = self.mean[name] / (1 - self.decay**self.steps)
            square = self.square[name] / (1 - self.decay_of_squares**self.steps)
            moved[name] = theta - self.lr * mean / (np.sqrt(square) + 1e-8)
        return moved

    @staticmethod
    def _follow(average: np.ndarray, value: np.ndarray, decay: float) -> np.ndarray:
        return decay * average + (1 - decay) * value
