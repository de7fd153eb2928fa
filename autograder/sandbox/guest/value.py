"""The values that may cross the wall, and how they become bytes.

A `Value` is a plain value, or a small typed message for what msgpack has no word for: arrays, tuples, records,
instances. `Packer` makes Values and keeps the bytes of arrays aside as buffers; `Unpacker` reads them back and refuses
whatever breaks a rule: dtypes by an allow-list, exact sizes, bounded depth and number, no type that the other side
could choose.
"""

import math
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

import msgspec
import numpy as np

MAX_BODY_BYTES = 2**28
MAX_BUFFERS = 1024
MAX_NODES = 100_000
MAX_DEPTH = 32
MAX_DIMENSIONS = 16
MAX_DIGITS = 1300
MAX_COLLISIONS = 1000
PLAIN = (str, float, int, bool, type(None))
CONTAINERS = (tuple, list, dict)
NUMPY, NUMBERS = (np.ndarray, np.generic), (np.float64, np.int64, np.bool_)
DICTS = (Counter, OrderedDict, defaultdict)  # cross as the dicts that they are
NATIVE_INT = range(-(2**63), 2**63)  # beyond it msgpack has no integer

KINDS = ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
DTYPES = {name: np.dtype("<" + name) for name in KINDS} | {"?": np.dtype("?")}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
BOOL = DTYPES["?"]
RECENT = 1024  # dtypes and shapes whose size is known


class WireError(Exception):
    """What came through the wire breaks a rule."""


class Unsupported(Exception):
    """A value of this type cannot cross the wall; the text names the type."""


class Array(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="a"):
    """An array whose bytes are the buffer of that index."""

    dtype: str
    shape: tuple[int, ...]
    buffer: int


class BigInt(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="i"):
    """An integer that needs more than 64 bits, in decimal."""

    digits: str


class Tuple(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="t"):
    """A tuple."""

    items: list["Value"]


class List(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="l"):
    """A list."""

    items: list["Value"]


class Dict(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="d"):
    """A dict, as keys and values in order."""

    keys: list["Value"]
    values: list["Value"]


class Record(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="r"):
    """A NamedTuple of numnet.given.caches, by name."""

    name: str
    items: list["Value"]


class Again(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="s"):
    """A tuple, list, dict or record that this message of the host's has held before: the one of that number."""

    number: int


class Instance(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="h", frozen=True):
    """An object of a student's class: it stays with the guest, the host holds its number."""

    number: int
    name: str


class Offer(msgspec.Struct, array_like=True, forbid_unknown_fields=True, tag="o"):
    """A callable or an object of the host's that the guest may call back during this call.

    methods: what may be called; [""] makes the offer itself a function. attributes: plain values to read
    """

    number: int
    methods: list[str]
    attributes: dict[str, "Value"]


Value = None | bool | int | float | str | Array | BigInt | Tuple | List | Dict | Record | Again | Instance | Offer


class Packer:
    """Turns Python values into `Value`s, and keeps the arrays aside as buffers.

    records: the classes of NamedTuple that may cross. instance: what to do with any other object; raises Unsupported
    trusted: the host's messages have no limits, and what occurs twice in them is sent once
    """

    def __init__(self, records: Mapping[type, str], instance: Callable[[Any], Value], *, trusted: bool) -> None:
        """Start a message."""
        self.records = records
        self.instance = instance
        self.trusted = trusted
        self.arrays: list[np.ndarray] = []
        self.nodes = 0
        self._bytes = 0
        self._seen: dict[int, Array] = {}
        self._numbers: dict[int, int] = {}
        self._alive: list[Any] = []

    def pack(self, value: Any, depth: int = 0) -> Value:
        """Return the Value for one Python value."""
        self.nodes += 1
        if depth > MAX_DEPTH or (self.nodes > MAX_NODES and not self.trusted):
            raise Unsupported("a value that is nested too deeply or has too many parts")
        kind = type(value)
        if value is None or kind in (bool, float):
            return value  # type: ignore[no-any-return]
        if kind is str:
            return _text(value)
        if kind is int:
            return self._integer(value)
        if isinstance(value, NUMPY):
            return self._array(value)
        if kind in DICTS:
            kind = dict
        if kind in CONTAINERS or kind in self.records:
            return self._container(value, kind, depth + 1)
        return self.instance(value)

    def _container(self, value: Any, kind: type, depth: int) -> Value:
        if self.trusted and id(value) in self._numbers:
            return Again(self._numbers[id(value)])
        message: Value
        if kind is dict:
            message = Dict([self.pack(k, depth) for k in value], [self.pack(v, depth) for v in value.values()])
        else:
            items = [self.pack(item, depth) for item in value]
            message = (
                Tuple(items) if kind is tuple else List(items) if kind is list else Record(self.records[kind], items)
            )
        if self.trusted:
            self._numbers[id(value)] = len(self._numbers)
            self._alive.append(value)
        return message

    def _integer(self, value: int) -> Value:
        if value in NATIVE_INT:
            return value
        if abs(value) >= 10**MAX_DIGITS:
            raise Unsupported(f"an int of more than {MAX_DIGITS} digits")
        return BigInt(str(value))

    def _array(self, value: Any) -> Value:
        if isinstance(value, NUMBERS):
            return value.item()
        if self.trusted and id(value) in self._seen:
            return self._seen[id(value)]
        plain = np.asarray(value)
        name = NAMES.get(plain.dtype) or NAMES.get(plain.dtype.newbyteorder("<"))
        if name is None:
            raise Unsupported(f"an array of dtype {str(plain.dtype)[:40]}")
        self._bytes += plain.nbytes
        if self._bytes > MAX_BODY_BYTES or (len(self.arrays) >= MAX_BUFFERS and not self.trusted):
            raise Unsupported(f"more than {MAX_BUFFERS} arrays or {MAX_BODY_BYTES >> 20} MiB")
        message = Array(name, plain.shape, len(self.arrays))
        self.arrays.append(np.ascontiguousarray(plain, dtype=DTYPES[name]))
        self._seen[id(value)] = message
        self._alive.append(value)  # an id is only unique as long as its object lives
        return message

    def sizes(self) -> list[int]:
        """Return the bytes of each buffer."""
        return [array.nbytes for array in self.arrays]


