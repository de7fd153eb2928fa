"""An answer is held against the annotation of the reference; what does not conform is named in the student's words."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from autograder.answer import conform, name_kind
from autograder.errors import Label, StudentError
from autograder.sandbox.guest.value import Instance


class Cache(NamedTuple):
    """A record with one field of each sort."""

    x: np.ndarray
    stride: int


class Nested(NamedTuple):
    """A record of records."""

    steps: tuple[Cache, ...]


X = np.zeros((2, 3))
CACHE = Cache(X, 1)
INSTANCE = Instance(0, "Model")


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        (X, np.ndarray),
        (np.zeros(0, bool), np.ndarray),
        (1.5, float),
        (float("nan"), float),
        (2**70, int),
        (True, bool),
        ("word", str),
        (None, type(None)),
        (None, int | None),
        (3, int | None),
        ((X, CACHE), tuple[np.ndarray, Cache]),
        ((), tuple[int, ...]),
        ((1, 2, 3), tuple[int, ...]),
        (["a"], list[str]),
        ([], list[str]),
        ([(1, 0.5)], list[tuple[int, float]]),
        ({"a": 0.5}, dict[str, float]),
        ({("a",): {"b": 1}}, dict[tuple[str, ...], dict[str, int]]),
        (CACHE, Cache),
        (Nested((CACHE, CACHE)), Nested),
        (INSTANCE, Instance),
        ({"any": [1]}, Any),
    ],
)
def test_what_the_annotation_promises_passes(value: Any, annotation: Any) -> None:
    """Nothing is changed on the way."""
    answer = conform(value, annotation, "f")

    assert type(answer) is type(value)
    assert repr(answer) == repr(value)


def test_a_whole_number_may_stand_for_another_kind_of_it() -> None:
    """An int is as good as a float, and a single integer of NumPy as good as an int."""
    floats = conform([1, 2.5], list[float], "f")
    whole = conform((np.array(7, np.int32), np.array(8, np.uint8)), tuple[int, int], "f")

    assert [(type(number), number) for number in floats] == [(float, 1.0), (float, 2.5)]
    assert [(type(number), number) for number in whole] == [(int, 7), (int, 8)]


@pytest.mark.parametrize(
    ("value", "annotation", "said"),
    [
        ([1.0], np.ndarray, "f: expected an array, got list"),
        (1.0, np.ndarray, "f: expected an array, got float"),
        (None, np.ndarray, "f: expected an array, got None; does it end with return?"),
        ((X, CACHE), np.ndarray, "f: expected an array, got a tuple of 2"),
        (X, float, "f: expected a Python float, got an array of shape (2, 3) and dtype float64"),
        (np.array(1.0, np.float32), float, "f: expected a Python float, got an array of shape () and dtype float32"),
        (True, float, "f: expected a Python float, got bool"),
        ("1", float, "f: expected a Python float, got str"),
        (10**400, float, "f: an int that is too large for a float"),
        (1.0, int, "f: expected a Python int, got float"),
        (True, int, "f: expected a Python int, got bool"),
        (np.array([7]), int, "f: expected a Python int, got an array of shape (1,) and dtype int64"),
        (np.array(7.0), int, "f: expected a Python int, got an array of shape () and dtype float64"),
        (1, bool, "f: expected a bool, got int"),
        (1, str, "f: expected a str, got int"),
        (0, type(None), "f: expected a NoneType, got int"),
        (X, tuple[np.ndarray, Cache], "f: expected a tuple, got an array of shape (2, 3) and dtype float64"),
        ([X, CACHE], tuple[np.ndarray, Cache], "f: expected a tuple, got list"),
        (CACHE, tuple[np.ndarray, int], "f: expected a tuple, got Cache"),
        ((X,), tuple[np.ndarray, Cache], "f: expected a tuple of 2, got one of 1"),
        ((X, X, X), tuple[np.ndarray, Cache], "f: expected a tuple of 2, got one of 3"),
        ((CACHE, X), tuple[np.ndarray, Cache], "f: result 1: expected an array, got Cache"),
        ((1, 2, "3"), tuple[int, ...], "f[2]: expected a Python int, got str"),
        ((X, (X, 1)), tuple[np.ndarray, Cache], "f: its Cache: expected Cache(x, stride), got a tuple of 2"),
        (Cache(X, "1"), Cache, "f.stride: expected a Python int, got str"),  # type: ignore[arg-type]
        (Nested((CACHE, X)), Nested, "f.steps[1]: expected Cache(x, stride), got an array of shape"),  # type: ignore[arg-type]
        (("a",), list[str], "f: expected a list, got a tuple of 1"),
        (["a", 1], list[str], "f[1]: expected a str, got int"),
        ([("a", 1)], dict[str, int], "f: expected a dict, got list"),
        ({1: 1}, dict[str, int], "f: a key: expected a str, got int"),
        ({"a": "b"}, dict[str, int], "f['a']: expected a Python int, got str"),
        ({"a" * 100: "b"}, dict[str, int], f"f['{'a' * 39}]: expected"),
        ("x", int | None, "f: expected a NoneType, got str"),
    ],
)
def test_what_does_not_conform_is_named(value: Any, annotation: Any, said: str) -> None:
    """Where it is, what was expected and what came; the label is WRONG."""
    with pytest.raises(StudentError) as caught:
        conform(value, annotation, "f")

    assert str(caught.value).startswith(said)
    assert caught.value.label is Label.WRONG


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        (INSTANCE, annotation)
        for annotation in (np.ndarray, float, int, bool, str, tuple[int, int], list[int], dict[str, int], Cache, Any)
    ]
    + [((X, INSTANCE), tuple[np.ndarray, Cache]), ([INSTANCE], list[Any]), ({INSTANCE: 1}, dict[str, int])],
)
def test_an_object_of_a_class_is_no_plain_value(value: Any, annotation: Any) -> None:
    """A check computes with plain values alone, so the answer is UNSUPPORTED."""
    with pytest.raises(StudentError, match="got an object of your class") as caught:
        conform(value, annotation, "f")

    assert caught.value.label is Label.UNSUPPORTED


def test_a_kind_is_named_for_a_student() -> None:
    """An array by shape and dtype, a tuple by its length, the rest by type."""
    assert [name_kind(value) for value in (X, (1, 2), CACHE, 1.0, None)] == [
        "an array of shape (2, 3) and dtype float64",
        "a tuple of 2",
        "Cache",
        "float",
        "None; does it end with return?",
    ]
