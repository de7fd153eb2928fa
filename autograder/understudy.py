"""An understudy plays a known mistake in the place of a student, on our side of the wall.

It answers the same calls as a guest, through the guest's own code, and has the same manners: arguments are copies, what
is offered is called back through the desk, an exception is a StudentError. There is no process, no deadline and no
limit: what it plays is ours.
"""

import functools
import importlib
import marshal
import sys
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from autograder.reference import NAME, Reference
from autograder.sandbox.blame import blame
from autograder.sandbox.deadline import Deadline
from autograder.sandbox.guest.package import Package
from autograder.sandbox.guest.value import PLAIN, Offer, Packer, Unpacker
from autograder.sandbox.guest.wire import Call, Done, Failed
from autograder.sandbox.guest.worker import Stage
from autograder.sandbox.host import Offers, Refused

FILES = 256  # whose compiled form is kept: those of the solution, which most mistakes share, and those of the mistakes


class Play:
    """A mistaken package, whose modules are imported when they are first asked for; it gives understudies.

    files: as in Reference; what lies in given/ is shared with the reference
    """

    def __init__(self, files: Mapping[str, bytes], reference: Reference) -> None:
        """Import nothing yet."""
        self.package = _Compiled(NAME, files)
        given = {name: module for name, module in reference.modules.items() if name.split(".")[0] == "given"}
        self.shared = {f"{NAME}.{name}": module for name, module in given.items()}
        self.modules: dict[str, ModuleType] = {}

    def open(self, files: Mapping[str, bytes], records: Mapping[str, Any]) -> "Understudy":
        """Return an understudy that has called nothing yet."""
        return Understudy(self, records)

    def restart(self) -> None:
        """Go on: nothing here can be gone."""

    def module(self, name: str) -> ModuleType:
        """Return one module, under no name that anybody else could import."""
        path = f"{NAME}.{name}"
        if path not in self.modules:
            self.package.install()
            sys.modules.update(self.shared | self.modules)
            try:
                importlib.import_module(path)
            finally:
                found = self.package.remove()
            self.modules |= {inside: module for inside, module in found.items() if inside not in self.shared}
        return self.modules[path]


class Understudy(Stage):
    """Answers calls as a guest does."""

    is_alive = True
    received = 0

    def __init__(self, play: Play, records: Mapping[str, Any]) -> None:
        """Play this."""
        super().__init__(records)
        self.play = play
        self.offers = Offers()

    def packer(self, instance: Any) -> Packer:
        """Start a message. instance: turns an object that is no plain value into a Value."""
        return Packer(self.names, instance, trusted=True)

    def call(
        self, call: Call, arrays: Sequence[np.ndarray], offers: Offers, *, deadline: Deadline
    ) -> tuple[list[Any], Done]:
        """Make one call, however long it takes."""
        self.offers = offers
        reply, answered = self.reply(call, _body(arrays))
        if isinstance(reply, Failed):
            raise blame(reply)
        unpacker = Unpacker(
            self.records, instance=lambda held: held, offer=lambda made, _: offers.find(made.number), trusted=True
        ).open(reply.buffers, _body(answered))
        return [unpacker.unpack(value) for value in reply.values], reply

    def waited(self) -> float:
        """Return no time: nobody waits for it."""
        return 0.0

    def close(self) -> None:
        """End: there is nothing to end."""

    def module(self, name: str) -> ModuleType:
        """Return one module of the play."""
        return self.play.module(name)

    def imported(self) -> list[ModuleType]:
        """Return the modules of the play that were imported so far."""
        return list(self.play.modules.values())

    def stub(self, number: int, method: str) -> Callable[..., Any]:
        """Return a function that calls what was offered, with copies, and gives a copy back."""

        def offered(*args: Any, **named: Any) -> Any:
            positional = [self._copy(value) for value in args]
            keywords = {name: self._copy(value) for name, value in named.items()}
            try:
                return self._copy(self.offers.call(number, method, positional, keywords))
            except Refused as error:
                raise ValueError(str(error)) from error

        return offered

    def _copy(self, value: Any) -> Any:
        """Return a value as it would come across the wall."""
        if isinstance(value, np.ndarray):
            return value.copy()
        if isinstance(value, np.generic):
            return value.item()
        if type(value) in PLAIN:
            return value
        if isinstance(value, dict):
            return {key: self._copy(item) for key, item in value.items()}
        if isinstance(value, tuple | list):
            items = [self._copy(item) for item in value]
            return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
        held = self._hold(value)
        return self.offers.find(held.number) if isinstance(held, Offer) else held


class _Compiled(Package):
    """A package that compiles a file once, however many packages share it."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of a module."""
        return marshal.loads(_compile(*self.sources[fullname]))  # type: ignore[no-any-return] # noqa: S302 - our own


@functools.lru_cache(maxsize=FILES)
def _compile(path: str, source: bytes) -> bytes:
    """Compile a file for many plays; as bytes it takes a quarter of the memory."""
    return marshal.dumps(compile(source, f"{NAME}/{path}", "exec", dont_inherit=True))


def _body(arrays: Sequence[np.ndarray]) -> memoryview:
    """Return the bytes of all arrays, as a message carries them."""
    return memoryview(b"".join([array.tobytes() for array in arrays]))
