"""A cell with three valves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numnet.given import caches as record
from numnet.toolbox import Ledger, Real


@dataclass(frozen=True)
class Blocks:
    """The row blocks of a matrix or a vector: what opens, what keeps, what is new, what shows."""

    opens: Real
    keeps: Real
    new: Real
    shows: Real

    @classmethod
    def cut(cls, stacked: Real) -> "Blocks":
        """Cut 4H columns into four."""
        return cls(*np.split(stacked, 4, axis=1))

    def glue(self) -> Real:
        """Put the four side by side."""
        return np.concatenate((self.opens, self.keeps, self.new, self.shows), axis=1)


def squash(a: Real) -> Real:
    """Between 0 and 1; of a large |a| only exp(-|a|) is taken."""
    small = np.exp(-np.abs(a))
    return np.where(a >= 0, 1.0, small) / (1.0 + small)


def lstm_step_forward(
    x_t: Real, h_prev: Real, c_prev: Real, params: record.LSTMParams
) -> tuple[Real, Real, record.LSTMStepCache]:
    """One day."""
    urge = Blocks.cut(x_t @ params.W_xh.T + h_prev @ params.W_hh.T + params.b_h)
    look_open, look_keep, look_show = params.w_peep
    inlet = squash(urge.opens + c_prev * look_open)
    hold = squash(urge.keeps + c_prev * look_keep)
    fresh = np.tanh(urge.new)
    vessel = hold * c_prev + inlet * fresh
    outlet = squash(urge.shows + vessel * look_show)
    memory = record.LSTMStepCache(
        x_t=x_t, h_prev=h_prev, c_prev=c_prev, i=inlet, f=hold, g=fresh, o=outlet, c_t=vessel,
        W_xh=params.W_xh, W_hh=params.W_hh, w_peep=params.w_peep,
    )  # fmt: skip
    return outlet * np.tanh(vessel), vessel, memory


def lstm_step_backward(dh_t: Real, dc_t: Real, cache: record.LSTMStepCache) -> record.LSTMStepGrads:
    """One day back."""
    look_open, look_keep, look_show = cache.w_peep
    level = np.tanh(cache.c_t)
    of_outlet = dh_t * level * cache.o * (1 - cache.o)
    of_vessel = dc_t + look_show * of_outlet + cache.o * (1 - level * level) * dh_t
    of_inlet = of_vessel * cache.g * cache.i * (1 - cache.i)
    of_hold = of_vessel * cache.c_prev * cache.f * (1 - cache.f)
    of_fresh = of_vessel * cache.i * (1 - cache.g * cache.g)
    urge = Blocks(of_inlet, of_hold, of_fresh, of_outlet).glue()
    looks = ((of_inlet * cache.c_prev).sum(0), (of_hold * cache.c_prev).sum(0), (of_outlet * cache.c_t).sum(0))
    return record.LSTMStepGrads(
        dx=urge @ cache.W_xh,
        dh_prev=urge @ cache.W_hh,
        dc_prev=cache.f * of_vessel + look_open * of_inlet + look_keep * of_hold,
        dW_xh=urge.T @ cache.x_t,
        dW_hh=urge.T @ cache.h_prev,
        db_h=urge.sum(0),
        dw_peep=np.vstack(looks),
    )


def lstm_forward(x: Real, h0: Real, c0: Real, params: record.LSTMParams) -> tuple[Real, Real, Real, record.LSTMCache]:
    """Day after day."""
    mood, vessel = h0, c0
    moods = np.empty((x.shape[0], *h0.shape))
    memories = []
    for day, news in enumerate(x):
        mood, vessel, memory = lstm_step_forward(news, mood, vessel, params)
        moods[day] = mood
        memories.append(memory)
    return moods, mood.copy(), vessel.copy(), record.LSTMCache(tuple(memories))


def lstm_backward(
    dh: Real, cache: record.LSTMCache, dh_T: Real | None = None, dc_T: Real | None = None
) -> record.LSTMGrads:
    """Day before day."""
    nothing = np.zeros(dh.shape[1:])
    mood = nothing if dh_T is None else dh_T
    vessel = nothing if dc_T is None else dc_T
    ledger, of_news = Ledger(), [nothing] * len(cache.steps)
    for day in range(len(cache.steps))[::-1]:
        found = lstm_step_backward(mood + dh[day], vessel, cache.steps[day])
        of_news[day], mood, vessel = found.dx, found.dh_prev, found.dc_prev
        ledger.book(found[3:])
    return record.LSTMGrads(np.array(of_news), mood, vessel, *ledger.totals)


def deep_bidirectional_lstm_forward(
    x: Real,
    h0: Sequence[tuple[Real, Real]],
    c0: Sequence[tuple[Real, Real]],
    params: Sequence[tuple[record.LSTMParams, record.LSTMParams]],
) -> tuple[Real, record.DeepBidirectionalLSTMCache]:
    """A tower of pairs."""
    heard, memories = x, []
    for (mood_there, mood_back), (vessel_there, vessel_back), (there, back) in zip(h0, c0, params, strict=True):
        early, _, _, memory_there = lstm_forward(heard, mood_there, vessel_there, there)
        late, _, _, memory_back = lstm_forward(np.flip(heard, axis=0), mood_back, vessel_back, back)
        heard = np.concatenate((early, np.flip(late, axis=0)), axis=-1)
        memories.append((memory_there, memory_back))
    return heard, record.DeepBidirectionalLSTMCache(tuple(memories))


@dataclass(frozen=True)
class Floor:
    """What both LSTMs of one floor are to blame for."""

    there: record.LSTMGrads
    back: record.LSTMGrads

    @property
    def downstairs(self) -> Real:
        """What the floor below is told."""
        return self.there.dx + np.flip(self.back.dx, axis=0)

    def pair(self, name: str) -> tuple[Real, Real]:
        """The same gradient of both."""
        return getattr(self.there, name), getattr(self.back, name)

    def weights(self) -> tuple[record.LSTMParams, record.LSTMParams]:
        """The gradients of the weights of both."""
        there, back = (
            record.LSTMParams(one.dW_xh, one.dW_hh, one.db_h, one.dw_peep) for one in (self.there, self.back)
        )
        return there, back


def deep_bidirectional_lstm_backward(
    dh: Real, cache: record.DeepBidirectionalLSTMCache
) -> record.DeepBidirectionalLSTMGrads:
    """Down the tower."""
    blame, floors = dh, []
    for memory_there, memory_back in reversed(cache.layers):
        middle = blame.shape[-1] // 2
        for_there, for_back = blame[..., :middle], np.flip(blame[..., middle:], axis=0)
        floors.insert(0, Floor(lstm_backward(for_there, memory_there), lstm_backward(for_back, memory_back)))
        blame = floors[0].downstairs
    return record.DeepBidirectionalLSTMGrads(
        blame,
        tuple(floor.pair("dh0") for floor in floors),
        tuple(floor.pair("dc0") for floor in floors),
        tuple(floor.weights() for floor in floors),
    )
