"""Answer calls: the loop of the process in which a student's code runs.

One message comes in, the student's function is called, one message goes out. Nothing here judges anything, and nothing
here is worth reading for a student: expected answers, names of checks and seeds never come to this side.
"""

import importlib
import socket
import sys
from collections.abc import Callable, Mapping
from types import ModuleType, SimpleNamespace, TracebackType
from typing import Any

import numpy as np

from autograder.sandbox.guest.package import Package
from autograder.sandbox.guest.value import Instance, Offer, Packer, Unpacker, Unsupported, Value
from autograder.sandbox.guest.wire import (
    Answer,
    Arguments,
    Ask,
    Call,
    Compile,
    Compiled,
    Done,
    Failed,
    Line,
    Load,
    Refusal,
)

PACKAGE = "numnet"


class NoAnswer(Exception):
    """Something went wrong on our way to the student's function: where, and with which subject."""

    def __init__(self, stage: str, subject: str = "", exception: str = "") -> None:
        """Keep what the reply says."""
        super().__init__(stage)
        self.stage, self.subject, self.exception = stage, subject, exception


class Stage:
    """Makes calls of a package, and packs what comes of them; a subclass says where modules are, and whom to ask.

    records: the NamedTuples of given/caches.py
    """

    def __init__(self, records: Mapping[str, Any]) -> None:
        """Start with nothing called."""
        self.records = records
        self.names = {record: name for name, record in records.items()}
        self.instances: list[Any] = []
        self.offered: dict[int, tuple[Any, Offer]] = {}  # of the call under way, by id
        self.unpacker, self.answers = self._unpacker(), self._unpacker()  # of calls, and of what is asked during one

    def module(self, name: str) -> ModuleType:
        """Import one module of the package."""
        raise NotImplementedError

    def imported(self) -> list[ModuleType]:
        """Return the modules that were imported so far."""
        raise NotImplementedError

    def stub(self, number: int, method: str) -> Callable[..., Any]:
        """Return a function that has the host call what it offered."""
        raise NotImplementedError

    def reply(self, call: Call, body: memoryview) -> tuple[Done | Failed, list[np.ndarray]]:
        """Answer a call, or say why there is no answer."""
        try:
            return self._answer(call, body)
        except BaseException as error:  # the student's code may raise anything
            return _describe(error), []

    def _answer(self, call: Call, body: memoryview) -> tuple[Done, list[np.ndarray]]:
        self.offered.clear()
        unpacker = self.unpacker.open(call.buffers, body)
        function = self._find(call)
        calls = [_arguments(arguments, unpacker) for arguments in call.calls]
        with_ours = {name: _remembering(unpacker.unpack(offer)) for name, offer in call.ours.items()}
        packer = Packer(self.names, self._hold, trusted=False)
        watch = Watch() if call.watch else None
        restore = self._put_in_place(with_ours)
        try:
            values = [self._one(function, args, named, call.first, packer, watch) for args, named in calls]
        finally:
            restore()
        seen = watch or Watch()
        done = Done(values, seen.changed, seen.shared, seen.entangled, packer.sizes())
        return done, packer.arrays

    def _one(
        self,
        function: Callable[..., Any],
        args: list[Any],
        named: dict[str, Any],
        first: bool,
        packer: Packer,
        watch: "Watch | None",
    ) -> Value:
        if watch:
            watch.before(args)
        result = function(*args, **named)
        if watch:
            watch.after(args, result)
        if first:
            if type(result) is not tuple or not result:
                raise NoAnswer("first", type(result).__name__)
            result = result[0]
        try:
            return packer.pack(result)
        except Unsupported as error:
            raise NoAnswer("answer", str(error)) from error

    def _find(self, call: Call) -> Callable[..., Any]:
        if call.instance is not None:
            owner, name = self.instances[call.instance], call.target
        elif "." not in call.target:  # only import the module
            self.module(call.target)
            return bool
        else:
            module, name = call.target.split(".")
            owner = self.module(module)
        found = getattr(owner, name, None)
        if not callable(found):
            raise NoAnswer("lookup", call.target)
        return found  # type: ignore[no-any-return]

    def _put_in_place(self, ours: Mapping[str, Any]) -> Callable[[], None]:
        """Bind our functions wherever the package binds the student's of that name; return what undoes it."""
        undo: list[tuple[ModuleType, str, Any]] = []
        for target, function in ours.items():
            module, name = target.split(".")
            home = self.module(module)
            theirs = getattr(home, name, None)
            places = [(home, name)] + [
                (inside, bound)
                for inside in self.imported()
                if theirs is not None
                for bound, value in list(vars(inside).items())
                if value is theirs and (inside, bound) != (home, name)
            ]
            for inside, bound in places:
                undo.append((inside, bound, theirs))
                setattr(inside, bound, function)

        def restore() -> None:
            for place in undo:
                setattr(*place)

        return restore

    def _hold(self, thing: Any) -> Value:
        """Keep an object of a class of the student's, and give its number away; pass back what the host offered."""
        if id(thing) in self.offered:
            return self.offered[id(thing)][1]
        if not type(thing).__module__.startswith(f"{PACKAGE}.") or isinstance(
            thing, int | float | str | tuple | list | dict
        ):
            raise Unsupported(f"an object of type {type(thing).__name__}")
        self.instances.append(thing)
        return Instance(len(self.instances) - 1, type(thing).__name__[:80])

    def _unpacker(self) -> Unpacker:
        return Unpacker(
            self.records, instance=lambda held: self.instances[held.number], offer=self._offered, trusted=True
        )

    def _offered(self, offer: Offer, unpacker: Unpacker) -> Any:
        """Make a function or an object that calls back to the host."""
        if offer.methods == [""]:
            return self.stub(offer.number, "")
        methods = {name: self.stub(offer.number, name) for name in offer.methods}
        attributes = {name: unpacker.unpack(value) for name, value in offer.attributes.items()}
        made = SimpleNamespace(**methods, **attributes)
        self.offered[id(made)] = (made, Offer(offer.number, [], {}))
        return made


