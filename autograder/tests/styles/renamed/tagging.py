"""From labels to entities and back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from numnet.given.caches import F1Report, Span, TypeScore
from numnet.toolbox import Calendar, Real, Whole, YesNo

SCHEMES = ("conlleval", "strict")


@dataclass
class Clerk:
    """Reads labels one by one, and files an entity as soon as it is over."""

    lenient: bool
    filed: list[Span] = field(default_factory=list)
    sort: str | None = None
    since: int = 0

    def close(self, now: int) -> None:
        """File the open entity, if there is one."""
        if self.sort is not None:
            self.filed.append(Span(self.sort, self.since, now))
        self.sort = None

    def open(self, sort: str, now: int) -> None:
        """Begin an entity."""
        self.close(now)
        self.sort, self.since = sort, now

    def read(self, label: str, now: int) -> None:
        """Read one label."""
        if label == "O":
            self.close(now)
        elif label.startswith("B-"):
            self.open(label[2:], now)
        elif label.startswith("I-"):
            if self.sort == label[2:]:
                return
            self.open(label[2:], now) if self.lenient else self.close(now)
        else:
            raise ValueError(f"a label that nobody knows: {label!r}")


def bio_decode(tags: Sequence[str], scheme: str = "conlleval") -> list[Span]:
    """Let the clerk read."""
    if scheme not in SCHEMES:
        raise ValueError(f"a scheme that nobody knows: {scheme!r}")
    clerk = Clerk(lenient=scheme == "conlleval")
    for now, label in enumerate(tags):
        clerk.read(label, now)
    clerk.close(len(tags))
    return clerk.filed


def bio_encode(spans: Sequence[Span], length: int) -> list[str]:
    """Write labels over a line of O."""
    line = ["O"] * length
    for entity in spans:
        inside = range(entity.start, entity.end)
        if not inside or inside.start < 0 or inside.stop > length:
            raise ValueError(f"{entity} does not fit on {length} words")
        for place in inside:
            if line[place] != "O":
                raise ValueError(f"{entity} sits on another one")
            line[place] = ("B-" if place == entity.start else "I-") + entity.type
    return line


@dataclass
class Scoreboard:
    """Hits, and how many there were on either side."""

    hits: int = 0
    real: int = 0
    claimed: int = 0

    def summary(self) -> tuple[float, float, float, int, int, int]:
        """The six numbers of a report."""
        exact = self.hits / self.claimed if self.claimed else 0.0
        complete = self.hits / self.real if self.real else 0.0
        both = exact + complete
        return exact, complete, (2 * exact * complete / both if both else 0.0), self.hits, self.real, self.claimed


def _entities(texts, scheme) -> Iterator[tuple[int, Span]]:
    for number, labels in enumerate(texts):
        for entity in bio_decode(labels, scheme):
            yield number, entity


def span_f1(gold: Sequence[Sequence[str]], pred: Sequence[Sequence[str]], scheme: str = "conlleval") -> F1Report:
    """Keep a board for everything and one for every sort."""
    if len(gold) != len(pred) or any(len(a) != len(b) for a, b in zip(gold, pred, strict=True)):
        raise ValueError("these are not two opinions on the same text")
    whole, boards = Scoreboard(), {}
    true_ones = set(_entities(gold, scheme))
    for found in true_ones:
        for board in (whole, boards.setdefault(found[1].type, Scoreboard())):
            board.real += 1
    for found in _entities(pred, scheme):
        for board in (whole, boards.setdefault(found[1].type, Scoreboard())):
            board.claimed += 1
            board.hits += found in true_ones
    return F1Report(*whole.summary(), {sort: TypeScore(*boards[sort].summary()) for sort in sorted(boards)})


def pad_sequences(seqs: Sequence[Sequence[int]], pad: int = 0) -> tuple[Whole, YesNo, Whole]:
    """Hang sentences side by side."""
    longest = max((len(sentence) for sentence in seqs), default=0)
    calendar = Calendar.of(longest, len(seqs), [len(sentence) for sentence in seqs])
    wall = np.full((longest, len(seqs)), pad, dtype=np.int64)
    for column, sentence in enumerate(seqs):
        wall[: len(sentence), column] = sentence
    return wall, calendar.speaking, calendar.last_day


def context_windows(x: Real, k: int, lengths: Whole) -> Real:
    """Write every word into the windows of its neighbours."""
    days, people, numbers = x.shape
    calendar = Calendar.of(days, people, lengths)
    words = calendar.hush(x)
    windows = np.zeros((days, people, 2 * k + 1, numbers))
    for shift in range(-min(k, days), min(k, days) + 1):
        here, there = slice(max(0, -shift), days - max(0, shift)), slice(max(0, shift), days + min(0, shift))
        windows[here, :, k + shift] = words[there]
    return calendar.hush(windows.reshape(days, people, -1))
