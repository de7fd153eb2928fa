"""Processor time of a piece of work and of every process that it starts, as a control group of Linux counts it.

A guest is killed together with its process namespace, and nobody waits for it: what a parent is told about its children
misses guests altogether, and a look into /proc misses what their ends cost, a tenth of a short submission.
"""

import contextlib
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_END = 10.0  # for those that were killed


@dataclass(frozen=True)
class Meter:
    """Counts for one control group; without one, it counts nothing."""

    group: Path | None

    def measure(self, work: Callable[[], float]) -> tuple[float, float]:
        """Do a piece of work that says its seconds; return them and those of the processor, nan if none are known."""
        if self.group is None:
            return work(), math.nan
        size, before = len(_members(self.group)), self._used(self.group)
        seconds = work()
        _wait_until_left(self.group, size)
        return seconds, self._used(self.group) - before

    def _used(self, group: Path) -> float:
        [used] = [
            line for line in (group / "cpu.stat").read_text("ascii").splitlines() if line.startswith("usage_usec")
        ]
        return int(used.split()[1]) / 1e6


@contextmanager
def metered() -> Iterator[Meter]:
    """Count for this process, and for all that it starts in the block; where no group can be made, for nobody."""
    home = _own_group()
    group = home / f"benchmark-{os.getpid()}" if home else None
    try:
        if home and group:
            group.mkdir()
            _enter(group)
    except OSError:
        group = None
    try:
        yield Meter(group)
    finally:
        if home and group:
            _enter(home)
            _wait_until_left(group, 0)
            with contextlib.suppress(OSError):  # somebody has not ended yet
                group.rmdir()


def _members(group: Path) -> list[str]:
    return (group / "cgroup.procs").read_text("ascii").split()


def _wait_until_left(group: Path, size: int) -> None:
    """Wait for processes that were killed, until no more than so many are there."""
    give_up = time.monotonic() + SECONDS_TO_END
    while len(_members(group)) > size and time.monotonic() < give_up:
        time.sleep(0.001)


def _enter(group: Path) -> None:
    (group / "cgroup.procs").write_text(str(os.getpid()), "ascii")


def _own_group() -> Path | None:
    """Return the control group of this process, version 2, as a folder."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text("utf-8").splitlines()]
        groups = Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return None
    places = [Path(fields[1]) for fields in mounts if fields[2] == "cgroup2"]
    names = [line.removeprefix("0::/") for line in groups if line.startswith("0::/")]
    return places[0] / names[0] if places and names else None
