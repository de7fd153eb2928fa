"""Whatever comes through the wire, the host gets a message, or one of four exceptions, before the deadline."""

import datetime
import os
import socket
import struct
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sandbox.deadline import Deadline
from autograder.sandbox.guest.value import MAX_BODY_BYTES, Array, Packer, Unpacker, Unsupported, WireError
from autograder.sandbox.guest.wire import (
    HEADER,
    KINDS,
    MAX_META_BYTES,
    Arguments,
    Ask,
    Call,
    Done,
    Failed,
    Line,
    Load,
    Refusal,
)

SEQUENCE = 5
MEBIBYTE = 2**20
RESIDENT = Path("/proc/self/statm")


@contextmanager
def wire() -> Iterator[tuple[Line, socket.socket]]:
    """Return our end of a wire, and the socket at the other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Line(ours), theirs


def frame(meta: bytes, body: bytes = b"", **header: Any) -> bytes:
    """Return a message as bytes; anything in its header may be a lie."""
    honest = {
        "magic": b"WALL",
        "version": 1,
        "kind": KINDS[Done],
        "zero": 0,
        "sequence": SEQUENCE,
        "meta_bytes": len(meta),
        "body_bytes": len(body),
    }
    return HEADER.pack(*(honest | header).values()) + meta + body


def done(values: Any = (), buffers: Sequence[int] = ()) -> bytes:
    """Return the message of an answer, with anything in the place of its values."""
    return msgspec.msgpack.encode([values, [], [], False, buffers])


def read(line: Line, seconds: float = 1.0) -> list[Any]:
    """Receive an answer as the host does, up to the values."""
    reply, body, _ = line.receive([Done, Failed, Ask], SEQUENCE, left=Deadline(seconds).left)
    if not isinstance(reply, Done):
        return []
    unpacker = Unpacker({}, instance=lambda held: held, offer=no_offer, trusted=False).open(reply.buffers, body)
    return [unpacker.unpack(value) for value in reply.values]


def no_offer(*_: object) -> Any:
    """Refuse an offer, as the host does."""
    raise WireError("an offer")


def never(value: Any) -> Any:
    """Refuse a value that is not plain."""
    raise Unsupported(type(value).__name__)


def answered(data: bytes) -> list[Any]:
    """Return what the host reads from a guest that sent these bytes and ended."""
    with wire() as (line, theirs):
        theirs.sendall(data)
        theirs.close()
        return read(line)


def valid() -> bytes:
    """Return an answer with one of everything."""
    packer = Packer({}, never, trusted=False)
    values = [packer.pack(thing) for thing in (np.arange(3.0), "text", [1, 2.5, None], {"a": (True, 10**30)})]
    body = b"".join(array.tobytes() for array in packer.arrays)
    return frame(msgspec.msgpack.encode(Done(values, [], [], False, packer.sizes())), body)


VALID = valid()


def test_messages_arrive_as_they_were_sent() -> None:
    """Three in a row, with no arrays, with more than one system call can send, and with empty ones."""
    arrays = [np.full(i % 4, i) for i in range(200)]
    call = Call("conv.f", None, [Arguments([Array("i8", (1,), 0)], {"padding": 1})], False, True, {}, [8])

    with wire() as (line, theirs):
        there = Line(theirs)
        line.send(Load({"conv.py": b"x = 1"}, {"numnet.conv": b"code"}), 0)
        line.send(call, 1, arrays)
        line.send(Refusal("no"), 1)
        load, nothing, _ = there.receive([Load, Call], None)
        same, body, number = there.receive([Load, Call], None)
        refusal, _, _ = there.receive([Refusal], 1)

    assert load == Load({"conv.py": b"x = 1"}, {"numnet.conv": b"code"})
    assert (same, refusal, number) == (call, Refusal("no"), 1)
    assert nothing.nbytes == 0
    np.testing.assert_array_equal(np.frombuffer(body, np.int64), np.concatenate(arrays))


def test_a_message_larger_than_the_sockets_buffer_arrives() -> None:
    """Sender and receiver take turns until it is through."""
    array = np.arange(MEBIBYTE, dtype=np.uint8)

    with wire() as (line, theirs), beside(lambda: Line(theirs).send(Refusal(""), 1, [array, array])):
        _, body, _ = line.receive([Refusal], 1, left=Deadline(10).left)

    np.testing.assert_array_equal(body, np.concatenate([array, array]))


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Do some work in a thread during a block."""
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


HEADERS = st.builds(
    lambda kind, meta, body, rest: frame(b"", kind=kind, meta_bytes=meta, body_bytes=body) + rest,
    st.integers(0, 8),
    st.integers(0, 60) | st.integers(0, 2**32 - 1),
    st.integers(0, 60) | st.integers(0, 2**64 - 1),
    st.binary(max_size=120),
)


@given(st.binary(max_size=200) | HEADERS | st.binary(max_size=120).map(frame))
@settings(deadline=None, max_examples=100)
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    """Nothing but a WireError or the end comes of them."""
    with pytest.raises((WireError, EOFError)):
        answered(data)


@given(st.integers(0, len(VALID) - 1), st.integers(1, 255))
@settings(deadline=None, max_examples=100)
def test_one_wrong_byte_is_refused_or_is_another_answer(position: int, change: int) -> None:
    """A byte of a number or a text makes another number or text; any other breaks a rule."""
    data = bytearray(VALID)
    data[position] ^= change

    try:
        values = answered(bytes(data))
    except (WireError, EOFError):
        return

    assert position >= HEADER.size
    assert len(values) == 4


