"""Public checks of numnet/seq2seq.py: the encoder, the loss and its gradients (I1), and translating (I2).

Letters: T words of a source or target, N sentences, D numbers per word, H hidden, V words.
"""

import numpy as np
import pytest

from numnet.given.claim import agree, purely
from numnet.given.gradcheck import numeric_gradient
from numnet.seq2seq import encode, greedy_decode, lstm_weights, masked_lstm_forward, seq2seq_loss

NUMERIC = 1e-5  # central differences are good to 1e-9; a wrong formula is off by far more
PADDED = np.array([[True, True, True], [True, False, True], [True, False, False]])  # sentences of 3, 1 and 2 words


def draw_weights(seed: int, *, size: float, D: int = 3, H: int = 4, V: tuple[int, int] = (5, 6)) -> dict:
    """Draw the weights of a translator; V: the words of the sources, and those of the targets."""
    rng = np.random.default_rng(seed)
    shapes = {"W_hy": (V[1], H), "b_y": (V[1],)}
    for side, words in zip(("enc", "dec"), V, strict=True):
        weights = {"E": (words, D), "W_xh": (4 * H, D), "W_hh": (4 * H, H), "b_h": (4 * H,), "w_peep": (3, H)}
        shapes |= {f"{side}.{name}": shape for name, shape in weights.items()}
    return {name: size * rng.normal(size=shape) for name, shape in shapes.items()}


def draw_call(seed: int) -> tuple:
    """Draw the arguments of a loss, but for params: three sources and three targets, both padded with id 0."""
    rng = np.random.default_rng(seed)
    src, tgt_in, tgt_out = (np.where(PADDED, rng.integers(1, 5, size=(3, 3)), 0) for _ in range(3))
    return src, PADDED, tgt_in, tgt_out, PADDED[:, ::-1]


def blank_counter() -> dict:
    """Return weights of 0, except that the encoder's g is 1: its cell counts words, and halves at each of them."""
    params = draw_weights(0, size=0.0, H=1)
    return params | {"enc.b_h": np.array([0.0, 0.0, 100.0, 0.0])}


def next_word_teller(words: int) -> dict:
    """Return weights with which the word i + 1 is always said after the word i, whatever the source."""
    params = draw_weights(0, size=0.0, D=words, H=words, V=(5, words))
    block_of_g = slice(2 * words, 3 * words)
    params["dec.E"] = np.eye(words)
    params["dec.W_xh"][block_of_g] = np.eye(words)
    params["dec.b_h"] = np.repeat([100.0, -100.0, 0.0, 100.0], words)  # write all, keep nothing, show all
    params["W_hy"] = np.eye(words, k=-1)
    return params


@pytest.mark.problem("I1")
def test_padding_leaves_the_cell_as_it_is():
    """Where every word adds 1 to half of the cell, the cells after 3, 1 and 2 words are 0.875, 0.5 and 0.75."""
    h, c = encode(blank_counter(), np.where(PADDED, 2, -1), PADDED)

    agree(c, [[0.875], [0.5], [0.75]], "c")
    agree(h, np.tanh(c) / 2, "h")


@pytest.mark.problem("I1")
def test_states_repeat_where_the_mask_is_false():
    """Where the mask is True, False, True the second state is the first once more, and the third goes on from it."""
    params = lstm_weights(draw_weights(1, size=1.0), "enc")
    x, zero = np.random.default_rng(2).normal(size=(3, 1, 3)), np.zeros((1, 4))

    h, h_T, c_T, cache = masked_lstm_forward(x, np.array([[True], [False], [True]]), zero, zero, params)

    short, _, c_short, _ = masked_lstm_forward(x[::2], np.array([[True], [True]]), zero, zero, params)
    agree(h, short[[0, 0, 1]], "h")
    agree(h_T, short[1], "h_T")
    agree(c_T, c_short, "c_T")
    assert len(cache.steps) == 3


@pytest.mark.problem("I1")
def test_the_first_loss_is_that_of_guessing():
    """With small weights all 6 words are about equally likely: the loss is log 6 = 1.792."""
    loss, grads = seq2seq_loss(draw_weights(3, size=0.001), *draw_call(4))

    agree(loss, float(np.log(6.0)), "loss", within=1e-3)
    assert grads.keys() == draw_weights(3, size=0.001).keys()


@pytest.mark.problem("I1")
def test_gradients_of_a_translator_agree_with_numeric_ones():
    """Moving any number of any weight moves the loss as its gradient says, back to the words of the source."""
    params, given = draw_weights(5, size=0.7), draw_call(6)

    _, grads = purely(seq2seq_loss, params, *given)

    for name, array in params.items():
        numeric = numeric_gradient(
            lambda moved, name=name: np.array(seq2seq_loss(params | {name: moved}, *given)[0]), array, dy=1.0
        )
        agree(grads[name], numeric, f"grads[{name!r}]", NUMERIC)


@pytest.mark.problem("I1")
def test_two_words_are_learnt_by_heart():
    """After 200 steps downhill the translator repeats any two of four words: the loss is below 0.1."""
    params, bos, eos = draw_weights(7, size=0.5, D=8, H=16, V=(4, 6)), 4, 5
    src = np.array([[first, second] for first in range(4) for second in range(4)]).T  # (2, 16)
    tgt_in, tgt_out = np.insert(src, 0, bos, axis=0), np.insert(src, 2, eos, axis=0)
    batch = src, np.full(src.shape, True), tgt_in, tgt_out, np.full(tgt_in.shape, True)
    velocity = dict.fromkeys(params, 0.0)

    for _ in range(200):
        loss, grads = seq2seq_loss(params, *batch)
        velocity = {name: 0.9 * velocity[name] + grads[name] for name in params}
        params = {name: theta - 0.2 * velocity[name] for name, theta in params.items()}

    assert loss < 0.1, f"the loss is {loss:.3f}"


@pytest.mark.problem("I2")
def test_the_decoder_reads_what_it_has_said():
    """Where each word calls for the next one, bos = 0 leads to 1, 2 and 3, and 4 is eos, for every source."""
    sentences = greedy_decode(next_word_teller(5), np.zeros((2, 3), dtype=np.int64), np.full((2, 3), True), 0, 4, 10)

    assert sentences == [[1, 2, 3], [1, 2, 3], [1, 2, 3]]
    assert type(sentences[0][0]) is int


@pytest.mark.problem("I2")
def test_a_translation_stops_in_time():
    """At most max_len words are said, none if max_len is 0, and none if eos comes first."""
    source = np.zeros((2, 1), dtype=np.int64), np.full((2, 1), True)

    assert greedy_decode(next_word_teller(5), *source, 0, 4, 2) == [[1, 2]]
    assert greedy_decode(next_word_teller(5), *source, 0, 4, 0) == [[]]
    assert greedy_decode(next_word_teller(5), *source, 3, 4, 10) == [[]]
