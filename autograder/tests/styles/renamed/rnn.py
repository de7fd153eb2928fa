"""A network that remembers yesterday."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numnet.given import caches as record
from numnet.linear import linear_forward as weigh
from numnet.toolbox import Calendar, Ledger, Real, Whole


def elman_step_forward(
    x_t: Real, h_prev: Real, W_xh: Real, W_hh: Real, b_h: Real
) -> tuple[Real, record.ElmanStepCache]:
    """One day."""
    excitement = b_h + (W_xh @ x_t.T).T + (W_hh @ h_prev.T).T
    mood = np.tanh(excitement)
    return mood, record.ElmanStepCache(x_t, h_prev, mood, W_xh, W_hh)


def elman_step_backward(dh_t: Real, cache: record.ElmanStepCache) -> record.ElmanStepGrads:
    """One day back."""
    news, yesterday, mood, from_news, from_yesterday = cache
    blame = dh_t - dh_t * mood**2
    return record.ElmanStepGrads(
        dx=(from_news.T @ blame.T).T,
        dh_prev=(from_yesterday.T @ blame.T).T,
        dW_xh=blame.T @ news,
        dW_hh=blame.T @ yesterday,
        db_h=np.ones(len(blame)) @ blame,
    )


def elman_forward(x: Real, h0: Real, params: record.ElmanParams) -> tuple[Real, Real, record.ElmanCache]:
    """Day after day."""
    mood, moods, memories = h0, [], []
    for news in x:
        mood, memory = elman_step_forward(news, mood, params.W_xh, params.W_hh, params.b_h)
        moods.append(mood)
        memories.append(memory)
    return np.array(moods), np.array(mood), record.ElmanCache(tuple(memories))


def elman_backward(dh: Real, cache: record.ElmanCache, dh_T: Real | None = None) -> record.ElmanGrads:
    """Day before day."""
    ledger, of_news = Ledger(), []
    tomorrow = np.zeros_like(dh[0]) if dh_T is None else dh_T
    for today, memory in zip(reversed(dh), reversed(cache.steps), strict=True):
        found = elman_step_backward(today + tomorrow, memory)
        tomorrow = found.dh_prev
        of_news.insert(0, found.dx)
        ledger.book((found.dW_xh, found.dW_hh, found.db_h))
    return record.ElmanGrads(np.array(of_news), tomorrow, *ledger.totals)


def elman_outputs(h: Real, W_hy: Real, b_y: Real) -> tuple[Real, record.LinearCache]:
    """Say something every day."""
    return weigh(h, W_hy, b_y)


def elman_backward_truncated(dh: Real, cache: record.ElmanCache, k: int) -> record.ElmanGrads:
    """Forget everything after k days."""
    ledger, of_news, of_start = Ledger(), [], None
    for monday in range(0, len(cache.steps), k):
        week = slice(monday, monday + k)
        found = elman_backward(dh[week], record.ElmanCache(cache.steps[week]))
        of_start = found.dh0 if of_start is None else of_start
        of_news.extend(found.dx)
        ledger.book((found.dW_xh, found.dW_hh, found.db_h))
    return record.ElmanGrads(np.array(of_news), of_start, *ledger.totals)


def reverse_padded(x: Real, lengths: Whole) -> Real:
    """Tell every story from its end."""
    source = Calendar.of(*x.shape[:2], lengths).mirrored()
    person = np.broadcast_to(np.arange(x.shape[1]), source.shape)
    return x[source, person]


@dataclass(frozen=True)
class Direction:
    """A reader who goes one way through the batch."""

    calendar: Calendar
    backwards: bool

    def turn(self, story: Real) -> Real:
        """Bring a story from the order of time to that of this reader, or back."""
        return reverse_padded(story, self.calendar.last_day) if self.backwards else story

    def read(self, x: Real, start: Real, weights: record.ElmanParams) -> tuple[Real, Real, record.ElmanCache]:
        """Return the moods in the order of time, the last mood of everybody, and the memory."""
        moods, _, memory = elman_forward(self.turn(x), start, weights)
        diary = np.concatenate((start[None], moods))
        last = diary[self.calendar.last_day, np.arange(len(start))]
        return self.turn(moods), last, memory

    def blame(self, dh: Real, memory: record.ElmanCache) -> record.ElmanGrads:
        """Return the gradients, dx in the order of time."""
        found = elman_backward(self.turn(dh), memory)
        return found._replace(dx=self.turn(found.dx))


def bidirectional_forward(
    x: Real,
    h0_f: Real,
    h0_b: Real,
    params_f: record.ElmanParams,
    params_b: record.ElmanParams,
    lengths: Whole | None = None,
) -> tuple[Real, tuple[Real, Real], record.BidirectionalCache]:
    """Two readers."""
    calendar = Calendar.of(*x.shape[:2], lengths)
    clean = calendar.hush(x)
    there, end, memory_there = Direction(calendar, backwards=False).read(clean, h0_f, params_f)
    back, beginning, memory_back = Direction(calendar, backwards=True).read(clean, h0_b, params_b)
    both = calendar.hush(np.concatenate((there, back), axis=2))
    return both, (end, beginning), record.BidirectionalCache(memory_there, memory_back, calendar.last_day)


def bidirectional_backward(dh: Real, cache: record.BidirectionalCache) -> record.BidirectionalGrads:
    """Both readers are to blame."""
    calendar = Calendar(len(dh), cache.lengths)
    for_there, for_back = np.array_split(calendar.hush(dh), 2, axis=2)
    there = Direction(calendar, backwards=False).blame(for_there, cache.fwd)
    back = Direction(calendar, backwards=True).blame(for_back, cache.bwd)
    return record.BidirectionalGrads(
        calendar.hush(there.dx + back.dx), there.dh0, back.dh0, _as_weights(there), _as_weights(back)
    )


def _as_weights(found: record.ElmanGrads) -> record.ElmanParams:
    return record.ElmanParams(W_xh=found.dW_xh, W_hh=found.dW_hh, b_h=found.db_h)


def deep_elman_forward(
    x: Real, h0: Sequence[Real], params: Sequence[record.ElmanParams]
) -> tuple[Real, tuple[Real, ...], record.DeepElmanCache]:
    """A tower of readers."""
    heard, lasts, memories = x, (), ()
    for floor, weights in enumerate(params):
        heard, last, memory = elman_forward(heard, h0[floor], weights)
        lasts, memories = (*lasts, last), (*memories, memory)
    return heard, lasts, record.DeepElmanCache(memories)


def deep_elman_backward(dh: Real, cache: record.DeepElmanCache) -> record.DeepElmanGrads:
    """Down the tower."""
    blame, of_starts, of_weights = dh, (), ()
    for memory in cache.layers[::-1]:
        found = elman_backward(blame, memory)
        blame = found.dx
        of_starts, of_weights = (found.dh0, *of_starts), (_as_weights(found), *of_weights)
    return record.DeepElmanGrads(blame, of_starts, of_weights)


def deep_bidirectional_forward(
    x: Real, params: Sequence[tuple[record.ElmanParams, record.ElmanParams]]
) -> tuple[Real, record.DeepBidirectionalCache]:
    """A tower of pairs of readers."""
    heard, memories, people = x, [], x.shape[1]
    for there, back in params:
        calm = np.zeros((people, there.b_h.size)), np.zeros((people, back.b_h.size))
        heard, _, memory = bidirectional_forward(heard, *calm, there, back)
        memories.append(memory)
    return heard, record.DeepBidirectionalCache(tuple(memories))


def deep_bidirectional_backward(dh: Real, cache: record.DeepBidirectionalCache) -> record.DeepBidirectionalGrads:
    """Down the tower of pairs."""
    blame, of_weights = dh, []
    for memory in cache.layers[::-1]:
        found = bidirectional_backward(blame, memory)
        blame = found.dx
        of_weights.append((found.dparams_f, found.dparams_b))
    return record.DeepBidirectionalGrads(blame, tuple(of_weights[::-1]))
