"""What a check sees of a submission: the package, across the wall.

`student.conv.conv2d_forward(x, weight, bias)` sends the arrays to the guest and returns plain arrays and the given
NamedTuples, after a look at their kind (`answer`). A `Sitting` is one submission under examination: it opens guests
when they are needed and keeps the time.
"""

import functools
import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args, get_type_hints

from autograder.answer import conform
from autograder.errors import Label, SandboxError, StudentError
from autograder.reference import Reference
from autograder.sandbox.guest.value import Instance, Offer, Packer, Unsupported, Value, WireError
from autograder.sandbox.guest.wire import Arguments, Call, Done
from autograder.sandbox.host import Guest, Offers, Refused, Sandbox

CallArguments = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass
class Sitting:
    """One submission under examination: its files, its guest, its time.

    seconds: what the submission has left in all
    """

    sandbox: Sandbox
    reference: Reference
    files: Mapping[str, bytes]
    seconds: float
    guest: Guest | None = None
    deadline: float = 0.0
    problem: str = ""
    _started: float = field(default=0.0, repr=False)

    def begin(self, problem: str, seconds: float) -> "Student":
        """Start a check: a fresh guest if its problem is another, or if the last one died."""
        if self.guest is not None and (problem != self.problem or not self.guest.is_alive):
            self.close()
        self.problem = problem
        self._started = time.monotonic()
        self.deadline = self._started + min(seconds, self.seconds)
        return Student(self)

    def end(self) -> None:
        """End a check, and take its time from what is left."""
        self.seconds -= time.monotonic() - self._started

    def close(self) -> None:
        """End the guest."""
        if self.guest is not None:
            self.guest.close()
            self.guest = None

    def open(self) -> Guest:
        """Return the guest to call."""
        if self.seconds <= 0:
            raise StudentError("the submission has used up its time in earlier checks", label=Label.TIMEOUT)
        if self.guest is None:
            asked = time.monotonic()
            try:
                self.guest = self.sandbox.open(self.files, self.reference.records)
            except SandboxError:
                self.sandbox.restart()  # once: a fault that comes again is told
                self.guest = self.sandbox.open(self.files, self.reference.records)
            self.deadline += time.monotonic() - asked  # our time, not the student's
        return self.guest


class Student:
    """A submission's package, as a check sees it: attributes are modules, their attributes functions.

    ours: names of functions that are the reference's, wherever the student's package binds them
    """

    def __init__(self, sitting: Sitting, ours: tuple[str, ...] = ()) -> None:
        """Look at a submission."""
        self._sitting = sitting
        self._ours = ours

    def __getattr__(self, module: str) -> "StudentModule":
        """Return one module of the package."""
        return StudentModule(self._sitting, self._ours, module)

    def with_ours(self, *names: str) -> "Student":
        """Return the same package with some functions replaced by the reference's, such as "rnn.elman_step_forward"."""
        return Student(self._sitting, names)


@dataclass(frozen=True)
class StudentModule:
    """One module of a submission."""

    sitting: Sitting
    ours: tuple[str, ...]
    name: str

    def __getattr__(self, function: str) -> "StudentFunction":
        """Return one function or class of the module."""
        target = f"{self.name}.{function}"
        return StudentFunction(self.sitting, self.ours, target, self.sitting.reference.find(target))


@dataclass(frozen=True)
class StudentFunction:
    """One function of a submission; `model` is the reference's, whose annotations say what to expect."""

    sitting: Sitting
    ours: tuple[str, ...]
    target: str
    model: Any
    instance: int | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        return self._answers([(args, kwargs)])[0]

    def output(self, *args: Any, **kwargs: Any) -> Any:
        """Call it, and bring back only the first of its results: the output without the cache."""
        return self._answers([(args, kwargs)], first=True)[0]

    def each(self, calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call it once for each tuple of arguments, all in one message."""
        return self._answers([(args, {}) for args in calls])

    def purely(self, *args: Any, **kwargs: Any) -> Any:
        """Call it, and fail if it changes an argument or returns memory that somebody else holds, caches aside."""
        answers, done = self._call([(args, kwargs)], watch=True)
        if done.changed:
            raise StudentError(f"{self._name}: changes its argument {self._parameter(done.changed[0])}")
        if done.shared:
            raise StudentError(
                f"{self._name}: a result shares memory with its argument {self._parameter(done.shared[0])}"
            )
        if done.entangled:
            raise StudentError(f"{self._name}: two of its results share memory")
        return conform(answers[0], self._annotation(first=False), self._name)

    @property
    def _name(self) -> str:
        return self.target.rsplit(".", 1)[-1]

    def _parameter(self, index: int) -> str:
        names = list(_signature(self.model).parameters)
        return names[index] if 0 <= index < len(names) else str(index)

    def _annotation(self, *, first: bool) -> Any:
        if inspect.isclass(self.model):
            return Instance
        annotation = _hints(self.model).get("return", Any)
        return get_args(annotation)[0] if first else annotation

    def _answers(self, calls: Sequence[CallArguments], *, first: bool = False) -> list[Any]:
        answers, _ = self._call(calls, first=first)
        annotation = self._annotation(first=first)
        if inspect.isclass(self.model):
            return [StudentInstance(self.sitting, self.model, self._own(answer)) for answer in answers]
        return [conform(answer, annotation, self._name) for answer in answers]

    def _own(self, answer: Any) -> Instance:
        if not isinstance(answer, Instance):
            raise StudentError(f"{self._name}: expected an object of the class")
        return answer

    def _call(
        self, calls: Sequence[CallArguments], *, first: bool = False, watch: bool = False
    ) -> tuple[list[Any], Done]:
        guest = self.sitting.open()
        desk = Desk()
        packer = guest.packer(desk.pack_offer)
        desk.packer = packer
        messages = [Arguments([packer.pack(a) for a in args], _pack_named(packer, kw)) for args, kw in calls]
        in_place = {name: desk.offer_function(self.sitting.reference.find(name)) for name in self.ours}
        call = Call(self.target, self.instance, messages, first, watch, in_place, packer.sizes())
        return guest.call(call, packer.arrays, desk, deadline=self.sitting.deadline)


@dataclass(frozen=True)
class StudentInstance:
    """An object of a student's class, which stays in the guest; its methods may be called."""

    sitting: Sitting
    model: type
    instance: Instance

    def __getattr__(self, method: str) -> StudentFunction:
        """Return one method."""
        model = getattr(self.model, method)
        return StudentFunction(self.sitting, (), method, model, self.instance.number)


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

    packer: Packer

    def __init__(self) -> None:
        """Start empty."""
        self._offered: list[dict[str, Callable[..., Any]]] = []
        self._targets: list[Any] = []

    def pack_offer(self, value: Any) -> Value:
        """Turn an object that is no plain value into what the guest can use."""
        if isinstance(value, StudentInstance):
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
            hints = _hints(function)
            for parameter, value in [*zip(_signature(function).parameters, positional, strict=False), *named.items()]:
                conform(value, hints.get(parameter, Any), f"{name}: {parameter}")
            return function(*positional, **named)
        except StudentError as error:
            raise Refused(str(error)) from error
        except Exception as error:  # what a right function says to wrong arguments
            raise Refused(f"{name} was called with something it cannot use ({type(error).__name__})") from error


@functools.lru_cache(maxsize=1024)
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


@functools.lru_cache(maxsize=1024)
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(function)


def _pack_named(packer: Packer, named: dict[str, Any]) -> dict[str, Value]:
    return {name: packer.pack(value) for name, value in named.items()}
