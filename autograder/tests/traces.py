"""What a submission could leave behind in the processes that are ours: processes, descriptors, memory."""

import os
import time

import psutil

from autograder.sandbox.level import Layer
from autograder.siege import Siege

PATIENCE_SECONDS = 2.0  # for a process that was killed to be gone
MEMORY_BYTES = 16 << 20  # that the allocator may keep after one submission


class Traces:
    """The processes of a siege at one moment, once those that are ending have ended."""

    def __init__(self, siege: Siege) -> None:
        """Look."""
        self.grader, self.zygote = psutil.Process(), psutil.Process(siege.grader.sandbox.process.pid)
        self.command = self.zygote.cmdline()
        self.has_namespaces = Layer.NAMESPACES in siege.grader.sandbox.layers
        self.processes = self._settled()
        self.descriptors = self.grader.num_fds() + sum(process.num_fds() for process in self._zygotes())
        self.memory = self.grader.memory_info().rss, sum(process.memory_info().rss for process in self._zygotes())

    def beyond(self, before: "Traces") -> list[str]:
        """Say what there is more of than before."""
        found = []
        if len(self.processes) > len(before.processes):
            found.append(f"processes {sorted(self.processes - before.processes)}")
        if self.descriptors > before.descriptors:
            found.append(f"descriptors {self.descriptors - before.descriptors}")
        for name, now, then in zip(("grader", "zygote"), self.memory, before.memory, strict=True):
            if now > then + MEMORY_BYTES:
                found.append(f"memory of the {name}: {(now - then) >> 20} MiB")
        return found

    def _zygotes(self) -> list[psutil.Process]:
        """Return the zygote, and the child that it goes on as in namespaces of its own."""
        return [self.zygote, *self.zygote.children()] if self.has_namespaces else [self.zygote]

    def _settled(self) -> set[int]:
        """Return the zygote's processes, and those without a parent that were once its; wait for what was killed."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = self._running()
            if len(found) <= 1 + self.has_namespaces or time.monotonic() > give_up:
                return found
            time.sleep(0.01)

    def _running(self) -> set[int]:
        inside = {process.pid for process in (self.zygote, *self.zygote.children(recursive=True))}
        alive = [
            process.info
            for process in psutil.process_iter(["pid", "ppid", "cmdline", "status"])
            if process.info["status"] != psutil.STATUS_ZOMBIE
        ]
        orphans = {one["pid"] for one in alive if one["cmdline"] == self.command and one["ppid"] in (1, os.getpid())}
        return {one["pid"] for one in alive if one["pid"] in inside} | orphans