@pytest.mark.parametrize(
    "lie",
    [
        {"magic": b"wall"},
        {"version": 2},
        {"version": 0},
        {"zero": 1},
        {"kind": 0},
        {"kind": 99},
        {"kind": KINDS[Call]},
        {"kind": KINDS[Load]},
        {"sequence": SEQUENCE - 1},
        {"sequence": SEQUENCE + 1},
        {"sequence": 2**32 - 1},
        {"meta_bytes": MAX_META_BYTES + 1},
        {"meta_bytes": 2**32 - 1},
        {"body_bytes": MAX_BODY_BYTES + 1},
        {"body_bytes": 2**32},
        {"body_bytes": 2**63},
        {"body_bytes": 2**64 - 1},
    ],
    ids=str,
)
def test_a_header_that_lies_is_refused_at_once(lie: dict[str, Any]) -> None:
    """Before anything of that size is awaited or reserved."""
    with wire() as (line, theirs):
        theirs.sendall(frame(done(), **lie))

        with pytest.raises(WireError):
            read(line)


@pytest.mark.skipif(not RESIDENT.exists(), reason="this system does not tell how much memory is resident")
@pytest.mark.parametrize("lie", [{"body_bytes": MAX_BODY_BYTES - MEBIBYTE}, {"meta_bytes": MAX_META_BYTES}], ids=str)
def test_bytes_that_never_come_cost_no_memory(lie: dict[str, Any]) -> None:
    """A guest that announces 255 MiB and sends a few bytes makes the host wait, not grow."""
    with wire() as (line, theirs):
        theirs.sendall(frame(done(), **lie) + b"few")
        before = resident_bytes()

        with pytest.raises(TimeoutError) as caught:
            read(line, seconds=0.1)

        assert resident_bytes() - before < 16 * MEBIBYTE
        assert caught.tb  # keeps what the receiver holds alive until here


def resident_bytes() -> int:
    """Return how much memory this process has in use."""
    return int(RESIDENT.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


BOMBS = {
    "an array of 2^32": b"\xdd\xff\xff\xff\xff",
    "a map of 2^32": b"\xdf\xff\xff\xff\xff",
    "a text of 4 GB": b"\xdb\xff\xff\xff\xff",
    "bytes of 4 GB": b"\xc6\xff\xff\xff\xff",
    "an extension of 4 GB": b"\xc9\xff\xff\xff\xff\x05",
    "a list of 2^32": b"\x92\xa1l\xdd\xff\xff\xff\xff",
    "an offer with 2^32 attributes": b"\x94\xa1o\x00\x90\xdf\xff\xff\xff\xff",
    "a shape of 2^32": b"\x94\xa1a\xa2f8\xdd\xff\xff\xff\xff",
    "lists half a million deep": b"\x91" * 500_000,
    "typed lists without end": b"\x92\xa1l\x91" * 200_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_without_memory(bomb: str) -> None:
    """A few bytes that announce a lot, in the place of the values and as one of them."""
    for meta in (b"\x95" + BOMBS[bomb], b"\x95\x91" + BOMBS[bomb]):
        with wire() as (line, theirs), beside(lambda meta=meta: theirs.sendall(frame(meta))):  # type: ignore[misc]
            tracemalloc.start()
            with pytest.raises(WireError):
                read(line)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()

        assert peak < 8 * MEBIBYTE


@pytest.mark.parametrize(
    "value",
    [
        msgspec.msgpack.Ext(5, b""),
        msgspec.msgpack.Ext(-1, struct.pack(">I", 0)),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        b"bytes",
        {"a": 1},
        ["a"],
        ["z", 1],
        ["a", "f8", [0]],
        ["a", "f8", [0], 0, 0],
        ["a", "f8", [0.5], 0],
        ["t", None],
        ["h", "0", "Model"],
        [],
    ],
    ids=str,
)
def test_a_value_outside_the_grammar_is_refused(value: Any) -> None:
    """Extensions, timestamps, bytes, maps, unknown tags and wrong numbers of fields decode to nothing."""
    with pytest.raises(WireError):
        answered(frame(done([value])))


@pytest.mark.parametrize("size", [0, 1, HEADER.size - 1, HEADER.size, HEADER.size + 1, len(VALID) - 1])
def test_a_message_that_stops_is_the_end(size: int) -> None:
    """Wherever the other side went away."""
    with pytest.raises(EOFError):
        answered(VALID[:size])


def test_a_wire_that_was_cut_is_told() -> None:
    """The other side went away without reading: both directions say so."""
    with wire() as (line, theirs):
        line.send(Refusal(""), 1)
        theirs.close()

        with pytest.raises(ConnectionError):
            read(line)
        with pytest.raises(ConnectionError):
            line.send(Refusal(""), 1)


def test_a_slow_sender_does_not_move_the_deadline() -> None:
    """One byte every 50 ms keeps a connection busy for longer than 0.3 s, and the host gives up before the last one."""
    enough = threading.Event()

    with wire() as (line, theirs), beside(lambda: drip(theirs, VALID, enough)):
        with pytest.raises(TimeoutError):
            read(line, seconds=0.3)
        enough.set()


def drip(connection: socket.socket, data: bytes, enough: threading.Event) -> None:
    """Send one byte at a time until it is enough."""
    for byte in data:
        connection.sendall(bytes([byte]))
        if enough.wait(0.05):
            return


def test_a_peer_that_does_not_read_does_not_hold_the_sender() -> None:
    """Sending has the same deadline."""
    with wire() as (line, _), pytest.raises(TimeoutError):
        line.send(Refusal(""), 1, [np.zeros(MEBIBYTE)], left=Deadline(0.2).left)


def test_a_deadline_that_has_passed_is_not_waited_for() -> None:
    """A message that lies ready is late all the same."""
    with wire() as (line, theirs):
        theirs.sendall(VALID)

        with pytest.raises(TimeoutError):
            read(line, seconds=-1)
