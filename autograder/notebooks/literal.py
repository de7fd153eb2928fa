"""A literal in a cell: what a student assigned to a name, read from the text and never executed."""

import ast
from typing import Any

LONGEST = 4_000  # characters of a cell; an answer has some hundred at most


class NoLiteral(Exception):
    """Why there is no answer in a cell, in one sentence for the student."""


def read_literal(source: str, name: str) -> Any:
    """Return the value of the last `name = literal` at the top level of a cell. Raises NoLiteral."""
    values = [node.value for node in _parse(source).body if isinstance(node, ast.Assign) and _names(node) == [name]]
    if not values:
        raise NoLiteral(f"there is no line `{name} = ...` in the cell of the answer")
    try:
        return ast.literal_eval(values[-1])
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise NoLiteral(
            f"`{name}` is not written out: numbers, texts and lists of them are read, not computed"
        ) from None


def _parse(source: str) -> ast.Module:
    if len(source) > LONGEST:
        raise NoLiteral(f"the cell of the answer has more than {LONGEST} characters")
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n")]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise NoLiteral("the cell of the answer is no Python") from None


def _names(node: ast.Assign) -> list[str]:
    return [target.id if isinstance(target, ast.Name) else "" for target in node.targets]
