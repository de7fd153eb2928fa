"""How messages cross the wall: a header of 24 bytes, a typed message, then the bytes of its arrays.

Both sides use this file. The host trusts nothing that comes through it: exact lengths, the expected kind and sequence
number, one clock; whatever breaks a rule is a WireError. There is no pickle, no attribute access, no type named by
the other side.
"""

import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from autograder.sandbox.guest.value import MAX_BODY_BYTES, Offer, Value, WireError

HEADER = struct.Struct("<4sBBHIIQ")  # magic, version, kind, zero, sequence, bytes of the message, bytes of the arrays
MAGIC, VERSION = b"WALL", 1
MAX_META_BYTES = 2**20
CHUNK_BYTES = 2**16
MAX_PARTS = 64  # buffers that one system call may send
Clock = Callable[[], float]  # says how many seconds are left


class Load(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Host to guest: the student's files, path inside numnet to bytes, and what another guest compiled of them."""

    files: dict[str, bytes]
    codes: dict[str, bytes]


class Compile(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Host to guest, before any call: compile all files, and run none."""


class Compiled(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Guest to host: module to its code, as the host passes it on and never reads it."""

    codes: dict[str, bytes]


class Arguments(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """The arguments of one call."""

    positional: list[Value]
    named: dict[str, Value]


class Call(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Host to guest: call one function once per entry of `calls`.

    target: "conv.conv2d_forward", or the number of an instance and its method
    first: bring back only the first of the results. watch: look whether arguments are changed or shared
    ours: functions of the host's to put in place of the student's during this call
    """

    target: str
    instance: int | None
    calls: list[Arguments]
    first: bool
    watch: bool
    ours: dict[str, Offer]
    buffers: list[int]


class Done(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Guest to host: the answers, and what was seen of the arguments (by their position)."""

    values: list[Value]
    changed: list[int]
    shared: list[int]
    entangled: bool
    buffers: list[int]


class Failed(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Guest to host: no answer. `stage` is import, lookup, call or answer; the rest says what happened where."""

    stage: str
    exception: str
    subject: str
    file: str
    line: int


class Ask(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Guest to host, during a call: call what was offered."""

    offer: int
    method: str
    arguments: Arguments
    buffers: list[int]


class Answer(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Host to guest: the result of what was asked."""

    value: Value
    buffers: list[int]


class Refusal(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Host to guest: what was asked could not be done; raised in the student's code as a ValueError."""

    message: str


Message = Load | Compile | Compiled | Call | Done | Failed | Ask | Answer | Refusal
KINDS: dict[type, int] = {
    kind: number for number, kind in enumerate((Load, Call, Done, Failed, Ask, Answer, Refusal, Compile, Compiled), 1)
}
TYPES = {number: kind for kind, number in KINDS.items()}
DECODERS: dict[int, msgspec.msgpack.Decoder[Any]] = {
    number: msgspec.msgpack.Decoder(kind) for kind, number in KINDS.items()
}
ENCODER = msgspec.msgpack.Encoder()


class Line:
    """One end of the wire: sends and receives whole messages.

    left: says how many seconds are left before it gives up with TimeoutError; without it, it waits for ever
    """

    def __init__(self, connection: socket.socket, *, max_meta_bytes: int = MAX_META_BYTES) -> None:
        """Take over a connected stream socket."""
        self.connection = connection
        self.max_meta_bytes = max_meta_bytes
        self.received = 0  # bytes of messages and arrays, in all
        self._rest = memoryview(b"")  # received, and not yet read
        self._timeout = -1.0

    def send(
        self, message: Message, sequence: int, arrays: Sequence[np.ndarray] = (), *, left: Clock | None = None
    ) -> None:
        """Send one message with its arrays."""
        meta = ENCODER.encode(message)
        body = sum(array.nbytes for array in arrays)
        header = HEADER.pack(MAGIC, VERSION, KINDS[type(message)], 0, sequence, len(meta), body)
        if body <= CHUNK_BYTES:  # many small arrays: one part is sent sooner than many
            pending = [memoryview(b"".join([header, meta, *[array.tobytes() for array in arrays]]))]
        else:
            parts = [array.reshape(-1).view(np.uint8).data for array in arrays if array.nbytes]
            pending = [memoryview(header + meta), *parts]
        while pending:
            sent = self._patiently(left, self.connection.sendmsg, pending[:MAX_PARTS])
            while pending and sent >= len(pending[0]):
                sent -= len(pending.pop(0))
            if sent:
                pending[0] = pending[0][sent:]

    def receive(
        self, kinds: Sequence[type], sequence: int | None, *, left: Clock | None = None
    ) -> tuple[Any, memoryview, int]:
        """Return the next message, the bytes of its arrays and its sequence number.

        sequence: the number it must have, or None for any
        Raises EOFError or ConnectionError when the other side is gone, TimeoutError when no time is left, WireError
        for anything else.
        """
        magic, version, kind, zero, number, meta_bytes, body_bytes = HEADER.unpack(self._take(HEADER.size, left))
        if (magic, version, zero) != (MAGIC, VERSION, 0) or TYPES.get(kind) not in kinds:
            raise WireError("a header that was not expected")
        if sequence is not None and number != sequence:
            raise WireError("a message out of turn")
        if meta_bytes > self.max_meta_bytes or body_bytes > MAX_BODY_BYTES:
            raise WireError("a message over the size limit")
        self.received += meta_bytes + body_bytes
        meta = self._take(meta_bytes, left)
        body = self._take(body_bytes, left)
        try:
            return DECODERS[kind].decode(meta), body, number
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise WireError("a message that does not fit its type") from error

    def _take(self, size: int, left: Clock | None) -> memoryview:
        if size > CHUNK_BYTES:
            return self._take_much(size, left)
        while len(self._rest) < size:
            got = self._patiently(left, self.connection.recv, CHUNK_BYTES)
            if not got:
                raise EOFError
            self._rest = memoryview(bytes(self._rest) + got)
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def _take_much(self, size: int, left: Clock | None) -> memoryview:
        much = np.empty(size, np.uint8).data  # pages that are not written are not resident: a lying size costs nothing
        position = min(size, len(self._rest))
        much[:position], self._rest = self._rest[:position], self._rest[position:]
        while position < size:
            got = self._patiently(left, self.connection.recv_into, much[position:])
            if not got:
                raise EOFError
            position += got
        return much

    def _patiently(self, left: Clock | None, transfer: Callable[[Any], Any], what: Any) -> Any:
        """Send or receive some bytes; when the time that was left is over, ask whether there is more."""
        if left is None:
            return transfer(what)
        while (seconds := left()) > 0:
            if not seconds / 2 <= self._timeout <= seconds:  # it may come early: then the clock is asked again
                self._timeout = 0.75 * seconds
                self.connection.settimeout(self._timeout)
            try:
                return transfer(what)
            except TimeoutError:
                continue
        raise TimeoutError
