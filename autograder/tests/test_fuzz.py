"""Whatever bytes come from outside, only errors of ours come of them, in little time and memory.

`--hypothesis-profile=thorough` tries a hundred times as many, and other ones every time.
"""

import io
import re
import socket
import stat
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.archive import MAX_NAME, MAX_TOTAL_BYTES, open_archive
from autograder.assignment import read_assignment
from autograder.errors import AssignmentError, SubmissionError, UsageError
from autograder.roster import find_submissions
from autograder.sandbox.blame import blame
from autograder.sandbox.deadline import Deadline
from autograder.sandbox.guest.value import Packer, Unpacker, Value, WireError
from autograder.sandbox.guest.wire import HEADER, KINDS, Arguments, Ask, Done, Failed, Line
from autograder.submission import read_submission
from autograder.tests.conftest import ROOT

MEBIBYTE = 1 << 20
EDGES = [0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**63 - 1, 2**63, 2**64 - 1]
MANY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@contextmanager
def resident_within(mebibytes: int) -> Iterator[None]:
    """Demand that this process never has that much more in memory than before."""
    Path("/proc/self/clear_refs").write_text("5")  # forgets the highest so far
    before = _resident("VmRSS")
    yield
    assert _resident("VmHWM") - before < mebibytes << 10


def _resident(key: str) -> int:
    [kibibytes] = re.findall(rf"{key}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(kibibytes)


@st.composite
def mutated(draw: st.DrawFn, originals: tuple[bytes, ...]) -> bytes:
    """Draw one of these with bytes changed, numbers put at an edge, and parts taken out, doubled or put elsewhere."""
    content = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        part = content[start : start + draw(st.integers(0, 64))]
        match draw(st.integers(0, 4)):
            case 0:
                content[start : start + 1] = draw(st.binary(min_size=1, max_size=1))
            case 1:
                content[start : start + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
            case 2:
                width = draw(st.sampled_from([1, 2, 4, 8]))
                edge = draw(st.sampled_from(EDGES)) % (1 << 8 * width)
                content[start : start + width] = edge.to_bytes(width, draw(st.sampled_from(["little", "big"])))
            case 3:
                del content[start : start + len(part)]
            case 4:
                to = draw(st.integers(0, len(content)))
                content[to:to] = part
    return bytes(content)


# Messages of a guest


class Cache(NamedTuple):
    """What a layer keeps."""

    x: Any
    weight: Any


def refuse(value: Any, *_: object) -> Any:
    """Refuse what is not plain, as the host does."""
    raise WireError(type(value).__name__)


def send(connection: socket.socket, data: bytes) -> None:
    """Send all of it, or until nobody listens, and end."""
    with connection, suppress(OSError):
        connection.sendall(data)


def receive(data: bytes) -> None:
    """Read a message as the host does, to the last value in it."""
    ours, theirs = socket.socketpair()
    sender = threading.Thread(target=send, args=(theirs, data))
    sender.start()
    try:
        with ours:
            message, body, _ = Line(ours).receive([Done, Failed, Ask], None, left=Deadline(5).left)
    finally:
        sender.join()
    if isinstance(message, Failed):
        error = blame(message)
        assert str(error).isprintable() and len(str(error)) < 300
        return
    unpacker = Unpacker({"Cache": Cache}, instance=lambda held: held, offer=refuse, trusted=False)
    unpacker.open(message.buffers, body)
    values = message.values if isinstance(message, Done) else message.arguments.positional
    for value in values:
        unpacker.unpack(value)


def frame(meta: bytes, body: bytes = b"", kind: int = KINDS[Done]) -> bytes:
    """Return a message with an honest header."""
    return HEADER.pack(b"WALL", 1, kind, 0, 1, len(meta), len(body)) + meta + body


def packed_values() -> tuple[list[Value], list[int], bytes]:
    """Return one of everything that may cross, the sizes of its buffers, and the buffers."""
    packer = Packer({Cache: "Cache"}, refuse, trusted=False)
    things = (
        np.arange(3.0),
        np.ones((2, 3), bool),
        "text",
        [1, 2.5, None],
        {"a": (True, 10**30)},
        Cache(1, np.ones(2)),
    )
    values = [packer.pack(thing) for thing in things]
    return values, packer.sizes(), b"".join(array.tobytes() for array in packer.arrays)


VALUES, SIZES, BODY = packed_values()
METAS = {
    KINDS[Done]: msgspec.msgpack.encode(Done(VALUES, [0], [1], True, SIZES)),
    KINDS[Ask]: msgspec.msgpack.encode(Ask(3, "prob", Arguments(VALUES, {"w": 1}), SIZES)),
    KINDS[Failed]: msgspec.msgpack.encode(Failed("call", "ValueError", "x", "numnet/conv.py", 3)),
}
FRAMES = tuple(frame(meta, BODY, kind) for kind, meta in METAS.items())
SIZE = st.integers(-2, 20) | st.sampled_from(EDGES[:9])
SHAPE = st.lists(st.sampled_from([-1, 1, 2, 0, 2**40]), max_size=3)
LEAVES = st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(-(2**63), 2**64 - 1)
DTYPE = st.sampled_from(["f8", "i4", "?", "c16", "O"])
NESTED = st.recursive(
    LEAVES
    | st.tuples(st.just("a"), DTYPE, SHAPE, st.integers(-1, 3))
    | st.tuples(st.just("i"), st.text("-0123456789", max_size=9))
    | st.tuples(st.just("h"), SIZE, st.text(max_size=3))
    | st.tuples(st.just("s"), SIZE),
    lambda inner: (
        st.tuples(st.sampled_from(["t", "l"]), st.lists(inner, max_size=4))
        | st.lists(inner, max_size=2).map(lambda keys: ("d", keys, keys[:1] * len(keys)))
        | st.tuples(st.just("r"), st.sampled_from(["Cache", "object"]), st.lists(inner, max_size=3))
    ),
    max_leaves=6,
)
LYING_HEADERS = st.builds(
    lambda kind, meta, body, rest: HEADER.pack(b"WALL", 1, kind, 0, 1, meta, body) + rest,
    st.integers(0, 8),
    SIZE.filter(lambda size: 0 <= size < 2**32),
    SIZE.filter(lambda size: size >= 0),
    st.binary(max_size=100),
)


@MANY
@given(st.binary(max_size=300) | mutated(FRAMES) | LYING_HEADERS)
def test_bytes_from_a_guest_are_a_message_or_a_breach(data: bytes) -> None:
    """Whatever is not a message is a WireError, or the end."""
    with resident_within(32), suppress(WireError, EOFError):
        receive(data)


@MANY
@given(st.sampled_from(sorted(METAS)), st.data())
def test_messages_behind_an_honest_header_are_valid_or_a_breach(kind: int, data: st.DataObject) -> None:
    """Mutations behind a header that adds up reach every corner of the decoder."""
    meta = data.draw(mutated((METAS[kind],)))

    with resident_within(32), suppress(WireError):
        receive(frame(meta, BODY, kind))


@MANY
@given(st.lists(NESTED, max_size=4), st.lists(st.sampled_from([8, 1, 16, 0]), min_size=1, max_size=4))
def test_values_that_are_nearly_right_are_valid_or_a_breach(values: list[Any], sizes: list[int]) -> None:
    """Trees of our own tags with any contents: numbers, names and shapes that nobody agreed on."""
    meta = msgspec.msgpack.encode([values, [], [], False, sizes])

    with resident_within(32), suppress(WireError):
        receive(frame(meta, bytes(sum(sizes))))


@pytest.mark.parametrize("nested", [b"\x91", b"\x92\xa1l\x91", b"\x81\xa1a", b"\x93\xa1d\x90\x91"])
def test_a_message_that_is_one_deep_nest_is_a_breach(nested: bytes) -> None:
    """A mebibyte of opening brackets asks for no stack and no memory."""
    meta = (b"\x95\x91" + nested * (MEBIBYTE // len(nested)))[: MEBIBYTE - 8]

    with resident_within(64), pytest.raises(WireError):
        receive(frame(meta))


# Archives


def pack(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


ANSWER = {"numnet/conv.py": b"x = 1\n" * 9, "numnet/pool.py": b"", "numnet/given/": b"", "caf\xe9.txt": b"1"}
ZIPS = (pack(ANSWER), pack(ANSWER, zipfile.ZIP_STORED), pack({}))
DOWNLOADS = (
    pack({"doejane_LATE_1_2_a.zip": ZIPS[0], "roebob_3_4_conv.py": b"x = 1", "roebob_3_5_conv-1.py": b""}),
    pack({"Ada B_12_assignsubmission_file_/a.zip": ZIPS[1], "Eve_13_assignsubmission_file_/numnet/conv.py": b"x"}),
    pack({
        "x/submission_1/numnet/conv.py": b"x",
        "x/submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :name: A\n    :sid: '1'\n",
    }),
)  # fmt: skip
NASTY = st.text(
    st.sampled_from("a.B_/\\:\0\n\x1b\u202e \xdf\xe9e\u0301$%-") | st.characters(codec="utf-8"), max_size=12
)
NAMES = NASTY | st.sampled_from(["numnet/conv.py", "numnet/CONV.py", "..", "a/../b.py", "x.zip", "a" * 300, "a/" * 20])


def read_all(content: bytes) -> None:
    """Read a zip as a student's, and demand of what is let in that it is harmless."""
    archive = open_archive(content)
    names = archive.names()
    assert sum(len(archive.read(name)) for name in names) <= MAX_TOTAL_BYTES
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert name.isprintable() and not name.startswith("/") and "\\" not in name and ":" not in name
        assert all(part not in ("", ".", "..") and len(part) <= MAX_NAME for part in name.split("/"))


@MANY
@given(st.binary(max_size=300) | st.binary(max_size=300).map(b"PK\3\4".__add__) | mutated(ZIPS))
def test_bytes_are_an_archive_or_refused(content: bytes) -> None:
    """Whatever is not read is a SubmissionError, which a person can read."""
    with resident_within(32):
        try:
            read_all(content)
        except SubmissionError as refused:
            assert str(refused).isprintable() and len(str(refused)) < 300


@MANY
@given(
    st.lists(
        st.tuples(
            NAMES,
            st.sampled_from([0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO]),
            st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]),
            st.binary(max_size=20),
        ),
        max_size=6,
    )
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_and_types_are_harmless_or_refused(entries: list[tuple[str, int, int, bytes]]) -> None:
    """An archive of any names, types and methods lets nothing in that one would have to repair."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, kind, method, content in entries:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.external_attr, info.compress_type = kind << 16, method
            packed.writestr(info, content)

    with suppress(SubmissionError):
        read_all(stream.getvalue())


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder for one download."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@MANY
@given(content=mutated(DOWNLOADS))
def test_a_download_is_a_class_or_refused(folder: Path, content: bytes) -> None:
    """Every submission that is found has an id that is a file name of its own, and is read or refused alone."""
    (folder / "download.zip").write_bytes(content)

    try:
        found = find_submissions([folder / "download.zip"])
    except UsageError:
        return
    ids = [entry.id for entry in found.entries]
    assert len({name.lower() for name in ids}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_%][A-Za-z0-9._%-]{0,110}", name) for name in ids)
    assert all(note.isprintable() for note in found.notes)
    for entry in found.entries:
        with suppress(SubmissionError):
            read_submission(entry)


# assignment.toml


REAL = (ROOT / "autograder/assignment.toml").read_bytes()
SHORT = REAL[: REAL.index(b"[problem.A2]")]
ODD = """
-1 0 nan inf -inf 1e400 1e-400 0.1 0x10 1_0 9223372036854775808 999999999999999999999999999999 true 1979-05-27
[] [1] ['conv.f'] ['conv'] [['conv.f']] {} {a=1} '' 'x' '../..' 'hidden' "\\u0000" x = [
"""


@st.composite
def odd_documents(draw: st.DrawFn) -> bytes:
    """Draw the assignment with other values, and lines that are missing, twice or elsewhere."""
    lines = SHORT.decode().splitlines()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                lines[at] = f"{lines[at].partition('=')[0]} = {draw(st.sampled_from(ODD.split()))}"
            case 1:
                del lines[at]
            case 2:
                lines.insert(draw(st.integers(0, len(lines))), lines[at])
            case 3:
                lines[at] = draw(st.text(max_size=20))
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def home(folder: Path) -> Path:
    """A folder with a solution, in which an assignment can be."""
    (folder / "solution/numnet").mkdir(parents=True)
    (folder / "autograder").mkdir()
    return folder / "autograder"


@MANY
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode) | mutated((SHORT,)) | odd_documents())
def test_bytes_are_an_assignment_or_refused(home: Path, content: bytes) -> None:
    """Whatever contradicts itself is an AssignmentError that names the file; what is read adds up."""
    path = home / "assignment.toml"
    path.write_bytes(content)

    try:
        assignment = read_assignment(path)
    except AssignmentError as refused:
        assert str(refused).startswith("assignment.toml ") or "cannot be read" in str(refused)
        return
    assert assignment.points == sum(check.points for problem in assignment.problems for check in problem.checks)


@pytest.mark.parametrize("opening", ["[", "{a=", "a.", '"""'])
def test_a_deep_nest_is_no_assignment(home: Path, opening: str) -> None:
    """A document of brackets is refused like any other."""
    (home / "assignment.toml").write_text("x = " + opening * 100_000, "utf-8")

    with pytest.raises(AssignmentError):
        read_assignment(home / "assignment.toml")
