"""Run a command as somebody else: root, root in a container as Docker makes one, or an ordinary user.

    python -m autograder.elsewhere root|container|user PATH... -- COMMAND...

Needs root. The paths (interpreter, packages, project) are made reachable for every user inside a mount namespace of its
own, so that it does not matter where they lie; the machine itself is not changed. The folders for temporary files are
empty and of its own, too, so that whatever is left there was left by the command.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder import container
from autograder.sandbox import linux

WHO = ("root", "container", "user")
NOBODY = 65534
TEMPORARY = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
VARIABLE = "AUTOGRADER_ELSEWHERE"  # is set where nobody else uses the temporary folders


def command(who: str, program: Sequence[str], *, also: Sequence[Path] = ()) -> list[str]:
    """Return the command that runs a program of this interpreter as somebody else.

    also: what shall be reachable besides the interpreter, its packages and the project
    """
    reachable = {Path(sys.base_prefix), Path(sys.prefix), Path(__file__).parents[1], *also}
    return [sys.executable, "-m", "autograder.elsewhere", who, *map(str, sorted(reachable)), "--", *program]


def private_folders() -> tuple[Path, ...]:
    """Return the temporary folders that nobody else uses."""
    return TEMPORARY if VARIABLE in os.environ else ()


def main(who: str, paths: Sequence[Path], program: Sequence[str]) -> None:
    """Become that user in this process, then run the program in its place."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
    descriptors = {path.resolve(): os.open(path, os.O_PATH) for path in paths}
    for folder in TEMPORARY:
        if folder.is_dir():
            linux.mount("tmpfs", str(folder), "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=1777")
    for path, descriptor in descriptors.items():
        open_the_way(path, descriptor)
    if who == "container":
        container.enter()
    if who == "user":
        linux.become(NOBODY)
    os.environ |= {"HOME": "/nonexistent", VARIABLE: who}
    os.execv(program[0], list(program))


def open_the_way(path: Path, descriptor: int) -> None:
    """Make a path reachable: what is in the way is replaced by a folder that holds only it.

    descriptor: of the path, opened before anything was in the way
    """
    closed = [above for above in reversed(path.parents) if above.exists() and not above.stat().st_mode & 0o001]
    if closed:
        linux.mount("tmpfs", str(closed[0]), "tmpfs", linux.MS_NOSUID, "mode=0755")
    if not path.exists():
        path.mkdir(parents=True)
        linux.mount(f"/proc/self/fd/{descriptor}", str(path), None, linux.MS_BIND)
    os.close(descriptor)


if __name__ == "__main__":
    end = sys.argv.index("--")
    main(sys.argv[1], [Path(path) for path in sys.argv[2:end]], sys.argv[end + 1 :])
