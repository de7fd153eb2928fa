"""Run a command twice: with a folder that is a small disk, then after the disk has grown.

    python cramped.py FOLDER KIBIBYTES COMMAND...

Needs root. The disk is memory, mounted where only this process and its children see it. Prints, as JSON, for each of
the two runs: exit code, standard error, and the files on the disk with their contents.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograder.sandbox import linux

MS_REMOUNT = 0x20
ROOM = "size=64m"


def main(folder: Path, kibibytes: int, command: list[str]) -> list[dict[str, Any]]:
    """Mount the disk, and run the command before and after it grows."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("tmpfs", str(folder), "tmpfs", 0, f"size={kibibytes}k")
    full = _run(command, folder)
    linux.mount("tmpfs", str(folder), "tmpfs", MS_REMOUNT, ROOM)
    return [full, _run(command, folder)]


def _run(command: list[str], folder: Path) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    files = {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}
    return {"code": done.returncode, "stderr": done.stderr, "files": files}


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]), sys.stdout)
