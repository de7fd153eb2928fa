"""The processes of one run, by what they are, as the kernel shows them from outside.

    grader ── worker ── zygote (with namespaces: and its child) ── guest

A run is started as the head of a session of its own, so that none of its processes can be overlooked.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import psutil

from autograder.sandbox.level import Layer, Level


class Role(StrEnum):
    """What a process of a run is."""

    GRADER = "grader"
    WORKER = "worker"
    ZYGOTE = "zygote"
    GUEST = "guest"
    OTHER = "other"  # multiprocessing has one of its own


TRUSTED = (Role.GRADER, Role.WORKER, Role.ZYGOTE)  # those that live as long as the run


def members(session: int) -> list[psutil.Process]:
    """Return every process of a session that still runs."""
    return list(_members(session))


def _members(session: int) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue


def by_role(session: int, level: Level) -> Mapping[Role, Sequence[psutil.Process]]:
    """Return the processes of a run, sorted by what they are."""
    found: dict[Role, list[psutil.Process]] = defaultdict(list)
    for process in _members(session):
        try:
            found[_role(process, session, level)].append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def _role(process: psutil.Process, session: int, level: Level) -> Role:
    if process.pid == session:
        return Role.GRADER
    command = " ".join(process.cmdline())
    if "spawn_main" in command:
        return Role.WORKER
    if "sandbox.zygote" not in command:
        return Role.OTHER
    zygotes = 2 if Layer.NAMESPACES in level.guarantee.layers else 1
    forked = sum("sandbox.zygote" in " ".join(parent.cmdline()) for parent in process.parents())
    return Role.ZYGOTE if forked < zygotes else Role.GUEST


def wait_for_the_end(session: int, *, seconds: float) -> list[psutil.Process]:
    """Wait until no process of a session is left; return those that are left after that time."""
    give_up = time.monotonic() + seconds
    while (left := members(session)) and time.monotonic() < give_up:
        time.sleep(0.02)
    return left
