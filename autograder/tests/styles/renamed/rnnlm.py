"""A gambler with a memory of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from numnet import embedding, linear
from numnet.given.caches import ElmanCache, ElmanParams, LSTMCache, LSTMParams
from numnet.lstm import lstm_backward, lstm_forward
from numnet.rnn import elman_backward, elman_forward
from numnet.toolbox import Bag, Real, Wheel, Whole, YesNo

Arrays = Bag
State: TypeAlias = Real | tuple[Real, Real]


def init_rnnlm(rng: np.random.Generator, V: int, D: int, H: int, *, lstm: bool = False) -> Bag:
    """Draw the weights of a language model: rows of E from the normal distribution, the others between ±1/√H."""
    rows = 4 * H if lstm else H
    shapes = {"W_xh": (rows, D), "W_hh": (rows, H), "b_h": (rows,), "W_hy": (V, H), "b_y": (V,)}
    if lstm:
        shapes["w_peep"] = (3, H)
    weights = {name: rng.uniform(-1, 1, size=shape) / np.sqrt(H) for name, shape in shapes.items()}
    return {"E": rng.normal(size=(V, D))} | weights


@dataclass(frozen=True)
class Cell:
    """One of the two kinds of cell."""

    weights: ElmanParams | LSTMParams

    @classmethod
    def of(cls, params: Bag) -> "Cell":
        """Look which one it is."""
        kind = LSTMParams if "w_peep" in params else ElmanParams
        return cls(kind(**{letter: params[letter] for letter in kind._fields}))

    def rest(self, people: int) -> State:
        """The state of one who has read nothing."""
        calm = np.zeros((people, self.weights.W_hh.shape[1]))
        return (calm, calm) if isinstance(self.weights, LSTMParams) else calm

    def run(self, x: Real, state: State | None) -> tuple[Real, State, ElmanCache | LSTMCache]:
        """Read."""
        state = self.rest(x.shape[1]) if state is None else state
        if isinstance(self.weights, ElmanParams):
            return elman_forward(x, state, self.weights)
        moods, mood, vessel, memory = lstm_forward(x, *state, self.weights)
        return moods, (mood, vessel), memory


def cell_forward(params: Bag, x: Real, state: State | None = None) -> tuple[Real, State, ElmanCache | LSTMCache]:
    """Run the cell of params over x (T, N, D), from a state, which is zero if None."""
    return Cell.of(params).run(x, state)


def cell_backward(dh: Real, cache: ElmanCache | LSTMCache) -> tuple[Real, Bag]:
    """Send dh (T, N, H) back through the cell."""
    if isinstance(cache, ElmanCache):
        found, letters = elman_backward(dh, cache), ElmanParams._fields
    else:
        found, letters = lstm_backward(dh, cache), LSTMParams._fields
    return found.dx, {letter: getattr(found, "d" + letter) for letter in letters}


def lm_inputs_targets(sents_ids: Sequence[Sequence[int]], bos: int, eos: int, pad: int) -> tuple[Whole, Whole, YesNo]:
    """What is read, and what is to be guessed after it."""
    days = 1 + max(len(sentence) for sentence in sents_ids)
    read, guess = (np.full((days, len(sents_ids)), pad, dtype=np.int64) for _ in range(2))
    present = np.zeros((days, len(sents_ids)), dtype=bool)
    for column, sentence in enumerate(sents_ids):
        until = len(sentence) + 1
        read[:until, column] = [bos, *sentence]
        guess[:until, column] = [*sentence, eos]
        present[:until, column] = True
    return read, guess, present


def rnnlm_loss(params: Bag, inp: Whole, tgt: Whole, mask: YesNo, h0: State | None = None) -> tuple[float, Bag, State]:
    """Surprise, blame, and where to go on."""
    readable = inp.copy()
    readable[~mask] = 0
    vectors, drawers = embedding.embedding_forward(readable, params["E"])
    moods, state, memory = cell_forward(params, vectors, h0)
    votes, readout = linear.linear_forward(moods, params["W_hy"], params["b_y"])
    how_much, blame = linear.softmax_cross_entropy(votes, tgt, mask)
    of_readout = linear.linear_backward(blame, readout)
    of_vectors, found = cell_backward(of_readout.dx, memory)
    found["W_hy"], found["b_y"] = of_readout.dW, of_readout.db
    found["E"] = embedding.embedding_backward(of_vectors, drawers)
    return how_much, found, state


def rnnlm_logprob(params: Bag, sent_ids: Sequence[int], bos: int, eos: int) -> float:
    """A batch of one sentence; its mean surprise, times its words."""
    read, guess, present = lm_inputs_targets([list(sent_ids)], bos, eos, pad=bos)
    vectors, _ = embedding.embedding_forward(read, params["E"])
    moods, _, _ = cell_forward(params, vectors)
    votes, _ = linear.linear_forward(moods, params["W_hy"], params["b_y"])
    how_much, _ = linear.softmax_cross_entropy(votes, guess, present)
    return -how_much * len(read)


def sample(
    params: Bag, rng: np.random.Generator, bos: int, eos: int, max_len: int, temperature: float = 1.0
) -> list[int]:
    """Say what the wheel says."""
    story, state = [bos], None
    for _ in range(max_len):
        vectors, _ = embedding.embedding_forward(np.array([story[-1:]]), params["E"])
        moods, state, _ = cell_forward(params, vectors, state)
        votes = linear.linear_forward(moods, params["W_hy"], params["b_y"])[0].ravel()
        if temperature == 0:
            token = int(np.argmax(votes))
        else:
            sectors = np.exp((votes - votes.max()) / temperature)
            token = Wheel(sectors / sectors.sum()).stops_at(rng.random())
        if token == eos:
            break
        story.append(token)
    return story[1:]
