"""What several files of mine share: names for kinds of arrays, a calendar of sentences, a ledger of gradients."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

Real: TypeAlias = np.ndarray  # float64
Whole: TypeAlias = np.ndarray  # int64
YesNo: TypeAlias = np.ndarray  # bool
Bag: TypeAlias = dict[str, Real]  # weights, or gradients, by name


@dataclass(frozen=True)
class Calendar:
    """How long every sentence of a batch is, and on which days it speaks."""

    days: int
    last_day: Whole

    @classmethod
    def of(cls, days: int, people: int, lengths: Sequence[int] | Whole | None) -> "Calendar":
        """Make one; without lengths everybody speaks every day."""
        chosen = [days] * people if lengths is None else lengths
        return cls(days, np.array(chosen, dtype=np.int64))

    @property
    def speaking(self) -> YesNo:
        """(T, N): who speaks on which day."""
        return np.arange(self.days).reshape(-1, 1) < self.last_day.reshape(1, -1)

    def hush(self, story: Real) -> Real:
        """Return a copy of (T, N, ...) in which those who do not speak are 0."""
        quiet = np.array(story)
        quiet[~self.speaking] = 0
        return quiet

    def mirrored(self) -> Whole:
        """(T, N): the day on which everybody says backwards what they say today."""
        today = np.arange(self.days).reshape(-1, 1)
        return np.where(self.speaking, self.last_day - today - 1, today)


@dataclass
class Ledger:
    """Gradients that come in, day by day, and their totals."""

    totals: list[Real] = field(default_factory=list)

    def book(self, entries: Iterable[Real]) -> None:
        """Add entries, in the same order every time."""
        arrived = [np.array(entry, dtype=np.float64) for entry in entries]
        self.totals = [a + b for a, b in zip(self.totals, arrived, strict=True)] if self.totals else arrived


@dataclass(frozen=True)
class Wheel:
    """A wheel of fortune: the wider a sector, the more often it comes up."""

    sectors: Sequence[float]

    def stops_at(self, spin: float) -> int:
        """Return the sector at which a spin from 0 to 1 ends."""
        travelled, possible = 0.0, 0
        for sector, width in enumerate(self.sectors):
            travelled += float(width)
            if travelled > spin:
                return sector
            possible = sector if width > 0 else possible
        return possible
