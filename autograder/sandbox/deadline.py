"""When the time of a check is up. Time in which others had the processor is not counted: a busy machine fails nobody.

Linux knows how long a thread was ready to run and had no processor. It is asked only when time seems to be up.
"""

import io
import time
from collections.abc import Callable

OURS = "/proc/thread-self/schedstat"
MOST = 9  # times its length that a deadline may move: a guest that keeps giving its turn away would never end


class Deadline:
    """The end of some seconds. `watch` names whose waiting is not counted; ours never is."""

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self.seconds = seconds
        self.lost = 0.0  # seconds by which it has moved for want of a processor
        self._end = time.monotonic() + seconds
        self._waits: list[tuple[Callable[[], float], float]] = []
        self.watch(lambda: waited(OURS))

    def watch(self, wait: Callable[[], float]) -> None:
        """Do not count what somebody waits from now on. wait: says how many seconds it was in all"""
        self._waits.append((wait, wait()))

    def extend(self, seconds: float) -> None:
        """Move it, by time that was ours."""
        self._end += seconds

    def left(self) -> float:
        """Return the seconds that are left; none are if it is not positive."""
        now = time.monotonic()
        if self._end + self.lost <= now:
            self.lost = min(MOST * self.seconds, sum(wait() - before for wait, before in self._waits))
        return self._end + self.lost - now


def waited(schedstat: str) -> float:
    """Return how many seconds a thread was ready to run and had no processor; 0 where that is not known."""
    try:
        with io.FileIO(schedstat) as file:
            return int(file.read().split()[1]) / 1e9  # on the processor, waiting, turns
    except (OSError, ValueError, IndexError):
        return 0.0
