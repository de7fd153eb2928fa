"""A class to be graded by the real command, in a process of its own, and what is right about its reports."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from autograder.model import Report, from_json
from autograder.results import REPORT

SECRET = "of the soak"
PROGRAM = """
import signal
from autograder.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell in the background would have us ignore
main()
"""
LEAST = "L3"  # the level of the wall below which nothing is tried


@dataclass(frozen=True)
class Course:
    """A folder of submissions, and how they are graded.

    temporary: where the run puts its temporary files; nothing may stay there
    """

    submissions: Path
    out: Path
    temporary: Path
    problems: str = ""
    jobs: int = os.cpu_count() or 1

    def command(self, *options: str) -> list[str]:
        """Return the command that grades it."""
        chosen = ["--problems", self.problems] if self.problems else []
        where = [str(self.submissions), "--out", str(self.out), "--jobs", str(self.jobs), "--min-level", LEAST]
        return [sys.executable, "-c", PROGRAM, "grade", *where, *chosen, *options]

    def start(self, told: IO[str]) -> "subprocess.Popen[str]":
        """Start to grade, at the head of a session of its own; told: the file that gets what it says."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {"AUTOGRADER_SECRET": SECRET, "TMPDIR": str(self.temporary)}
        return subprocess.Popen(
            self.command(),
            env=environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=told,
            text=True,
        )

    def reports(self) -> dict[str, Report]:
        """Return every report that there is, by submission."""
        return {path.parent.name: from_json(path.read_bytes()) for path in sorted(self.out.glob(f"*/{REPORT}"))}

    def prints(self) -> dict[str, tuple[int, int]]:
        """Return inode and time of every report: what changes when it is written again."""
        found = {path.parent.name: path.stat() for path in self.out.glob(f"*/{REPORT}")}
        return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}

    def litter(self) -> list[str]:
        """Return the files that no run should leave."""
        return [path.name for path in (*self.temporary.iterdir(), *self.out.rglob(".*"))]


def verdicts(report: Report) -> Any:
    """Return all of a report that must be the same whenever, and beside whomever, a submission is graded."""
    document = msgspec.to_builtins(report)
    for check in document["checks"]:
        del check["seconds"]
    return document


def compare(found: Mapping[str, Report], right: Mapping[str, Any]) -> list[str]:
    """Say which reports are missing, too many, or not what they should be; right: the verdicts by submission."""
    wrong = [name for name in found.keys() & right.keys() if verdicts(found[name]) != right[name]]
    return [
        *_named("without a report", right.keys() - found.keys()),
        *_named("unknown", found.keys() - right.keys()),
        *_named("with a wrong report", wrong),
    ]


def _named(what: str, names: Sequence[str] | set[str]) -> list[str]:
    return [f"{len(names)} submissions {what}: {', '.join(sorted(names)[:3])}"] if names else []
