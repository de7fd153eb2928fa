"""The process that guests are forked from: NumPy is imported, and nothing secret was ever here.

It is exec'd by the host with an empty environment, goes behind the wall as far as one process can for all its guests
(namespaces, private root), and then makes one guest per request:

    host ──control──▶ zygote ──fork──▶ guest: user, limits, Landlock, seccomp, then the worker

With namespaces each guest is the first process of one of its own, which nothing outlives.
"""

import contextlib
import gc
import importlib
import os
import socket
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from autograder.sandbox import linux
from autograder.sandbox.guest import probe
from autograder.sandbox.guest.package import Package
from autograder.sandbox.guest.value import Packer
from autograder.sandbox.guest.wire import Done, Line
from autograder.sandbox.guest.worker import PACKAGE, Worker
from autograder.sandbox.level import Layer
from autograder.sandbox.seccomp import build_filter

STATUS = struct.Struct("<i?")  # how a guest ended: wait status, whether its processor time was used up
FIRST = 1  # process of a namespace
KEPT = 64  # guests that have ended and may be asked for
USEFUL = """
collections contextlib copy dataclasses decimal enum fractions functools hashlib heapq itertools json math
numpy.fft numpy.linalg numpy.random operator random re statistics string textwrap time traceback types typing warnings
"""  # imported once for all guests


class Config(msgspec.Struct):
    """What the host tells a zygote."""

    layers: int
    given: dict[str, bytes]  # numnet/given/*.py, path inside the package to source
    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    threads: int


class Request(msgspec.Struct):
    """Make one guest. With a canary it only tries the wall, and tells what got through.

    ended: the number of a guest that is no more; tell how it ended, and make none
    """

    user: int = 0
    canary: str = ""
    grader: int = 0
    ended: int = 0


def main(control: int) -> None:
    """Serve the host over the control socket until it hangs up."""
    connection = socket.socket(fileno=control)
    linux.die_with_parent()
    config = msgspec.msgpack.decode(connection.recv(2**20), type=Config)
    zygote = Zygote(connection, config)
    try:
        zygote.go_behind_the_wall()
    except OSError as error:
        connection.send(str(error).encode())
        return
    connection.send(b"ready")
    zygote.serve()


