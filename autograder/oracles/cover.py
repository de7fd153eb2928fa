"""Which functions an oracle covers, and the proof that it does.

    @covers("rnn.elman_forward", by="torch.nn.RNN")
    def test_...

An oracle is believed when it fails with a wrong answer. So after it has passed, it is run again and again, each time
with one part of one function's answer spoilt; a run that passes then is a part that nobody compares.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import numnet

covers = pytest.mark.covers


def claims(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """Yield the functions that an oracle says it covers, and what it compares them with."""
    for mark in item.iter_markers("covers"):
        yield from ((name, mark.kwargs["by"]) for name in mark.args)


def public_names() -> list[str]:
    """Name every public function and class of numnet's own modules, such as "rnn.elman_forward"."""
    names = []
    for info in pkgutil.iter_modules(numnet.__path__):
        module = import_module(f"numnet.{info.name}")
        for name, value in vars(module).items():
            ours = inspect.isfunction(value) or inspect.isclass(value)
            if ours and not info.ispkg and not name.startswith("_") and value.__module__ == module.__name__:
                names.append(f"{info.name}.{name}")
    return names


def prove(name: str, oracle: Callable[[], None]) -> None:
    """Fail unless the oracle notices every part of the function's answer that is spoilt."""
    parts: list[str] = []
    while (spoiler := _run_spoilt(name, oracle, known=parts)).found:
        parts.append(spoiler.found)
        if not spoiler.noticed:
            raise AssertionError(f"covers {name}: the oracle passes when {spoiler.found} is wrong")
    if not parts:
        raise AssertionError(f"covers {name}: the oracle never calls it")


def _run_spoilt(name: str, oracle: Callable[[], None], known: list[str]) -> "_Spoiler":
    """Run the oracle with one more part spoilt than those known; a class is spoilt in its method prob."""
    module, function = name.split(".")
    owner: Any = import_module(f"numnet.{module}")
    if inspect.isclass(getattr(owner, function)):
        owner, function = getattr(owner, function), "prob"
    right, spoiler = getattr(owner, function), _Spoiler(known)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, function, lambda *args, **named: spoiler.spoil(right(*args, **named)))
        try:
            oracle()
        except (Exception, pytest.fail.Exception):  # however it fails, it has noticed
            spoiler.noticed = True
    return spoiler


class _Spoiler:
    """Makes the first part of answers wrong that is not known yet, in all answers. A cache is no part of an answer."""

    def __init__(self, known: list[str]) -> None:
        self.known = known
        self.found = ""  # the part that is spoilt, such as "the answer.dx"
        self.noticed = False

    def spoil(self, answer: Any) -> Any:
        """Return an answer with that part spoilt, if it has it."""
        return self._walk(answer, "the answer")

    def _walk(self, value: Any, path: str) -> Any:
        if type(value).__name__.endswith("Cache") or (isinstance(value, dict | list | tuple) and not value):
            return value
        if inner := list(_parts(value)):
            walked = [self._walk(part, f"{path}{name}") for name, part in inner]
            return _rebuilt(value, walked)
        if path in self.known or self.found not in ("", path):
            return value
        self.found = path
        return wrong(value)


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what is compared on its own: the entries of a record, of a tuple or dict of arrays or of records."""
    names = getattr(value, "_fields", None)
    if names is not None:
        yield from zip([f".{name}" for name in names], value, strict=True)
    elif isinstance(value, tuple | dict):
        pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
        kinds = np.ndarray | tuple if isinstance(value, dict) else np.ndarray | tuple | dict
        if any(isinstance(part, kinds) for _, part in pairs):
            yield from ((f"[{key!r}]", part) for key, part in pairs)


def _rebuilt(value: Any, parts: list[Any]) -> Any:
    if isinstance(value, dict):
        return dict(zip(value, parts, strict=True))
    return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)


def wrong(value: Any) -> Any:
    """Return something of the same kind that is a little off."""
    if isinstance(value, np.ndarray):
        return ~value if value.dtype == bool else np.asarray(_shifted(value))
    if isinstance(value, dict):
        return {key: wrong(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [wrong(inner) for inner in value]
    if isinstance(value, tuple):
        return _rebuilt(value, [wrong(inner) for inner in value])
    if isinstance(value, str):
        return f"{value}?"
    return value + 1 if isinstance(value, int) else float(_shifted(np.asarray(value)))


def _shifted(value: np.ndarray) -> np.ndarray:
    if value.dtype.kind in "iu":
        return value + 1
    finite = np.where(np.isfinite(value), value, 0.0)
    return np.where(np.isfinite(value), finite + 1e-3 * (1 + np.abs(finite)), 0.0)
