"""The marked regions of a source file: the lines that students write themselves.

    def double(x):
        \"""Twice x.\"""
        ### BEGIN SOLUTION
        return 2 * x
        ### END SOLUTION

A region lies inside one function of a module, or inside one method of a class.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.errors import HandoutError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_NEARLY = re.compile(r"#+\s*(BEGIN|END)\b.*\bSOLUTION|#+\s*SOLUTION\s*(BEGIN|END)\b", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Region:
    """The lines from a BEGIN marker to its END marker, both included, and the function around them."""

    begin: int
    end: int
    owner: str  # the function or class of the module: "AddK"
    function: str  # the function itself: "AddK.prob"

    def lines(self, text: str) -> list[str]:
        """Return the lines between the markers."""
        return text.split("\n")[self.begin : self.end - 1]


def parse(text: str, where: str) -> ast.Module:
    """Parse a source file, or say where it is no Python."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise HandoutError(f"{where} line {error.lineno}: {error.msg}") from error


def read_regions(text: str, where: str) -> list[Region]:
    """Find the regions of a source file from the top; `where` is its name in messages."""
    tree = parse(text, where)
    return [_owned(tree, begin, end, where) for begin, end in _pairs(text, where)]


def _pairs(text: str, where: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of each BEGIN and its END."""
    begin = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        line = token.start[0]
        if token.type != tokenize.COMMENT:
            continue
        if token.line.strip() == BEGIN:
            if begin:
                raise HandoutError(f"{where} line {line}: {BEGIN} inside the region that begins in line {begin}")
            begin = line
        elif token.line.strip() == END:
            if not begin:
                raise HandoutError(f"{where} line {line}: {END} without {BEGIN}")
            yield begin, line
            begin = 0
        elif _NEARLY.search(token.string):
            raise HandoutError(f"{where} line {line}: a marker is a line of its own, {BEGIN} or {END}")
    if begin:
        raise HandoutError(f"{where} line {begin}: {BEGIN} without {END}")


def _owned(tree: ast.Module, begin: int, end: int, where: str) -> Region:
    """Find the function around a region; the statements of the region are all its own."""
    path: list[Definition] = []
    body: list[ast.stmt] = tree.body
    while inner := [node for node in body if isinstance(node, Definition) and _surrounds(node, begin)]:
        path.append(inner[0])
        if isinstance(inner[0], Function):
            break
        body = inner[0].body
    if not path or not isinstance(path[-1], Function):
        raise HandoutError(f"{where} line {begin}: {BEGIN} outside a function")
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and begin < node.lineno < end]
    own = set(ast.walk(path[-1]))
    if not inside or not own.issuperset(inside) or any((node.end_lineno or 0) > end for node in inside):
        raise HandoutError(f"{where} line {begin}: the region is not inside the body of {path[-1].name}")
    if ast.get_docstring(path[-1]) is not None and begin <= (path[-1].body[0].end_lineno or 0):
        raise HandoutError(f"{where} line {begin}: the region begins before the end of the docstring")
    return Region(begin, end, path[0].name, ".".join(node.name for node in path))


def _surrounds(node: Definition, line: int) -> bool:
    return node.lineno < line <= (node.end_lineno or 0)


def replace_regions(text: str, regions: list[Region], body: Callable[[Region], str]) -> str:
    """Put another body in the place of each region, at its indentation."""
    lines = text.split("\n")
    for region in reversed(regions):
        marker = lines[region.begin - 1]
        indentation = marker[: len(marker) - len(marker.lstrip())]
        lines[region.begin - 1 : region.end] = [(indentation + line).rstrip() for line in body(region).split("\n")]
    return "\n".join(lines)


def without_markers(text: str) -> str:
    """Take the markers out, and leave what is between them."""
    return "\n".join(line for line in text.split("\n") if line.strip() not in (BEGIN, END))