class Worker(Stage):
    """Serves the calls of one host.

    given: our files, path inside numnet to source. records: the NamedTuples of given/caches.py
    """

    def __init__(self, connection: socket.socket, given: Mapping[str, bytes], records: Mapping[str, Any]) -> None:
        """Take over the connection."""
        super().__init__(records)
        self.line = Line(connection, max_meta_bytes=2**31)
        self.given = given
        self.sequence = 0

    def serve(self) -> None:
        """Load the student's files, then answer calls until the host hangs up."""
        self.line.send(Done([], [], [], False, []), 0)  # the wall is up
        load, _, _ = self.line.receive([Load], None)
        self.package = Package(PACKAGE, {**load.files, **self.given}, load.codes)
        self.package.install()
        self.has_begun = "__init__.py" not in load.files
        while True:
            call, body, self.sequence = self.line.receive([Call, Compile], None)
            if isinstance(call, Compile):
                self.line.send(Compiled(self.package.compile(load.files)), self.sequence)
                continue
            reply, arrays = self.reply(call, body)
            self.line.send(reply, self.sequence, arrays)

    def module(self, name: str) -> ModuleType:
        """Import one module; say so if it cannot be."""
        try:
            if not self.has_begun:  # the package itself was made before the student's files came
                self.package.exec_module(sys.modules[PACKAGE])
                self.has_begun = True
            return importlib.import_module(f"{PACKAGE}.{name}")
        except ModuleNotFoundError as error:
            if error.name == f"{PACKAGE}.{name}":
                raise NoAnswer("file", f"{name}.py") from error
            raise NoAnswer("import", error.name or "", type(error).__name__) from error
        except SyntaxError as error:
            raise NoAnswer("syntax", str(error.msg), f"{error.filename}:{error.lineno or 0}") from error

    def imported(self) -> list[ModuleType]:
        """Return the modules of the package that were imported so far."""
        return [sys.modules[path] for path in self.package.sources if path in sys.modules]

    def stub(self, number: int, method: str) -> Callable[..., Any]:
        """Return a function that asks across the wall."""

        def offered(*args: Any, **named: Any) -> Any:
            packer = Packer(self.names, self._hold, trusted=False)
            arguments = Arguments([packer.pack(a) for a in args], {k: packer.pack(v) for k, v in named.items()})
            self.line.send(Ask(number, method, arguments, packer.sizes()), self.sequence, packer.arrays)
            answer, body, _ = self.line.receive([Answer, Refusal], self.sequence)
            if isinstance(answer, Refusal):
                raise ValueError(answer.message)
            return self.answers.open(answer.buffers, body).unpack(answer.value)

        return offered


