"""A TOML file in which every error names the line to mend.

>>> table = read_table(Path("assignment.toml"))
>>> table.within("problem").within("A3").points("points")
Decimal('7')
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from autograder.errors import AssignmentError

Value = TypeVar("Value")
LARGEST = 1_000_000  # no points, seconds or mebibytes of a homework come near

_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*=""", re.ASCII)
_NAME = re.compile(r"""\s*("[^"]*"|'[^']*'|[\w-]+)\s*\.?""", re.ASCII)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a TOML file: its values, and where each of them stands."""

    file: str
    path: tuple[str, ...]
    values: dict[str, Any]
    lines: dict[tuple[str, ...], int]

    def line(self, key: str = "") -> int:
        """Return the line of a key, or of the table where the key has no line of its own."""
        path = (*self.path, key)
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refusal(self, message: str, key: str = "") -> AssignmentError:
        """Say what is wrong at a key, with the line to mend."""
        return AssignmentError(f"{self.file} line {self.line(key)}: {message}")

    def allow(self, *keys: str) -> None:
        """Refuse any key but these."""
        for key in self.values:
            if key not in keys:
                raise self.refusal(f"{self._name(key)} is not a setting; there are {', '.join(keys)}", key)

    def within(self, key: str) -> "Table":
        """Return the table of that name inside this one."""
        return Table(self.file, (*self.path, key), self._value(key, dict, "a table"), self.lines)

    def each(self) -> Iterator[tuple[str, "Table"]]:
        """Yield the tables inside this one with their names; anything else inside is refused."""
        for key in self.values:
            yield key, self.within(key)

    def any_text(self, key: str) -> str:
        """Return a text, which may be empty."""
        return self._value(key, str, "a text")

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        text = self.any_text(key)
        if not text:
            raise self.refusal(f"{self._name(key)} is empty", key)
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        texts = self._value(key, list, "a list of texts")
        for text in texts:
            if not isinstance(text, str):
                raise self.refusal(f"{self._name(key)} is a list of texts, got {text!r} in it", key)
        return tuple(texts)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        return self._value(key, bool, "true or false")

    def points(self, key: str) -> Decimal:
        """Return a number that is 0 or more, exactly as it is written."""
        value = self.values.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        number = self._value(key, Decimal, "a number", value)
        if not number.is_finite() or not 0 <= number <= LARGEST:
            raise self.refusal(f"{self._name(key)} is {number}; it is between 0 and {LARGEST}", key)
        return number

    def moment(self, key: str) -> datetime:
        """Return a time that is the same everywhere."""
        moment = self._value(key, datetime, "a time with its offset, such as 2026-12-01T23:59:00+01:00")
        if moment.tzinfo is None:
            raise self.refusal(f"{self._name(key)} has no offset; write 2026-12-01T23:59:00+01:00", key)
        return moment

    def amount(self, key: str) -> float:
        """Return a number that is more than 0."""
        number = self.points(key)
        if number == 0:
            raise self.refusal(f"{self._name(key)} is 0; it is more than that", key)
        return float(number)

    def _value(self, key: str, kind: type[Value], words: str, value: Any = None) -> Value:
        value = self.values.get(key) if value is None else value
        if value is None:
            raise self.refusal(f"{self._name(key)} is missing; it is {words}", key)
        if not isinstance(value, kind):
            raise self.refusal(f"{self._name(key)} is {words}, got {value!r}", key)
        return value

    def _name(self, key: str) -> str:
        return ".".join((*self.path, key))


def read_table(path: Path) -> Table:
    """Read a TOML file. Its name in messages is the file's own, without the folders above."""
    try:
        text = path.read_text("utf-8")
        values = tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise AssignmentError(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise AssignmentError(f"{path.name} line {line}: not UTF-8") from error
    except ValueError as error:
        raise AssignmentError(_syntax(path.name, text, str(error))) from error
    except RecursionError as error:
        raise AssignmentError(f"{path.name}: not TOML: nested too deeply") from error
    return Table(path.name, (), values, dict(_lines(text)))


def _syntax(file: str, text: str, message: str) -> str:
    """Put the line that tomllib found to the front; without one, it is the last line."""
    found = re.fullmatch(r"(?s)(.*?) \(at (?:line (\d+), column \d+|end of document)\)", message)
    reason, line = found.groups() if found else (message, None)
    return f"{file} line {line or max(1, len(text.splitlines()))}: not TOML: {reason}"


def _lines(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield where every table and key stands. The text is known to be TOML, so that a glance at each line is enough."""
    table: tuple[str, ...] = ()
    quotes = ""  # around a text of several lines, while inside one
    for number, line in enumerate(text.splitlines(), start=1):
        if quotes:
            quotes = "" if quotes in line else quotes
            continue
        if header := _HEADER.match(line):
            table = tuple(name.strip("\"'") for name in _NAME.findall(header[1]))
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, key[1].strip("\"'")), number
            value = line[key.end() :].lstrip()
            if value[:3] in ('"""', "'''") and value[:3] not in value[3:]:
                quotes = value[:3]
