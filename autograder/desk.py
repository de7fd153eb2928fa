"""What lies on the desk during one call: functions and objects of ours that a student's code may call back.

A callback runs on our side, with arguments that come from the other one: they are held against our annotations, and
against the size of what the check itself sent, before our function sees them.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

import numpy as np

from autograder.answer import conform
from autograder.errors import StudentError
from autograder.sandbox.guest.value import NATIVE_INT, Instance, Offer, Packer, Unsupported, Value, WireError
from autograder.sandbox.host import Offers, Refused

USUAL = {np.dtype(np.float64), np.dtype(np.int64), np.dtype(np.bool_)}
RECENT = 64  # functions whose signatures are known: one remembered keeps its object, with all that it holds, in memory


@dataclass(frozen=True)
class Held:
    """An object of a student's class, which stays in the guest: we hold its number, and may pass it back."""

    instance: Instance


@dataclass(frozen=True)
class Offered:
    """An object of ours that a student's code may call back during one call."""

    target: Any
    methods: tuple[str, ...]
    attributes: tuple[str, ...]


def offer(target: Any, *, methods: tuple[str, ...] = (), attributes: tuple[str, ...] = ()) -> Offered:
    """Let a student's code call some methods of an object of ours, and read some of its attributes.

    >>> offer(rng, methods=("random",))  # doctest: +SKIP
    """
    return Offered(target, methods, attributes)


class Desk(Offers):
    """What lies on the desk during one call: the functions and objects of ours that may be called back."""

    packer: Packer  # of the call under way

    def __init__(self) -> None:
        """Start empty."""
        self._offered: list[dict[str, Callable[..., Any]]] = []
        self._targets: list[Any] = []
        self._measured: Room | None = None

    def pack_offer(self, value: Any) -> Value:
        """Turn an object that is no plain value into what the guest can use."""
        if isinstance(value, Held):
            return value.instance
        if isinstance(value, Offered):
            methods = {name: getattr(value.target, name) for name in value.methods}
            attributes = {name: self.packer.pack(getattr(value.target, name)) for name in value.attributes}
            return self._lay(value.target, methods, attributes)
        if callable(value):
            return self.offer_function(value)
        raise Unsupported(f"a {type(value).__name__} of ours; use offer()")

    def offer_function(self, function: Callable[..., Any]) -> Offer:
        """Offer one function."""
        return self._lay(function, {"": function}, {})

    def _lay(self, target: Any, methods: dict[str, Callable[..., Any]], attributes: dict[str, Value]) -> Offer:
        self._offered.append(methods)
        self._targets.append(target)
        return Offer(len(self._offered) - 1, sorted(methods), attributes)

    def _room(self) -> "Room":
        """Measure what was sent, once for all callbacks of a call."""
        if self._measured is None:
            self._measured = Room(self.packer.arrays)
        return self._measured

    def find(self, number: int) -> Any:
        """Return what was offered under this number: a student's code passed it on to a function of ours."""
        if not 0 <= number < len(self._targets):
            raise WireError("passed on what was not offered")
        return self._targets[number]

    def call(self, number: int, method: str, positional: list[Any], named: dict[str, Any]) -> Any:
        """Call what was offered; the arguments come from the student's code and are held against our annotations."""
        if not 0 <= number < len(self._offered) or method not in self._offered[number]:
            raise WireError("called back what was not offered")
        function = self._offered[number][method]
        name = getattr(function, "__name__", method)
        try:
            annotations = hints(function)
            room = self._room()
            for parameter, value in [*zip(signature(function).parameters, positional, strict=False), *named.items()]:
                what = f"{name}: {parameter}"
                conform(value, annotations.get(parameter, Any), what)
                room.require(value, what)
            return function(*positional, **named)
        except StudentError as error:
            raise Refused(str(error)) from error
        except Exception as error:  # what a right function says to wrong arguments
            raise Refused(f"{name} was called with something it cannot use ({type(error).__name__})") from error


class Room:
    """How large the arguments of a callback may be, judged by the arrays that the check itself sent.

    Our function runs on our side, where nothing limits what it may cost: it is given no more than it was meant for.
    """

    def __init__(self, sent: Sequence[np.ndarray]) -> None:
        """Leave room for four times what was sent: a student may stack and join what they were given."""
        self.side = 16 + 4 * max((size for array in sent for size in array.shape), default=0)
        self.size = 256 + 4 * max((array.size for array in sent), default=0)

    def require(self, value: Any, what: str) -> None:
        """Refuse an argument that is larger than what the check is about, or of another precision."""
        if isinstance(value, np.ndarray):
            if value.dtype not in USUAL:
                raise StudentError(f"{what}: expected an array of float64, got {value.dtype}")
            if value.size > self.size or max(value.shape, default=0) > self.side:
                raise StudentError(
                    f"{what}: an array of shape {value.shape} is larger than anything that was passed in"
                )
        elif isinstance(value, int) and value not in NATIVE_INT:
            raise StudentError(f"{what}: an integer that is larger than anything that was passed in")
        elif isinstance(value, tuple | list | dict):
            for item in value.values() if isinstance(value, dict) else value:
                self.require(item, what)


@functools.lru_cache(maxsize=RECENT)
def signature(function: Callable[..., Any]) -> inspect.Signature:
    """Return a function's signature, looked up once."""
    return inspect.signature(function)


@functools.lru_cache(maxsize=RECENT)
def hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Return a function's annotations, looked up once."""
    return get_type_hints(function)
