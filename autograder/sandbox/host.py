"""Our side of the wall: start a zygote at a proven level, open guests, call them, and believe nothing they say.

A `Sandbox` is one zygote. A `Guest` is one process with one student's code in it: it answers calls until it is closed,
or breaks a rule and is killed. What goes wrong on the student's side is a StudentError with a label; what goes wrong on
ours is a SandboxError.
"""

import itertools
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from autograder.errors import Label, SandboxError, StudentError
from autograder.sandbox import linux
from autograder.sandbox.blame import blame, obituary
from autograder.sandbox.deadline import Deadline, waited
from autograder.sandbox.guest.value import Packer, Unpacker, Unsupported, Value, WireError
from autograder.sandbox.guest.wire import Answer, Ask, Call, Clock, Compile, Compiled, Done, Failed, Line, Load, Refusal
from autograder.sandbox.level import Layer
from autograder.sandbox.zygote import STATUS, Config, Request

ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LC_CTYPE": "C.UTF-8"}
START_SECONDS = 30.0  # a zygote on a loaded machine; not a limit on students
LAST_WORDS_SECONDS = 2.0  # for a guest that hung up to end; one that only hung up does not
COMPILE_SECONDS = 2.0  # for all files of a submission
MAX_CALLBACKS = 100_000
FIRST_USER, USERS = 61_000, 4_000  # users that exist nowhere
IN_TURN = 16  # of them, for the guests of one process


@dataclass(frozen=True)
class Limits:
    """What one guest may use."""

    memory_bytes: int = 2**30
    cpu_seconds: int = 60
    file_bytes: int = 8 * 2**20
    threads: int = 16


