"""What a submission could leave behind in the processes that are ours: processes, descriptors, memory."""

import os
import time

import psutil

from autograder.sandbox.host import Sandbox
from autograder.sandbox.level import Layer

PATIENCE_SECONDS = 2.0  # for a process that was killed to be gone
MEMORY_BYTES = 64 << 20  # that the allocator may keep; what leaks at every call is more in the end


class Traces:
    """The processes around one wall at one moment, once those that are ending have ended.

    A zygote hides its descriptors from an ordinary user: then those of the grader are counted alone.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        """Look."""
        self.grader, self.zygote = psutil.Process(), psutil.Process(sandbox.process.pid)
        self.command = self.zygote.cmdline()
        self.has_namespaces = Layer.NAMESPACES in sandbox.layers
        self.processes = self._settled()
        self.descriptors = self.grader.num_fds() + sum(map(_descriptors, self._zygotes()))
        self.memory = self.grader.memory_info().rss, sum(process.memory_info().rss for process in self._zygotes())

    def beyond(self, before: "Traces") -> list[str]:
        """Say what there is more of than before."""
        found = []
        if len(self.processes) > len(before.processes):
            found.append(f"processes {sorted(self.processes - before.processes)}")
        if self.descriptors > before.descriptors:
            found.append(f"{self.descriptors - before.descriptors} open descriptors")
        for name, now, then in zip(("grader", "zygote"), self.memory, before.memory, strict=True):
            if now > then + MEMORY_BYTES:
                found.append(f"{(now - then) >> 20} MiB in the {name}")
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


def _descriptors(process: psutil.Process) -> int:
    try:
        return process.num_fds()
    except psutil.AccessDenied:
        return 0