class Unpacker:
    """Turns `Value`s and the body of their message back into Python values, refusing what breaks a rule.

    records: name to class of NamedTuple. instance, offer: what an Instance and an Offer become
    trusted: the guest trusts the host: no limits, and two Values may name one buffer
    """

    def __init__(
        self,
        records: Mapping[str, Any],
        *,
        instance: Callable[[Instance], Any],
        offer: Callable[[Offer, "Unpacker"], Any],
        trusted: bool,
    ) -> None:
        """Keep the rules; `open` starts a message."""
        self.records = records
        self.instance = instance
        self.offer = offer
        self.trusted = trusted

    def open(self, sizes: Sequence[int], body: memoryview) -> "Unpacker":
        """Start a message whose buffers have these sizes."""
        if (len(sizes) > MAX_BUFFERS and not self.trusted) or min(sizes, default=0) < 0 or sum(sizes) != len(body):
            raise WireError("the buffers do not add up to the body")
        self._body, self._nodes = body, 0
        self._starts = list(accumulate(sizes, initial=0))
        self._sizes = list(sizes)
        self._used: dict[int, np.ndarray] = {}
        self._made: list[Any] = []
        return self

    def unpack(self, value: Value) -> Any:
        """Return the Python value of one Value."""
        return self._all([value], 0)[0]

    def _all(self, values: Sequence[Value], depth: int) -> list[Any]:
        self._nodes += len(values)
        if (values and depth > MAX_DEPTH) or (self._nodes > MAX_NODES and not self.trusted):
            raise WireError("nested too deeply, or too many parts")
        return [
            value if type(value) in PLAIN else self._array(value) if type(value) is Array else self._one(value, depth)
            for value in values
        ]

    def _one(self, value: Value, depth: int) -> Any:
        match value:
            case Tuple() | List() | Dict() | Record():
                made = self._container(value, depth + 1)
                self._made.append(made)
                return made
            case BigInt(digits):
                return _big(digits)
            case Instance():
                return self.instance(value)
            case Offer():
                return self.offer(value, self)
            case Again(number):
                return self._again(number)

    def _container(self, value: Tuple | List | Dict | Record, depth: int) -> Any:
        match value:
            case Record(name, items):
                return self._record(name, items, depth)
            case Tuple(items):
                return tuple(self._all(items, depth))
            case List(items):
                return self._all(items, depth)
            case Dict(keys, values):
                return self._dict(keys, values, depth)

    def _again(self, number: int) -> Any:
        if not self.trusted or not 0 <= number < len(self._made):
            raise WireError("something again that was not there before")
        return self._made[number]

    def _array(self, value: Array) -> np.ndarray:
        index = value.buffer
        if not 0 <= index < len(self._sizes) or _size(value.dtype, value.shape) != self._sizes[index]:
            raise WireError("an array whose shape does not fit its bytes, or of an unknown buffer")
        if index in self._used:
            if not self.trusted:
                raise WireError("one buffer for two arrays")
            return self._used[index]
        dtype, start = DTYPES[value.dtype], self._starts[index]
        own = bytearray(self._body[start : start + self._sizes[index]])
        array = np.ndarray(value.shape, np.uint8 if dtype is BOOL else dtype, own)
        if dtype is BOOL:
            array = np.asarray(array != 0)  # a bool is 0 or 1
        self._used[index] = array
        return array

    def _dict(self, keys: list[Value], values: list[Value], depth: int) -> dict[Any, Any]:
        if len(keys) != len(values):
            raise WireError("a dict with more keys than values")
        names = self._all(keys, depth)
        try:
            collisions = len(names) - len({hash(name) for name in names})
        except TypeError as error:
            raise WireError("a dict with a key that cannot be one") from error
        if collisions > MAX_COLLISIONS:  # the time that a dict takes is quadratic in keys of one hash
            raise WireError("a dict of keys that collide")
        result = dict(zip(names, self._all(values, depth), strict=True))
        if len(result) != len(keys):
            raise WireError("a dict with a key twice")
        return result

    def _record(self, name: str, items: list[Value], depth: int) -> Any:
        record = self.records.get(name)
        if record is None or len(items) != len(record._fields):
            raise WireError("a record that is not one of numnet.given.caches")
        return record(*self._all(items, depth))


@lru_cache(maxsize=RECENT)
def _size(name: str, shape: tuple[int, ...]) -> int:
    """Return the bytes of an array; raise WireError if there is none of this dtype and shape."""
    dtype = DTYPES.get(name)
    if dtype is None or len(shape) > MAX_DIMENSIONS:
        raise WireError("an array of an unknown dtype or number of dimensions")
    if shape and min(shape) < 0:
        raise WireError("an array of a negative size")
    if math.prod(size or 1 for size in shape) * dtype.itemsize > MAX_BODY_BYTES:
        raise WireError("an array of an enormous shape")
    return math.prod(shape) * dtype.itemsize


def _text(value: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Unsupported("a str that is no valid Unicode") from error
    return value


def _big(digits: str) -> int:
    if len(digits) > MAX_DIGITS + 1 or not digits.removeprefix("-").isdecimal() or not digits.isascii():
        raise WireError("an integer that is none")
    return int(digits)