class Zygote:
    """One process, ready to become guests."""

    def __init__(self, control: socket.socket, config: Config) -> None:
        """Import what guests need."""
        self.control = control
        self.config = config
        self.layers = Layer(config.layers)
        self.ended: dict[int, bytes] = {}  # guest to STATUS
        for name in USEFUL.split():
            importlib.import_module(name)
        self.records = _import_given(config.given)

    def go_behind_the_wall(self) -> None:
        """Enter what all guests share, and prepare what each of them will put on."""
        library = linux.standard_library()
        packages = [
            Path(np.__file__).parent,
            Path(np.__file__).parent.with_name("numpy.libs"),
            Path(msgspec.__file__).parent,
        ]
        packages = [path for path in packages if path.is_dir()]
        foreign = linux.foreign_packages(library)
        sys.path[:] = [path for path in sys.path if Path(path) in (library, library / "lib-dynload")]
        if Layer.NAMESPACES in self.layers:
            linux.enter_namespaces()
            _continue_in_child()
            self.own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY)
            linux.enter_private_root(library, foreign, packages)
        if Layer.LANDLOCK in self.layers:
            entries = [entry for entry in sorted(library.iterdir()) if entry not in foreign]
            self.ruleset = linux.build_ruleset([*entries, *packages], [library])
        if Layer.SECCOMP in self.layers:
            self.filter = build_filter(FIRST)
        linux.hide_memory()
        gc.collect()
        gc.freeze()  # a guest's garbage collector shall not touch, and so copy, what it shares

    def serve(self) -> None:
        """Make one guest per request, or tell how one ended."""
        while True:
            data, descriptors, _, _ = socket.recv_fds(self.control, 4096, 2)
            if not data:
                return
            request = msgspec.msgpack.decode(data, type=Request)
            if request.ended:
                self._reap()
                self.control.send(self.ended.get(request.ended, b"?"))
            else:
                self._make(request, *descriptors)

    def _make(self, request: Request, wire: int, nothing: int) -> None:
        """Send back the number of a new guest, and its pidfd."""
        guest = self._fork()
        if guest == 0:
            self._guest(request, wire, nothing)
        pidfd = os.pidfd_open(guest)
        socket.send_fds(self.control, [str(guest).encode()], [pidfd])
        for descriptor in (wire, nothing, pidfd):
            os.close(descriptor)
        self._reap()

    def _fork(self) -> int:
        """Fork, into a process namespace of its own where there is one."""
        if Layer.NAMESPACES in self.layers:
            linux.unshare(linux.CLONE_NEWPID)
        child = os.fork()
        if child and Layer.NAMESPACES in self.layers:
            linux.join_namespace(self.own_processes, linux.CLONE_NEWPID)
        return child

    def _reap(self) -> None:
        """Remember how those guests ended that did."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.wait4(-1, os.WNOHANG))[0]:
                guest, status, usage = ended
                is_up = usage.ru_utime + usage.ru_stime >= self.config.cpu_seconds
                self.ended[guest] = STATUS.pack(status, is_up)
        for guest in list(self.ended)[:-KEPT]:
            del self.ended[guest]

    def _guest(self, request: Request, wire: int, nothing: int) -> None:
        """Put on every layer of the wall, then serve; never returns."""
        try:
            self.control.close()
            self._put_on_the_wall(request.user)
            for standard in (0, 1, 2):
                os.dup2(nothing, standard)
            os.dup2(wire, 3)
            os.closerange(4, 256)
            connection = socket.socket(fileno=3)
            if request.canary:
                _try_the_wall(connection, request, self.config.memory_bytes)
            np.random.seed(int.from_bytes(os.urandom(4)))  # noqa: NPY002 - a fork copies its state; random has a hook
            Worker(connection, self.config.given, self.records).serve()
        except EOFError:
            os._exit(0)
        finally:
            os._exit(70)

    def _put_on_the_wall(self, user: int) -> None:
        config, layers = self.config, self.layers
        if Layer.LIMITS in layers:
            threads = config.threads if Layer.UID in layers else None
            linux.limit(
                memory_bytes=config.memory_bytes,
                cpu_seconds=config.cpu_seconds,
                file_bytes=config.file_bytes,
                threads=threads,
            )
        if Layer.UID in layers:
            linux.become(user)
        linux.die_with_parent()  # forgotten with the change of user
        linux.forbid_new_privileges()
        if Layer.LANDLOCK in layers:
            linux.restrict_files(self.ruleset)
        linux.drop_capabilities()
        if Layer.SECCOMP in layers:
            linux.restrict_calls(self.filter if os.getpid() == FIRST else build_filter(os.getpid()))


def _continue_in_child() -> None:
    """Fork, so that the process namespace is entered; the parent only waits, and ends with its child."""
    child = os.fork()
    if child == 0:
        linux.die_with_parent()
        return
    os.closerange(0, 256)
    os.waitpid(child, 0)
    os._exit(0)


def _import_given(sources: Mapping[str, bytes]) -> dict[str, Any]:
    """Import numnet.given.caches once for all guests; return its NamedTuples by name."""
    package = Package(PACKAGE, sources)
    package.install()
    caches = importlib.import_module(f"{PACKAGE}.given.caches")
    sys.meta_path.remove(package)
    return {name: value for name, value in vars(caches).items() if hasattr(value, "_fields")}


def _try_the_wall(connection: socket.socket, request: Request, memory_bytes: int) -> None:
    """Tell the host what got through, and end."""
    found = probe.attempts(request.canary, request.grader, memory_bytes)
    packer = Packer({}, instance=lambda _: None, trusted=False)
    Line(connection).send(Done([packer.pack(found)], [], [], False, []), 0)
    os._exit(0)
