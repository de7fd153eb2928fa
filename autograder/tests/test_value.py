"""What crosses the wall arrives as it was sent, and whatever breaks a rule is refused."""

import enum
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.guest import value as rules
from autograder.sandbox.guest.value import (
    DTYPES,
    MAX_BODY_BYTES,
    MAX_BUFFERS,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_NODES,
    Array,
    BigInt,
    Dict,
    Instance,
    List,
    Offer,
    Packer,
    Record,
    Tuple,
    Unpacker,
    Unsupported,
    Value,
    WireError,
)


class Pair(NamedTuple):
    """A record that may cross."""

    left: Any
    right: Any


class Stranger(NamedTuple):
    """A record that may not."""

    left: Any


class Whole(int):
    """A subclass of int; a student's may do anything."""


class Text(str):
    """A subclass of str."""


class Real(float):
    """A subclass of float."""


class Colour(enum.IntEnum):
    """An int by another name."""

    RED = 1


class Fancy(np.ndarray):
    """A subclass of ndarray that lies about itself."""

    def __eq__(self, other: object) -> Any:
        """Be equal to everything."""
        return True

    __hash__ = None


def stay(thing: Any) -> Value:
    """Refuse an object that is no plain value."""
    raise Unsupported(type(thing).__name__)


def refuse_offer(*_: object) -> Any:
    """Refuse an offer, as the host does."""
    raise WireError("an offer")


def unpack(value: Any, sizes: Sequence[int] = (), body: bytes = b"", *, trusted: bool = False) -> Any:
    """Read one value, as the host does."""
    unpacker = Unpacker({"Pair": Pair}, instance=lambda held: held, offer=refuse_offer, trusted=trusted)
    return unpacker.open(list(sizes), memoryview(body)).unpack(value)


def cross(thing: Any, *, trusted: bool = False) -> Any:
    """Send a value to the other side and return what arrives."""
    packer = Packer({Pair: "Pair"}, stay, trusted=trusted)
    meta = msgspec.msgpack.encode(packer.pack(thing))
    body = b"".join(array.tobytes() for array in packer.arrays)
    return unpack(msgspec.msgpack.decode(meta, type=Value), packer.sizes(), body, trusted=trusted)


def picture(thing: Any) -> Any:
    """Describe a value with everything that must arrive: types, signs of zeros, bytes."""
    if isinstance(thing, np.ndarray | np.generic):
        native = np.asarray(thing).astype(thing.dtype.newbyteorder("="))
        return ("array", native.dtype.str, native.shape, native.tobytes())
    if isinstance(thing, dict):
        return (dict, [(picture(key), picture(item)) for key, item in thing.items()])
    if isinstance(thing, tuple | list):
        return (type(thing), [picture(item) for item in thing])
    return (type(thing), repr(thing) if isinstance(thing, float) else thing)


LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as it is": lambda array: array,
    "Fortran order": np.asfortranarray,
    "reversed": lambda array: np.asarray(np.flip(array)),
    "every other": lambda array: array[..., ::2] if array.ndim else array,
    "big-endian": lambda array: array.astype(array.dtype.newbyteorder(">")),
    "broadcast": lambda array: np.broadcast_to(array, (2, *array.shape)),
    "read-only": lambda array: np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape),
}
ARRAYS = st.builds(
    lambda array, layout: LAYOUTS[layout](array),
    hnp.arrays(
        st.sampled_from(list(DTYPES.values())), hnp.array_shapes(min_dims=0, min_side=0, max_dims=4, max_side=3)
    ),
    st.sampled_from(list(LAYOUTS)),
)
LARGEST = 10**MAX_DIGITS - 1
LEAVES = st.none() | st.booleans() | st.integers() | st.integers(-LARGEST, LARGEST) | st.floats() | st.text() | ARRAYS
KEYS = st.text() | st.integers() | st.tuples(st.text(max_size=3), st.booleans())
PLAIN = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.builds(Pair, inner, inner)
    ),
    max_leaves=12,
)


@given(PLAIN, st.booleans())
@settings(deadline=None, max_examples=100)
def test_a_plain_value_arrives_as_it_was_sent(thing: Any, trusted: bool) -> None:
    """In either direction, however it is nested."""
    assert picture(cross(thing, trusted=trusted)) == picture(thing)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", DTYPES)
