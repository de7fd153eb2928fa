"""Run a command as somebody else: an ordinary user, root, or root in a container that may not make namespaces.

    python -m autograder.elsewhere root|container|user PATH... -- COMMAND...

Needs root. The paths (interpreter, packages, project) are made reachable for every user inside a mount namespace of its
own, so that it does not matter where they lie; the machine itself is not changed.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox import linux

NOBODY = 65534
PR_CAPBSET_DROP, LAST_CAPABILITY = 24, 40
DOCKER_CAPABILITIES = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}  # what a container has by default


WHO = ("root", "container", "user")


def command(who: str, program: Sequence[str]) -> list[str]:
    """Return the command that runs a program of this interpreter as somebody else."""
    reachable = {Path(sys.base_prefix), Path(sys.prefix), Path(__file__).parents[1]}
    return [sys.executable, "-m", "autograder.elsewhere", who, *map(str, sorted(reachable)), "--", *program]


def main(who: str, paths: list[Path], command: list[str]) -> None:
    """Become that user in this process, then run the command in its place."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
    for path in paths:
        open_the_way(path.resolve())
    if who == "container":
        for capability in set(range(LAST_CAPABILITY + 1)) - DOCKER_CAPABILITIES:
            linux.prctl(PR_CAPBSET_DROP, capability)
    if who == "user":
        linux.become(NOBODY)
    os.environ["HOME"] = "/nonexistent"
    os.execv(command[0], command)


def open_the_way(path: Path) -> None:
    """Make a path reachable: a directory above it that others may not enter is replaced by one that holds only it."""
    closed = [above for above in reversed(path.parents) if not above.stat().st_mode & 0o001]
    if not closed:
        return
    descriptor = os.open(path, os.O_PATH)
    linux.mount("tmpfs", str(closed[0]), "tmpfs", linux.MS_NOSUID, "mode=0755")
    path.mkdir(parents=True)
    linux.mount(f"/proc/self/fd/{descriptor}", str(path), None, linux.MS_BIND)
    os.close(descriptor)


if __name__ == "__main__":
    end = sys.argv.index("--")
    main(sys.argv[1], [Path(path) for path in sys.argv[2:end]], sys.argv[end + 1 :])