class Watch:
    """Looks whether calls change their arguments, or return memory that somebody else holds."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self.changed: list[int] = []
        self.shared: list[int] = []
        self.entangled = False

    def before(self, args: list[Any]) -> None:
        """Remember the arguments, byte for byte."""
        self._bytes = [_fingerprint(arg) for arg in args]

    def after(self, args: list[Any], result: Any) -> None:
        """Compare the arguments with what they were, and the result's memory with theirs."""
        self.changed += [
            i for i, arg in enumerate(args) if _fingerprint(arg) != self._bytes[i] and i not in self.changed
        ]
        results = _arrays(result, caches=False)
        for i, arg in enumerate(args):
            if i not in self.shared and any(np.shares_memory(r, a) for r in results for a in _arrays(arg)):
                self.shared.append(i)
        pairs = ((r, other) for i, r in enumerate(results) for other in results[:i])
        self.entangled = self.entangled or any(np.shares_memory(r, other) for r, other in pairs)


def _remembering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of ours that asks only once for the same ints: deep networks have few sizes."""
    known: dict[tuple[int, ...], Any] = {}

    def remembering(*args: Any, **named: Any) -> Any:
        if named or any(type(arg) is not int for arg in args):
            return function(*args, **named)
        if args not in known:
            known[args] = function(*args)
        return known[args]

    return remembering


def _arguments(arguments: Arguments, unpacker: Unpacker) -> tuple[list[Any], dict[str, Any]]:
    args = [unpacker.unpack(value) for value in arguments.positional]
    return args, {name: unpacker.unpack(value) for name, value in arguments.named.items()}


def _arrays(value: Any, *, caches: bool = True) -> list[np.ndarray]:
    """Return every array inside a value; caches may hold arguments, so they can be left out."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, tuple | list) and (caches or not type(value).__name__.endswith("Cache")):
        return [array for item in value for array in _arrays(item, caches=caches)]
    if isinstance(value, dict):
        return [array for item in value.values() for array in _arrays(item, caches=caches)]
    return []


def _fingerprint(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return (value.shape, value.dtype.str, value.tobytes())
    if isinstance(value, tuple | list):
        return [_fingerprint(item) for item in value]
    if isinstance(value, dict):
        return [(key, _fingerprint(item)) for key, item in value.items()]
    return value if isinstance(value, bool | int | float | str | None) else id(value)


def _describe(error: BaseException) -> Failed:
    """Say what was raised and where in the student's files; never the text, which could carry anything."""
    file, line = _place(error.__traceback__)
    if isinstance(error, NoAnswer):
        cause = error.__cause__
        if cause is not None and error.stage == "import":
            file, line = _place(cause.__traceback__)
        return Failed(error.stage, error.exception, error.subject[:200], file, line)
    if isinstance(error, ModuleNotFoundError):  # an import inside a function
        return Failed("import", type(error).__name__[:80], str(error.name)[:200], file, line)
    stage = "not written" if isinstance(error, NotImplementedError) else "call"
    return Failed(stage, type(error).__name__[:80], "", file, line)


def _place(traceback: TracebackType | None) -> tuple[str, int]:
    file, line = "", 0
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name.startswith(f"{PACKAGE}/"):
            file, line = name, traceback.tb_lineno or 0
        traceback = traceback.tb_next
    return file[:120], line
