"""An interpreter: one half listens, the other one speaks."""

from dataclasses import dataclass

import numpy as np

from numnet.embedding import embedding_backward as into_drawers
from numnet.embedding import embedding_forward as from_drawers
from numnet.given.caches import EmbeddingCache, LSTMCache, LSTMGrads, LSTMParams
from numnet.linear import linear_backward as unweigh
from numnet.linear import linear_forward as weigh
from numnet.linear import softmax_cross_entropy as surprise
from numnet.lstm import lstm_step_backward as day_back
from numnet.lstm import lstm_step_forward as day
from numnet.toolbox import Bag, Ledger, Real, Whole, YesNo

Arrays = Bag


def lstm_weights(params: Bag, side: str) -> LSTMParams:
    """Return the weights of one LSTM; side: "enc" or "dec"."""
    return LSTMParams(*(params[f"{side}.{name}"] for name in LSTMParams._fields))


def masked_lstm_forward(
    x: Real, mask: YesNo, h0: Real, c0: Real, params: LSTMParams
) -> tuple[Real, Real, Real, LSTMCache]:
    """Who is silent stays as they are."""
    mood, vessel, moods, memories = h0, c0, [], []
    for news, present in zip(x, mask[:, :, np.newaxis], strict=True):
        new_mood, new_vessel, memory = day(news, mood, vessel, params)
        mood = present * new_mood + ~present * mood
        vessel = present * new_vessel + ~present * vessel
        moods.append(mood)
        memories.append(memory)
    return np.array(moods), mood, vessel, LSTMCache(tuple(memories))


def masked_lstm_backward(dh: Real, mask: YesNo, cache: LSTMCache, dh_T: Real, dc_T: Real) -> LSTMGrads:
    """Who was silent hands on what they are told."""
    of_mood, of_vessel, ledger, of_news = dh_T, dc_T, Ledger(), []
    for told, present, memory in zip(dh[::-1], mask[::-1, :, np.newaxis], cache.steps[::-1], strict=True):
        of_mood = of_mood + told
        found = day_back(of_mood * present, of_vessel * present, memory)
        of_mood = found.dh_prev * present + of_mood * ~present
        of_vessel = found.dc_prev * present + of_vessel * ~present
        of_news.append(found.dx * present)
        ledger.book(found[3:])
    return LSTMGrads(np.array(of_news[::-1]), of_mood, of_vessel, *ledger.totals)


@dataclass
class Half:
    """The listening or the speaking half, and what it remembers."""

    side: str
    params: Bag
    present: YesNo
    drawers: EmbeddingCache | None = None
    memory: LSTMCache | None = None

    def run(self, tokens: Whole, mood: Real, vessel: Real) -> tuple[Real, Real, Real]:
        """Go through the tokens."""
        vectors, self.drawers = from_drawers(np.where(self.present, tokens, 0), self.params[f"{self.side}.E"])
        weights = lstm_weights(self.params, self.side)
        moods, mood, vessel, self.memory = masked_lstm_forward(vectors, self.present, mood, vessel, weights)
        return moods, mood, vessel

    def blame(self, of_moods: Real, of_mood: Real, of_vessel: Real) -> tuple[Bag, Real, Real]:
        """Return gradients by name, and those of the state it started from."""
        found = masked_lstm_backward(of_moods, self.present, self.memory, of_mood, of_vessel)
        bag = {f"{self.side}.E": into_drawers(found.dx, self.drawers)}
        for letter, amount in zip(LSTMParams._fields, found[3:], strict=True):
            bag[f"{self.side}.{letter}"] = amount
        return bag, found.dh0, found.dc0


def _calm(params: Bag, people: int) -> Real:
    return np.zeros((people, params["dec.W_hh"].shape[1]))


def encode(params: Bag, src: Whole, src_mask: YesNo) -> tuple[Real, Real]:
    """Listen."""
    calm = _calm(params, src.shape[1])
    _, mood, vessel = Half("enc", params, src_mask).run(src, calm, calm)
    return mood + 0.0, vessel + 0.0  # of our own, also if nobody said anything


def seq2seq_loss(
    params: Bag, src: Whole, src_mask: YesNo, tgt_in: Whole, tgt_out: Whole, tgt_mask: YesNo
) -> tuple[float, Bag]:
    """Listen, speak, and be told."""
    listener, speaker = Half("enc", params, src_mask), Half("dec", params, tgt_mask)
    calm = _calm(params, src.shape[1])
    heard, *thought = listener.run(src, calm, calm)
    moods, _, _ = speaker.run(tgt_in, *thought)
    votes, readout = weigh(moods, params["W_hy"], params["b_y"])
    how_much, blame = surprise(votes, tgt_out, tgt_mask)
    of_moods, of_matrix, of_shift = unweigh(blame, readout)
    bag, *of_thought = speaker.blame(of_moods, calm, calm)
    more, _, _ = listener.blame(np.zeros(heard.shape), *of_thought)
    return how_much, bag | more | {"W_hy": of_matrix, "b_y": of_shift}


def greedy_decode(params: Bag, src: Whole, src_mask: YesNo, bos: int, eos: int, max_len: int) -> list[list[int]]:
    """Speak until everybody is done."""
    mood, vessel = encode(params, src, src_mask)
    weights = lstm_weights(params, "dec")
    spoken, last = [[] for _ in mood], np.full(len(mood), bos, dtype=np.int64)
    busy = set(range(len(mood)))
    for _ in range(max_len):
        if not busy:
            break
        vectors, _ = from_drawers(last, params["dec.E"])
        mood, vessel, _ = day(vectors, mood, vessel, weights)
        votes, _ = weigh(mood, params["W_hy"], params["b_y"])
        last = votes.argmax(axis=1)
        busy -= {person for person in busy if last[person] == eos}
        for person in busy:
            spoken[person].append(int(last[person]))
    return spoken