def test_an_array_of_any_layout_arrives(name: str, layout: str) -> None:
    """Values, shape and dtype are those of the array; the bytes arrive in the order of this machine."""
    array = LAYOUTS[layout](np.arange(24).reshape(2, 3, 4).astype(DTYPES[name]))

    arrived = cross(array)

    np.testing.assert_array_equal(arrived, array)
    assert arrived.dtype == DTYPES[name]
    assert arrived.flags.writeable


def test_numbers_of_numpy_become_plain_ones() -> None:
    """float64, int64 and bool scalars are float, int and bool; others keep their dtype."""
    assert [type(cross(scalar)) for scalar in (np.float64(1), np.int64(1), np.bool_(True))] == [float, int, bool]
    assert picture(cross(np.float32(1))) == picture(np.float32(1))


def test_a_subclass_of_ndarray_arrives_flattened() -> None:
    """The host meets an ndarray and no methods of the student's."""
    arrived = [cross(array) for array in (np.zeros(3).view(Fancy), np.ma.masked_array([1.0, 2.0], [True, False]))]

    assert [type(array) for array in arrived] == [np.ndarray, np.ndarray]


@pytest.mark.parametrize(
    "thing",
    [
        np.array([None, 1]),
        np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
        np.array(["2026-01-01"], dtype="datetime64[D]"),
        np.array(["a"]),
        np.str_("a"),
        np.array([b"a"]),
        np.longdouble(1) if np.dtype(np.longdouble).itemsize > 8 else object(),
        Whole(1),
        Text("a"),
        Real(1),
        Colour.RED,
        Stranger(1),
        b"bytes",
        1j,
        {1},
        len,
        "\ud800",
        LARGEST + 1,
        -LARGEST - 1,
        [[Whole(1)]],
        {"a": {"b": b""}},
        np.broadcast_to(np.zeros(1), (MAX_BODY_BYTES,)),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_what_is_no_plain_value_does_not_leave(thing: Any) -> None:
    """The guest says which type it was; nothing is converted behind the student's back."""
    with pytest.raises(Unsupported):
        cross(thing)


def test_the_guest_stops_where_the_host_would_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last value within each limit crosses; the next one is told as unsupported, not as a broken protocol."""
    circle: list[Any] = []
    circle.append(circle)
    deepest: list[Any] = []
    for _ in range(MAX_DEPTH):
        deepest = [deepest]
    monkeypatch.setattr(rules, "MAX_BODY_BYTES", 80)

    for most in (deepest, [None] * (MAX_NODES - 1), [np.zeros(0)] * MAX_BUFFERS, LARGEST, -LARGEST, [np.ones(5)] * 2):
        cross(most)
    for over in ([deepest], circle, [None] * MAX_NODES, [np.zeros(0)] * (MAX_BUFFERS + 1), [np.ones(5)] * 3):
        with pytest.raises(Unsupported):
            cross(over)


def test_the_host_sends_an_array_once() -> None:
    """An array that occurs twice in a trusted message is one array on the other side; a guest's is two."""
    weight = np.ones(3)

    first, again = cross([weight, weight], trusted=True)
    one, other = cross([weight, weight])

    assert first is again
    assert not np.shares_memory(one, other)


def nested(depth: int, inner: Value = None) -> Value:
    """Return a value inside as many lists."""
    for _ in range(depth):
        inner = List([inner])
    return inner


EMPTY = Array("f8", (0,), 0)
HASH_PERIOD = 2**61 - 1  # ints that differ by a multiple of it have one hash

REFUSED: dict[str, tuple[Any, list[int]]] = {
    "an unknown dtype": (Array("f16", (1,), 0), [16]),
    "a dtype of objects": (Array("O", (1,), 0), [8]),
    "a dtype with fields": (Array("f8,f8", (1,), 0), [16]),
    "a dtype in the other order": (Array(">f8", (1,), 0), [8]),
    "a size below zero": (Array("f8", (-1,), 0), [8]),
    "two sizes below zero": (Array("f8", (-1, -1), 0), [8]),
    "a shape larger than its bytes": (Array("f8", (2,), 0), [8]),
    "a shape smaller than its bytes": (Array("f8", (1,), 0), [16]),
    "a shape that overflows 64 bits": (Array("f8", (2**32, 2**32), 0), [0]),
    "an enormous empty shape": (Array("f8", (0, 2**39), 0), [0]),
    "an enormous shape that ends empty": (Array("?", (2**62, 2**62, 0), 0), [0]),
    "too many dimensions": (Array("f8", (1,) * 17, 0), [8]),
    "a buffer that is not there": (Array("f8", (1,), 1), [8]),
    "a buffer counted from the end": (Array("f8", (1,), -1), [8]),
    "one buffer for two arrays": (List([Array("f8", (1,), 0), Array("f8", (1,), 0)]), [8]),
    "one empty buffer for two arrays": (List([EMPTY, EMPTY]), [0]),
    "buffers longer than the body": (None, [1, -1]),
    "too many buffers": (None, [0] * (MAX_BUFFERS + 1)),
    "lists too deep": (nested(MAX_DEPTH + 2), []),
    "an array too deep": (nested(MAX_DEPTH + 1, EMPTY), [0]),
    "too many parts": (List([None] * MAX_NODES), []),
    "an unknown record": (Record("Stranger", [1]), []),
    "a record of the language": (Record("__class__", [1, 2]), []),
    "a record with a field too few": (Record("Pair", [1]), []),
    "a record with a field too many": (Record("Pair", [1, 2, 3]), []),
    "a list as a key": (Dict([List([])], [1]), []),
    "an array as a key": (Dict([EMPTY], [1]), [0]),
    "a list inside a key": (Dict([Tuple([List([])])], [1]), []),
    "a key twice": (Dict(["a", "a"], [1, 2]), []),
    "one number as two keys": (Dict([1, 1.0, True], [1, 2, 3]), []),
    "more keys than values": (Dict([1, 2], [1]), []),
    "fewer keys than values": (Dict([1], [1, 2]), []),
    "keys of one hash": (Dict([BigInt(str(HASH_PERIOD * k)) for k in range(9, 1111)], [None] * 1102), []),
    "an offer": (Offer(0, [""], {}), []),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_value_that_breaks_a_rule_is_refused(reason: str) -> None:
    """Whatever the guest writes by hand is a WireError, and no other exception."""
    value, sizes = REFUSED[reason]

    with pytest.raises(WireError):
        unpack(value, sizes, bytes(sum(sizes)))


@pytest.mark.parametrize(
    "digits", ["", "-", "--1", "+1", " 1", "1 ", "1_0", "0x1", "1e9", "1.0", "nan", "٣", "²", "1" * (MAX_DIGITS + 2)]
)
def test_a_big_integer_is_decimal_digits(digits: str) -> None:
    """Anything else that Python or a font would call a number is refused."""
    with pytest.raises(WireError):
        unpack(BigInt(digits))


@given(st.binary(min_size=1, max_size=20))
@settings(deadline=None, max_examples=30)
def test_bools_are_zero_or_one(body: bytes) -> None:
    """Other bytes in a bool array make NumPy answer nonsense, so they become True."""
    array = unpack(Array("?", (len(body),), 0), [len(body)], body)

    assert array.view(np.uint8).tolist() == [int(byte > 0) for byte in body]


def test_a_value_holds_none_of_the_messages_memory() -> None:
    """What was received may be thrown away, and two arrays cannot overlap."""
    body = bytearray(np.arange(4.0).tobytes())

    first, second = unpack(List([Array("f8", (2,), 0), Array("f8", (2,), 1)]), [16, 16], body)  # type: ignore[arg-type]
    body[:] = bytes(32)

    assert (first.tolist(), second.tolist()) == ([0.0, 1.0], [2.0, 3.0])


def test_an_instance_arrives_as_its_number() -> None:
    """An object of a student's class stays where it is."""
    assert unpack(Instance(7, "Model")) == Instance(7, "Model")


@given(st.lists(st.integers(-3, 3) | st.integers(0, 2**70), max_size=5))
@settings(deadline=None, max_examples=100)
def test_a_shape_is_never_believed(shape: list[int]) -> None:
    """Any list of sizes either fits its bytes or is refused."""
    try:
        array = unpack(Array("i1", tuple(shape), 0), [6], bytes(6))
    except WireError:
        assert math.prod(shape) != 6 or min(shape) < 0
    else:
        assert array.shape == tuple(shape)
