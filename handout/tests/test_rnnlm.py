"""Public checks of numnet/rnnlm.py: the batch (H1), its loss (H2), probabilities (H3), sampling (H4)."""

import math
from itertools import product

import numpy as np
import pytest

from numnet.given.adam import adam_step
from numnet.given.claim import agree, purely
from numnet.given.gradcheck import largest_relative_error, numeric_gradient
from numnet.rnnlm import lm_inputs_targets, rnnlm_logprob, rnnlm_loss, sample

NUMERIC = 1e-5  # a numeric gradient is off by about 1e-9; a wrong formula by far more
BOS, EOS, PAD = 1, 2, 0


def draw_network(seed: int, rows: int = 1, V: int = 5, H: int = 4, scale: float = 1.0) -> dict[str, np.ndarray]:
    """Draw the weights of a language model with D = 3: one block of rows is Elman's network, four are the LSTM."""
    shapes = {"E": (V, 3), "W_xh": (rows * H, 3), "W_hh": (rows * H, H), "b_h": rows * H, "W_hy": (V, H), "b_y": V}
    if rows == 4:
        shapes["w_peep"] = (3, H)
    rng = np.random.default_rng(seed)
    return {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}


class Dice:
    """An rng that throws what it is told to."""

    def __init__(self, *throws):
        """Keep the throws to come."""
        self.throws = list(throws)

    def random(self):
        """Return the next number."""
        assert self.throws, "rng.random() was called more than once per word"
        return self.throws.pop(0)

    def __getattr__(self, name):
        """Refuse everything else that a generator can do."""
        raise AssertionError(f"call rng.random(), once per word, and not rng.{name}")


@pytest.mark.problem("H1")
def test_two_sentences_can_be_shifted_by_hand():
    """The sentences 5 7 and 6 begin with bos = 1 and end with eos = 2; the shorter one is filled up with 0."""
    inp, tgt, mask = purely(lm_inputs_targets, [[5, 7], [6]], BOS, EOS, PAD)

    assert inp.T.tolist() == [[1, 5, 7], [1, 6, 0]], f"inp: got the columns {inp.T.tolist()}"
    assert tgt.T.tolist() == [[5, 7, 2], [6, 2, 0]], f"tgt: got the columns {tgt.T.tolist()}"
    assert mask.T.tolist() == [[True, True, True], [True, True, False]], f"mask: got the columns {mask.T.tolist()}"
    assert [inp.dtype, tgt.dtype, mask.dtype] == [np.int64, np.int64, np.bool_]


@pytest.mark.problem("H1")
def test_padding_may_have_the_id_of_a_word():
    """With pad = 6 the word 6 still counts, as do start and end when they have the id of the padding."""
    for pad in (6, BOS, EOS):
        _, _, mask = lm_inputs_targets([[6, 7, 6], [6], []], BOS, EOS, pad)

        assert mask.sum(axis=0).tolist() == [4, 2, 1], f"pad = {pad}: words that count, {mask.sum(axis=0).tolist()}"


@pytest.mark.problem("H2")
def test_a_network_that_knows_nothing_loses_log_v():
    """With tiny weights every word is as likely as any other, and the loss is log V."""
    batch = lm_inputs_targets([[3, 4, 0], [4]], BOS, EOS, PAD)

    for rows in (1, 4):
        loss, _, _ = rnnlm_loss(draw_network(0, rows, scale=1e-4), *batch)

        agree(loss, math.log(5), "loss", within=1e-3)


@pytest.mark.problem("H2")
def test_gradients_of_a_language_model_agree_with_numeric_ones():
    """For both cells, moving each weight a little moves the loss as much as the gradients say."""
    batch = lm_inputs_targets([[3, 4, 3], [4]], BOS, EOS, PAD)

    for rows in (1, 4):
        params = draw_network(1, rows)
        _, grads, _ = purely(rnnlm_loss, params, *batch)

        assert grads.keys() == params.keys(), f"grads has the keys {sorted(grads)}, and params {sorted(params)}"
        for name, weight in params.items():
            numeric = numeric_gradient(
                lambda moved, name=name, params=params: np.array(rnnlm_loss(params | {name: moved}, *batch)[0]),
                weight,
                1.0,
            )
            error = largest_relative_error(grads[name], numeric)
            assert error < NUMERIC, f"rnnlm_loss: grads[{name!r}] is off by {error:.2g} of its largest magnitude"


@pytest.mark.problem("H2")
def test_whatever_stands_in_the_padding_is_not_read():
    """Numbers that are no words, where the mask is False, change neither loss nor gradients."""
    params = draw_network(2)
    inp, tgt, mask = lm_inputs_targets([[3, 4, 3], [4]], BOS, EOS, PAD)
    loss, grads, _ = rnnlm_loss(params, inp, tgt, mask)

    strange = rnnlm_loss(params, np.where(mask, inp, -1), np.where(mask, tgt, 99), mask)

    agree(strange[0], loss, "loss")
    for name in params:
        agree(strange[1][name], grads[name], f"grads[{name!r}]")


