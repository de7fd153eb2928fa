"""A PostgreSQL server of a test's own, from whatever this machine has: on the PATH, or where Debian puts it."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OF_DEBIAN = Path("/usr/lib/postgresql")
SECONDS = 300  # a busy machine starts and stops a server slowly


def programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, or None."""
    on_path = shutil.which("pg_ctl")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(OF_DEBIAN.glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").is_file()), None)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a server whose data is in a folder; yield the address of its database."""
    tools, user = programs(), _user()
    assert tools
    data, port = folder / "data", free_port()
    if user:
        shutil.chown(folder, user)
        for parent in folder.parents[:3]:
            parent.chmod(parent.stat().st_mode | 0o011)  # pytest's own folders are closed to others
    _run(tools / "initdb", "--pgdata", data, "--username", "grader", "--auth", "trust", "--no-sync", user=user)
    options = f"-F -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    _run(tools / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-t", SECONDS, "-o", options, user=user)
    try:
        yield f"postgresql+psycopg://grader@127.0.0.1:{port}/postgres"
    finally:
        _run(tools / "pg_ctl", "stop", "-w", "-D", data, "-m", "immediate", "-t", SECONDS, user=user)


def _user() -> str | None:
    """Return who may run a server: root may not."""
    return None if os.geteuid() else pwd.getpwnam("nobody").pw_name


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _run(*command: object, user: str | None) -> None:
    words = [str(word) for word in command]
    with Path(os.devnull).open("rb+") as nothing:  # a server keeps a pipe open
        subprocess.run(
            words, user=user, cwd="/", stdin=nothing, stdout=nothing, stderr=nothing, timeout=SECONDS, check=True
        )
