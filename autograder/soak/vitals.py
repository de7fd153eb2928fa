"""Memory and descriptors of the trusted processes of a run, watched from outside while it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import psutil

from autograder.sandbox.level import Level
from autograder.soak.family import TRUSTED, Role, by_role

WARM_UP = 0.2  # of the samples of a process are not looked at: it imports, and its caches fill
FEWEST = 20  # samples that say anything about a process


@dataclass(frozen=True)
class Life:
    """What was seen of one process, one entry per sample."""

    role: Role
    mebibytes: list[float] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)

    def growth(self) -> float:
        """Return by which share its memory grew: the end of its life against what came after the warm-up."""
        early, late = _ends(self.mebibytes)
        return median(late) / median(early) - 1

    def opened(self) -> int:
        """Return how many descriptors were opened and never closed; those of a guest come and go.

        The late ones are those of a whole half of its life: one guest may live as long as its end.
        """
        early, _ = _ends(self.descriptors)
        late = self.descriptors[len(self.descriptors) // 2 :]
        return max(0, int(min(late) - min(early)))


def _ends(samples: Sequence[float]) -> tuple[Sequence[float], Sequence[float]]:
    """Return the samples after the warm-up, and as many of the last."""
    length = max(1, len(samples) // 5)
    start = int(WARM_UP * len(samples))
    return samples[start : start + length], samples[-length:]


class Vitals:
    """The lives of the trusted processes of one run."""

    def __init__(self, session: int, level: Level) -> None:
        """Watch the run that is this session."""
        self.session = session
        self.level = level
        self._lives: dict[psutil.Process, Life] = {}

    def sample(self) -> None:
        """Look at every trusted process once."""
        found = by_role(self.session, self.level)
        for role in TRUSTED:
            for process in found.get(role, []):
                self._look(process, role)

    def _look(self, process: psutil.Process, role: Role) -> None:
        try:
            memory, descriptors = process.memory_info().rss / 2**20, process.num_fds()
        except psutil.Error:  # it is gone
            return
        life = self._lives.setdefault(process, Life(role))
        life.mebibytes.append(memory)
        life.descriptors.append(descriptors)

    def lives(self) -> list[Life]:
        """Return the lives that were long enough to say something, and not only the start of the run."""
        return [life for life in self._lives.values() if len(life.mebibytes) >= FEWEST]