@pytest.mark.problem("H2")
def test_a_text_may_be_read_in_two_pieces():
    """From the state that the first two words leave the next three cost what they cost in one go."""
    inp, tgt = np.random.default_rng(3).integers(5, size=(2, 5, 2))
    mask = np.ones((5, 2), dtype=bool)

    for rows in (1, 4):
        params = draw_network(3, rows)
        first, _, state = rnnlm_loss(params, inp[:2], tgt[:2], mask[:2])
        second, _, _ = rnnlm_loss(params, inp[2:], tgt[2:], mask[2:], state)

        whole, _, _ = rnnlm_loss(params, inp, tgt, mask)
        agree((2 * first + 3 * second) / 5, whole, "the mean loss of both pieces")


@pytest.mark.problem("H2")
def test_one_line_can_be_learnt_by_heart():
    """After 60 steps of Adam the network is hardly surprised by the one sentence that it has seen."""
    params, state = draw_network(4, V=8, H=8, scale=0.3), None
    batch = lm_inputs_targets([[3, 4, 5, 3, 6, 7]], BOS, EOS, PAD)

    for _ in range(60):
        _, grads, _ = rnnlm_loss(params, *batch)
        params, state = adam_step(params, grads, lr=0.05, state=state)

    loss, _, _ = rnnlm_loss(params, *batch)
    assert loss < 0.1, f"the loss is still {loss:.3f}"


@pytest.mark.problem("H3")
def test_without_weights_three_words_have_a_third_power():
    """Each of the 5 words has probability 1/5, so two words and the end have 1/125."""
    blank = {name: 0 * weight for name, weight in draw_network(5).items()}

    agree(rnnlm_logprob(blank, [3, 4], BOS, EOS), -math.log(125), "rnnlm_logprob of two words")


@pytest.mark.problem("H3")
def test_short_sentences_leave_room_for_long_ones():
    """Of a language with two words, the sentences of up to 7 words have almost probability 1 together."""
    params = draw_network(6, V=3)
    sents = [list(sent) for length in range(8) for sent in product((0, 1), repeat=length)]

    total = sum(math.exp(rnnlm_logprob(params | {"b_y": np.array([0.0, 0.0, 3.0])}, sent, EOS, EOS)) for sent in sents)

    assert 0.9 < total < 1, f"the probabilities of {len(sents)} sentences add up to {total:.3f}"


@pytest.mark.problem("H4")
def test_the_temperature_moves_the_border_between_two_words():
    """Logits 0 and log 3 are 1/4 and 3/4 at temperature 1, 1/10 and 9/10 at 0.5, and 0.366 and 0.634 at 2."""
    blank = {name: 0 * weight for name, weight in draw_network(7, V=3).items()}
    params = blank | {"b_y": np.array([0.0, math.log(3), -100.0])}  # word 2 begins and ends a sentence

    for temperature, border in ((1.0, 0.25), (0.5, 0.1), (2.0, 0.36602540378)):
        for u, expected in ((border - 0.01, [0]), (border + 0.01, [1])):
            got = sample(params, Dice(u), 2, 2, 1, temperature)

            assert got == expected, f"u = {u:.3f} at temperature {temperature}: expected {expected}, got {got}"


@pytest.mark.problem("H4")
def test_at_temperature_zero_nothing_is_drawn():
    """The largest logit wins, at every word; without weights all are equal, and the lowest id wins."""
    params = draw_network(8)
    blank = {name: 0 * weight for name, weight in params.items()}

    certain = sample(blank | {"b_y": np.array([0.0, 0.0, 0.0, 9.0, 8.0])}, Dice(), BOS, EOS, 3, temperature=0.0)
    equal = sample(blank, Dice(), BOS, EOS, 2, temperature=0.0)

    assert certain == [3, 3, 3], f"expected [3, 3, 3], got {certain}"
    assert equal == [0, 0], f"expected [0, 0], got {equal}"


@pytest.mark.problem("H4")
def test_a_drawn_end_ends_the_sentence():
    """Every word has an interval of 1/5: 0.7 is word 3, 0.9 is word 4, and 0.5 is the end."""
    blank = {name: 0 * weight for name, weight in draw_network(9).items()}

    for throws, max_len, expected in (((0.7, 0.9, 0.5), 9, [3, 4]), ((0.5,), 9, []), ((0.9, 0.1), 2, [4, 0])):
        got = sample(blank, Dice(*throws), BOS, EOS, max_len)

        assert got == expected, f"{throws} with max_len = {max_len}: expected {expected}, got {got}"


@pytest.mark.problem("H4")
def test_the_word_that_was_drawn_is_read_next():
    """Word 3 is followed by 4, 4 by 0, and 0 by the end, because the cell passes on the word that it has just read."""
    follower = {BOS: 3, 3: 4, 4: 0, 0: EOS, EOS: EOS}
    W_hy = np.zeros((5, 5))
    for word, after in follower.items():
        W_hy[after, word] = 100.0
    params = {"E": 9 * np.eye(5), "W_xh": np.eye(5), "W_hh": np.zeros((5, 5)), "b_h": np.zeros(5)}

    got = sample(params | {"W_hy": W_hy, "b_y": np.zeros(5)}, Dice(0.5, 0.5, 0.5, 0.5), BOS, EOS, 9)

    assert got == [3, 4, 0], f"expected [3, 4, 0], got {got}"
