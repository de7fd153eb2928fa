"""The process that guests are forked from: NumPy is imported, and nothing secret was ever here.

It is exec'd by the host with an empty environment, goes behind the wall as far as one process can for all its guests
(namespaces, private root), and then makes one guest per request:

    host ──control──▶ zygote ──fork──▶ monitor: waits, tells how the guest ended
                                          └──fork──▶ guest: user, limits, Landlock, seccomp, then the worker
"""

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

STATUS = struct.Struct("<iddq")  # wait status, user and system seconds, kilobytes at most
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
    """Make one guest. With a canary it only tries the wall, and tells what got through."""

    user: int
    canary: str = ""
    grader: int = 0


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
        linux.hide_memory()
        gc.collect()
        gc.freeze()  # a guest's garbage collector shall not touch, and so copy, what it shares

    def serve(self) -> None:
        """Make one guest per request."""
        while True:
            data, descriptors, _, _ = socket.recv_fds(self.control, 4096, 3)
            if not data:
                return
            request = msgspec.msgpack.decode(data, type=Request)
            monitor = self._fork(request, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
            pidfd = os.pidfd_open(monitor)
            socket.send_fds(self.control, [b"."], [pidfd])
            os.close(pidfd)
            self._reap()

    def _fork(self, request: Request, wire: int, status: int, nothing: int) -> int:
        """Start a monitor, in a process namespace of its own where there is one."""
        if Layer.NAMESPACES in self.layers:
            linux.unshare(linux.CLONE_NEWPID)
        monitor = os.fork()
        if monitor == 0:
            self._monitor(request, wire, status, nothing)
        if Layer.NAMESPACES in self.layers:
            linux.join_namespace(self.own_processes, linux.CLONE_NEWPID)
        return monitor

    def _reap(self) -> None:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return

    def _monitor(self, request: Request, wire: int, status: int, nothing: int) -> None:
        """Start the guest, wait for it, tell how it ended; never returns."""
        linux.die_with_parent()
        self.control.close()
        guest = os.fork()
        if guest == 0:
            os.close(status)
            self._guest(request, wire, nothing)
        os.close(wire)
        _, ended, usage = os.wait4(guest, 0)
        os.write(status, STATUS.pack(ended, usage.ru_utime, usage.ru_stime, usage.ru_maxrss))
        os._exit(0)

    def _guest(self, request: Request, wire: int, nothing: int) -> None:
        """Put on every layer of the wall, then serve; never returns."""
        try:
            self._put_on_the_wall(request.user)
            for standard in (0, 1, 2):
                os.dup2(nothing, standard)
            os.dup2(wire, 3)
            os.closerange(4, 256)
            connection = socket.socket(fileno=3)
            if request.canary:
                _try_the_wall(connection, request, self.config.memory_bytes)
            np.random.seed()  # noqa: NPY002 - the fork copied its state, and students may use it
            sys.modules["random"].seed()
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
            linux.restrict_calls(build_filter(os.getpid()))


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
