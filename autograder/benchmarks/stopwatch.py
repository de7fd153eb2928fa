"""Where the time goes: the seconds of each part of a piece of work, without those of the parts inside it."""

import functools
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Stopwatch:
    """Runs for one part at a time: the innermost that has begun. Threads may share one if they take turns.

    >>> watch = Stopwatch()
    >>> with watch.part("outer"), watch.part("inner"):
    ...     pass
    >>> sorted(watch.seconds), watch.counts["inner"]
    (['inner', 'outer'], 1)
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        """Start with nothing measured."""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.counts: Counter[str] = Counter()
        self._clock = clock
        self._parts: list[str] = []
        self._since = 0.0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Measure a block."""
        self._switch()
        self._parts.append(name)
        self.counts[name] += 1
        try:
            yield
        finally:
            self._switch()
            self._parts.pop()

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, measured whenever it is called."""

        @functools.wraps(function)
        def measured(*args: Any, **kwargs: Any) -> Any:
            with self.part(name):
                return function(*args, **kwargs)

        return measured

    def _switch(self) -> None:
        now = self._clock()
        if self._parts:
            self.seconds[self._parts[-1]] += now - self._since
        self._since = now