class Sandbox:
    """One zygote behind a wall of the given layers.

    given: numnet/given/*.py and numnet/__init__.py, path inside the package to source
    Raises SandboxError if the kernel refuses one of the layers. Whether they hold is proved by `level.prove`.
    """

    def __init__(self, layers: Layer, given: Mapping[str, bytes], limits: Limits = Limits()) -> None:
        """Start the zygote and wait until it is ready."""
        if linux.is_linux():
            linux.hide_memory()
        self.layers = layers
        self.given = dict(given)
        self.limits = limits
        self._numbers = itertools.count()
        self._files: Mapping[str, bytes] = {}
        self._codes: dict[str, bytes] = {}
        self._start()

    def _start(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = f"from autograder.sandbox.zygote import main; main({theirs.fileno()})"
        with tempfile.TemporaryFile() as errors, theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", program],
                pass_fds=[theirs.fileno()],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
            theirs.close()
            self.control.settimeout(START_SECONDS)
            config = Config(layers=self.layers.value, given=self.given, **vars(self.limits))
            try:
                self.control.send(msgspec.msgpack.encode(config))
                answer = self.control.recv(4096)
            except OSError as error:
                answer = str(error).encode()
            if answer != b"ready":
                errors.seek(0)
                reason = answer.decode("utf-8", "replace") or errors.read()[-300:].decode("utf-8", "replace").strip()
                self.close()
                raise SandboxError(f"the sandbox's zygote did not start: {reason}")

    def close(self) -> None:
        """End the zygote, and with it every guest."""
        self.control.close()
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Start a new zygote in place of one that is gone."""
        self.close()
        self._start()

    def __enter__(self) -> "Sandbox":
        """Use the sandbox for a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def open(self, files: Mapping[str, bytes], records: Mapping[str, Any]) -> "Guest":
        """Return a fresh guest that holds a student's files, path inside numnet to source.

        The first one compiles them for the others, before any of them runs: no guest's state reaches another one.
        records: the NamedTuples of given/caches.py as our side knows them
        """
        if files is self._files:
            return self._load(files, records)
        self._files, self._codes = files, {}  # another submission
        guest = self._load(files, records)
        self._codes = guest.compile()
        return guest if guest.is_alive else self._load(files, records)

    def _load(self, files: Mapping[str, bytes], records: Mapping[str, Any]) -> "Guest":
        guest = Guest(self._fork(Request(user=self._user())), records)
        try:
            guest.load(files, self._codes)
        except OSError as error:
            guest.kill()
            raise SandboxError(f"a guest was gone before its first call: {error}") from error
        return guest

    def try_the_wall(self) -> dict[str, dict[str, bool]]:
        """Return layer to attempt to whether it got through, as tried by a guest of this zygote."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            canary = Path(folder, "canary")
            canary.write_text("anybody may read this file", "utf-8")
            request = Request(user=self._user(), canary=str(canary), grader=os.getpid())
            guest = Guest(self._fork(request), {})
            found: dict[str, dict[str, bool]] = guest.ready()[0]
            guest.close()
            return found

    def _user(self) -> int:
        return FIRST_USER + (os.getpid() * IN_TURN + next(self._numbers) % IN_TURN) % USERS

    def _fork(self, request: Request) -> "Process":
        """Return a new guest's process."""
        ours, theirs = socket.socketpair()
        nothing = os.open(os.devnull, os.O_RDWR)  # one that no other guest ever held: its flags could carry a message
        try:
            socket.send_fds(self.control, [msgspec.msgpack.encode(request)], [theirs.fileno(), nothing])
            number, descriptors, _, _ = socket.recv_fds(self.control, 16, 1)
        except OSError:
            descriptors = []
        finally:
            theirs.close()
            os.close(nothing)
        if not descriptors:
            ours.close()
            raise SandboxError("the sandbox's zygote is gone")
        return Process(ours, descriptors[0], partial(self._ended, int(number)))

    def _ended(self, number: int) -> bytes:
        """Return what the zygote knows of the end of a guest; nothing of use if it is gone itself."""
        try:
            self.control.send(msgspec.msgpack.encode(Request(ended=number)))
            return self.control.recv(STATUS.size)
        except OSError:
            return b""


@dataclass(frozen=True)
class Process:
    """A guest as the host holds it. ended: says how it ended, as STATUS"""

    wire: socket.socket
    pidfd: int
    ended: Callable[[], bytes]


class Guest:
    """One process with one student's code in it.

    Every call has a deadline. Once `is_alive` is false the process is gone.
    """

    def __init__(self, process: Process, records: Mapping[str, Any]) -> None:
        """Take over what the zygote gave."""
        self.line = Line(process.wire)
        self.process = process
        self.schedstat = f"/proc/{linux.process_of(process.pidfd)}/schedstat"
        self.records = dict(records)
        self.names = {record: name for name, record in records.items()}
        self.sequence = 0
        self.is_alive = True

    def ready(self) -> list[Any]:
        """Wait until the guest is behind the wall; return what it has to tell."""
        try:
            done, body, _ = self.line.receive([Done], 0, left=Deadline(START_SECONDS).left)
        except (EOFError, OSError, WireError) as error:
            raise SandboxError(f"a guest could not be set up: {self._end()}") from error
        unpacker = self._unpacker().open(done.buffers, body)
        return [unpacker.unpack(value) for value in done.values]

    def load(self, files: Mapping[str, bytes], codes: Mapping[str, bytes]) -> None:
        """Give the guest the student's files, and what is compiled of them."""
        self.ready()
        self.line.send(Load(dict(files), dict(codes)), 0)

    def compile(self) -> dict[str, bytes]:
        """Have it compile its files; nothing comes of files that take too long, or that no compiler survives."""
        left = Deadline(COMPILE_SECONDS).left
        try:
            self.line.send(Compile(), 0, left=left)
            compiled, _, _ = self.line.receive([Compiled], 0, left=left)
        except (OSError, EOFError, WireError):
            self.kill()
            return {}
        return compiled.codes  # type: ignore[no-any-return]

    def call(
        self, call: Call, arrays: Sequence[np.ndarray], offers: "Offers", *, deadline: Deadline
    ) -> tuple[list[Any], Done]:
        """Make one call; return its answers, and what the guest saw of the arguments.

        offers: what the student's code may call back. Raises StudentError for whatever their side does wrong.
        """
        if not self.is_alive:
            raise StudentError("your code ended its process in an earlier call of this check", label=Label.EXITED)
        self.sequence += 1
        try:
            self.line.send(call, self.sequence, arrays, left=deadline.left)
            reply, body = self._reply(offers, deadline.left)
            if isinstance(reply, Failed):
                raise blame(reply)
            unpacker = self._unpacker().open(reply.buffers, body)
            values = [unpacker.unpack(value) for value in reply.values]
            if len(values) != len(call.calls):
                raise WireError("another number of answers than of calls")
        except TimeoutError:
            self.kill()
            raise StudentError("no answer within the time limit", label=Label.TIMEOUT) from None
        except WireError as error:
            self.kill()
            raise StudentError(f"sent something that is no answer: {error}", label=Label.PROTOCOL) from None
        except (EOFError, ConnectionError):
            raise self._end() from None
        except (StudentError, SandboxError):
            raise
        except Exception:
            self.kill()  # it is in the middle of something
            raise
        return values, reply

    @property
    def received(self) -> int:
        """Return how many bytes it has sent."""
        return self.line.received

    def waited(self) -> float:
        """Return how many seconds it was ready to run and had no processor; 0 where that is not known."""
        return waited(self.schedstat)

    def _reply(self, offers: "Offers", left: Clock) -> tuple[Any, memoryview]:
        """Return the answer to the call under way, answering what the guest asks on the way."""
        unpacker = self._unpacker(offers)
        for _ in range(MAX_CALLBACKS):
            message, body, _ = self.line.receive([Done, Failed, Ask], self.sequence, left=left)
            if not isinstance(message, Ask):
                return message, body
            unpacker.open(message.buffers, body)
            positional = [unpacker.unpack(value) for value in message.arguments.positional]
            named = {name: unpacker.unpack(value) for name, value in message.arguments.named.items()}
            packer = Packer(self.names, _never, trusted=True)
            try:
                value = packer.pack(offers.call(message.offer, message.method, positional, named))
            except (Refused, Unsupported) as error:
                self.line.send(Refusal(str(error)), self.sequence, left=left)
                continue
            self.line.send(Answer(value, packer.sizes()), self.sequence, packer.arrays, left=left)
        raise WireError("too many calls back")

    def packer(self, instance: Any) -> Packer:
        """Start a message to this guest. instance: turns an object that is no plain value into a Value."""
        return Packer(self.names, instance, trusted=True)

    def _unpacker(self, offers: "Offers | None" = None) -> Unpacker:
        """Read an answer; or, with `offers`, what is passed to a function of ours."""
        find = (offers or Offers()).find
        return Unpacker(
            self.records, instance=lambda held: held, offer=lambda made, _: find(made.number), trusted=False
        )

    def kill(self) -> None:
        """End the guest and everything it started."""
        if self.is_alive:
            self.is_alive = False
            try:
                signal.pidfd_send_signal(self.process.pidfd, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it ended by itself
            except PermissionError as error:
                raise SandboxError("this user may not end a guest of another user: it takes CAP_KILL") from error
            finally:
                self.line.connection.close()
                os.close(self.process.pidfd)

    close = kill

    def _end(self) -> StudentError | SandboxError:
        """Return why the guest does not answer any more: how it ended, as the zygote knows."""
        has_ended, _, _ = select.select([self.process.pidfd], [], [], LAST_WORDS_SECONDS)
        told = self.process.ended() if has_ended else None
        self.kill()
        if told is None:
            return StudentError("your code closed its connection to the grader", label=Label.EXITED)
        if len(told) < STATUS.size:
            return SandboxError("the sandbox's zygote is gone, and its guests with it")
        return obituary(told)


class Refused(Exception):
    """What the guest asked for cannot be done; the text is shown to the student's code."""


class Offers:
    """What a student's code may call back during one call: nothing, unless a subclass says so."""

    def call(self, number: int, method: str, positional: list[Any], named: dict[str, Any]) -> Any:
        """Call what was offered under this number. Raises WireError if nothing was."""
        raise WireError("called back what was not offered")

    def find(self, number: int) -> Any:
        """Return what was offered under this number. Raises WireError if nothing was."""
        raise WireError("answered with what was not offered")


def _never(value: object) -> Value:
    raise Unsupported(type(value).__name__)
