"""A dask scheduler and workers on this machine, as processes that a test may kill."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}


class Fleet:
    """Processes whose words all go to files in one folder."""

    def __init__(self, folder: Path) -> None:
        """Start the scheduler, and wait for its address."""
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        place = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place))
        self._wait_for("scheduler", "Scheduler at:")
        [line] = [line for line in self.said("scheduler").splitlines() if "Scheduler at:" in line]
        self.address = line.split()[-1]

    def hire(self, name: str, preload: str = "") -> None:
        """Start a worker; preload: Python that runs in it first."""
        options = ["--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name]
        if preload:
            script = self.folder / f"{name}.py"
            script.write_text(preload, "utf-8")
            options += ["--preload", str(script)]
        self._start(name, self.address, *options, command="worker")

    def await_workers(self, *names: str) -> None:
        """Wait until they are there."""
        for name in names:
            self._wait_for(name, "Registered to:")

    def said(self, name: str) -> str:
        """Return what a process printed."""
        return (self.folder / f"{name}.log").read_text("utf-8")

    def end(self) -> None:
        """Kill everybody."""
        for process in self.processes.values():
            process.kill()
            process.wait()

    def _start(self, name: str, *options: str, command: str = "scheduler") -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", command, *options],
                env=os.environ | SETTINGS,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait_for(self, name: str, word: str) -> None:
        while word not in self.said(name):
            assert self.processes[name].poll() is None, self.said(name)
            try:
                self.processes[name].wait(0.1)
            except subprocess.TimeoutExpired:
                continue


@contextmanager
def fleet(folder: Path) -> Iterator[Fleet]:
    """Give a scheduler, and end it and its workers."""
    made = Fleet(folder)
    try:
        yield made
    finally:
        made.end()
