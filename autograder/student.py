"""What a check sees of a submission: the package, across the wall.

`student.conv.conv2d_forward(x, weight, bias)` sends the arrays to the guest and returns plain arrays and the given
NamedTuples, after a look at their kind (`answer`).
"""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from autograder.answer import conform
from autograder.desk import Desk, Held, Offered, hints, signature
from autograder.errors import Label, StudentError
from autograder.sandbox.guest.value import Instance, Packer, Value
from autograder.sandbox.guest.wire import Arguments, Call, Done
from autograder.sitting import Sitting
from autograder.transcript import Line

OF_A_FUNCTION = {  # whatever it is called with
    Label.WRONG,
    Label.NOT_WRITTEN,
    Label.MISSING,
    Label.IMPORT,
    Label.FORBIDDEN,
    Label.SYNTAX,
    Label.UNSUPPORTED,
}
SHORT = 1000  # a number below says how a function was called; a larger one is an input like others
CallArguments = tuple[tuple[Any, ...], dict[str, Any]]


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


@dataclass(slots=True)
class StudentModule:
    """One module of a submission."""

    sitting: Sitting
    ours: tuple[str, ...]
    name: str

    def __getattr__(self, function: str) -> "StudentFunction":
        """Return one function or class of the module."""
        target = f"{self.name}.{function}"
        return StudentFunction(self.sitting, self.ours, self.name, target, self.sitting.reference.find(target))


@dataclass(slots=True)
class StudentFunction:
    """One function of a submission; `model` is the reference's, whose annotations say what to expect."""

    sitting: Sitting
    ours: tuple[str, ...]
    module: str
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
        """Call it twice on the same objects, and fail if it changes an argument or returns memory that another holds.

        Caches may hold arguments. The guest says which argument was changed or shared; that an argument was changed
        shows in the second answer, too, whatever the guest says. A class is called once: no two objects are the same.
        """
        has_state = any(isinstance(argument, Offered) for argument in args)  # an rng of ours goes on between two calls
        once = has_state or inspect.isclass(self.model)
        answers, done = self._call([(args, kwargs)] * (1 if once else 2), watch=True)
        if done.changed:
            raise StudentError(f"{self._name}: changes its argument {self._parameter(done.changed[0])}; work on a copy")
        if done.shared:
            argument = self._parameter(done.shared[0])
            raise StudentError(f"{self._name}: a result shares memory with its argument {argument}; return a new array")
        if done.entangled:
            raise StudentError(f"{self._name}: two of its results share memory; return a copy of one of them")
        first, *second = (self._read(answer) for answer in answers)
        if second and not _same(first, second[0]):
            raise StudentError(f"{self._name}: a second call with the same arguments gives another answer")
        return first

    @property
    def _name(self) -> str:
        return self.target.rsplit(".", 1)[-1]

    def _parameter(self, index: int) -> str:
        names = [name for name in signature(self.model).parameters if name != "self"]
        return names[index] if 0 <= index < len(names) else str(index)

    def _answers(self, calls: Sequence[CallArguments], *, first: bool = False) -> list[Any]:
        answers, _ = self._call(calls, first=first)
        return [self._read(answer, first=first) for answer in answers]

    def _read(self, answer: Any, *, first: bool = False) -> Any:
        """Return an answer as the reference's annotation has it; of a class, an object whose methods can be called."""
        if inspect.isclass(self.model):
            if not isinstance(answer, Instance):
                raise StudentError(f"{self._name}: expected an object of the class, got something else")
            return StudentInstance(answer, self.sitting, self.ours, self.module, self.model)
        annotation = hints(self.model).get("return", Any)
        return conform(answer, get_args(annotation)[0] if first else annotation, self._name)

    def _call(
        self, calls: Sequence[CallArguments], *, first: bool = False, watch: bool = False
    ) -> tuple[list[Any], Done]:
        guest = self.sitting.open(self.module)
        desk = Desk()
        packer = guest.packer(desk.pack_offer)
        desk.packer = packer
        messages = [Arguments([packer.pack(a) for a in args], _pack_named(packer, kw)) for args, kw in calls]
        in_place = {name: desk.offer_function(self.sitting.reference.find(name)) for name in self.ours}
        call = Call(self.target, self.instance, messages, first, watch, in_place, packer.sizes())
        received = guest.received
        try:
            answers, done = guest.call(call, packer.arrays, desk, deadline=self.sitting.deadline)
        except StudentError as error:
            self.sitting.transcript.add(Line(self.target, error))
            raise error.about(self._name if error.label in OF_A_FUNCTION else self._shown(calls)) from error
        self.sitting.transcript.add(
            Line(self.target, answers, (done.changed, done.shared, done.entangled)), size=guest.received - received
        )
        return answers, done

    def _shown(self, calls: Sequence[CallArguments]) -> str:
        """Write the call as a student would: conv2d_forward(x: (2, 3, 7, 5), stride: 2)."""
        args, named = calls[0]
        if any(call is not calls[0] for call in calls):
            return f"{self._name}, in one of {len(calls)} calls"
        names = [name for name in signature(self.model).parameters if name != "self"]
        given = dict(zip(names, args, strict=False)) | named
        return f"{self._name}({', '.join(f'{name}: {_sketch(value)}' for name, value in given.items())})"


@dataclass(frozen=True)
class StudentInstance(Held):
    """An object of a student's class, which stays in the guest; its methods may be called."""

    sitting: Sitting
    ours: tuple[str, ...]
    module: str
    model: type

    def __getattr__(self, method: str) -> StudentFunction:
        """Return one method."""
        model = getattr(self.model, method)
        return StudentFunction(self.sitting, self.ours, self.module, method, model, self.instance.number)


def _pack_named(packer: Packer, named: dict[str, Any]) -> dict[str, Value]:
    return {name: packer.pack(value) for name, value in named.items()}


def _sketch(value: Any) -> str:
    """Say of what kind and shape an argument is; only small numbers are shown as they are."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if value is None or (isinstance(value, int) and abs(value) < SHORT):
        return str(value)
    if isinstance(value, StudentInstance):
        return value.model.__name__
    named = value.target if isinstance(value, Offered) else value
    return "a function" if inspect.isroutine(named) else type(named).__name__


def _same(one: Any, other: Any) -> bool:
    """Say whether two answers are the same to the last bit; NaN is the same as NaN."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return (one.shape, one.dtype, one.tobytes()) == (other.shape, other.dtype, other.tobytes())
    if isinstance(one, tuple | list) and type(one) is type(other):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return type(one) is type(other) and (one == other or (one != one and other != other))
