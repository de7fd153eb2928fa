"""What kind of thing a function answers: its return annotation, held against what came through the wall.

The reference's annotations are the specification: `-> tuple[np.ndarray, Conv2dCache]`. After `conform` a check may take
the answer apart without looking first. Values, shapes and dtypes of arrays are the business of `checks.claim`.
"""

from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from autograder.errors import Label, StudentError
from autograder.sandbox.guest.value import Instance

WHOLE = {np.ndarray, str, bool, float, int, NoneType}  # types that say everything


def conform(value: Any, annotation: Any, what: str) -> Any:
    """Return the value as the annotated type, or raise a StudentError that names what came instead.

    what: names the value for the student, such as "conv2d_forward"
    """
    if _fits(value, annotation):
        return value
    origin, arguments = _parts(annotation)
    if annotation is float or annotation is int:
        return _number(value, annotation, what)
    if origin in (Union, UnionType):
        return _either(value, arguments, what)
    if origin is tuple:
        return _tuple(value, arguments, what)
    if origin is list:
        _require(value, list, what)
        kind = arguments[0]
        return [item if _fits(item, kind) else conform(item, kind, f"{what}[{i}]") for i, item in enumerate(value)]
    if origin is dict:
        _require(value, dict, what)
        return {_key(k, arguments[0], what): conform(v, arguments[1], f"{what}[{k!r:.40}]") for k, v in value.items()}
    if hasattr(annotation, "_fields"):
        return _record(value, annotation, what)
    if annotation in (np.ndarray, str, bool, NoneType):
        _require(value, annotation, what)
    elif isinstance(value, Instance) and annotation is not Instance:
        raise _unexpected(value, "a plain value", what)
    return value


def _fits(value: Any, annotation: Any) -> bool:
    """Say at a glance whether a value is what is annotated; False only means that it needs a closer look."""
    kind: Any = type(value)
    if kind in WHOLE:
        return kind is annotation
    outer, inner = _outline(annotation)
    return kind is outer and tuple(map(type, value)) == inner


@cache
def _outline(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return the types of a tuple and of its items, if these types say everything about them."""
    origin, items = _parts(annotation)
    if hasattr(annotation, "_fields"):
        origin, items = annotation, tuple(_hints(annotation).values())
    elif origin is not tuple:
        return None, ()
    return (origin, items) if set(items) <= WHOLE else (None, ())


@cache
def _parts(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    return get_origin(annotation), get_args(annotation)


def _number(value: Any, kind: type, what: str) -> Any:
    if type(value) is int or type(value) is kind:
        try:
            return kind(value)
        except OverflowError as error:
            raise StudentError(f"{what}: an int that is too large for a float") from error
    if kind is int and isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "iu":
        return int(value)
    raise _unexpected(value, f"a Python {kind.__name__}", what)


def _either(value: Any, annotations: tuple[Any, ...], what: str) -> Any:
    for annotation in annotations:
        try:
            return conform(value, annotation, what)
        except StudentError as error:
            problem = error
    raise problem


def _tuple(value: Any, annotations: tuple[Any, ...], what: str) -> tuple[Any, ...]:
    if annotations[-1] is Ellipsis and type(value) in (tuple, list):  # of any length: a list says the same
        return tuple(conform(item, annotations[0], f"{what}[{i}]") for i, item in enumerate(value))
    if type(value) is not tuple:
        raise _unexpected(value, "a tuple", what)
    if len(value) != len(annotations):
        raise StudentError(f"{what}: expected a tuple of {len(annotations)}, got one of {len(value)}")
    names = [_result(i, annotation, what) for i, annotation in enumerate(annotations)]
    return tuple(conform(*triple) for triple in zip(value, annotations, names, strict=True))


def _result(index: int, annotation: Any, what: str) -> str:
    """Name one of several results: the second result of relu_forward, or its cache."""
    if hasattr(annotation, "_fields"):
        return f"{what}: its {annotation.__name__}"
    return f"{what}: result {index + 1}"


def _record(value: Any, record: Any, what: str) -> Any:
    hints = _hints(record)
    if type(value) is not record:
        raise _unexpected(value, f"{record.__name__}({', '.join(record._fields)})", what)
    return record(
        *[conform(item, hints[name], f"{what}.{name}") for name, item in zip(record._fields, value, strict=True)]
    )


@cache
def _hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)


def _key(key: Any, annotation: Any, what: str) -> Any:
    return conform(key, annotation, f"{what}: a key")


def _require(value: Any, kind: type, what: str) -> None:
    if type(value) is not kind:
        raise _unexpected(value, "an array" if kind is np.ndarray else f"a {kind.__name__}", what)


def _unexpected(value: Any, expected: str, what: str) -> StudentError:
    if isinstance(value, Instance):
        return StudentError(f"{what}: expected {expected}, got an object of your class", label=Label.UNSUPPORTED)
    return StudentError(f"{what}: expected {expected}, got {name_kind(value)}")


def name_kind(value: Any) -> str:
    """Name the kind of a value for a student: an array by its shape and dtype, anything else by its type."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if value is None:
        return "None; does it end with return?"
    return f"a tuple of {len(value)}" if type(value) is tuple else type(value).__name__
