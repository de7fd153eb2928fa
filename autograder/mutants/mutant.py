"""The mutants of a module: everything that one change makes of its functions, in the order of the source.

A mutant is named by its file, its function, and what was changed with a little of what stands around it, so that the
name stays when lines move: conv.py conv_output_size: n + 2 * padding < k -> n + 2 * padding <= k
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from autograder.mutants.change import DROPPED, changes, stands_alone

LEAST = 16  # characters of a change: a smaller one is shown with what stands around it
Path = tuple[ast.AST, ...]  # from the function to a node


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function."""

    file: str
    function: str  # or the method: "AddK.prob"
    change: str
    line: int
    begin: int  # in bytes
    end: int
    text: str

    def __str__(self) -> str:
        """Name it."""
        return f"{self.file} {self.function}: {self.change}"

    @property
    def target(self) -> str:
        """Name the function as a check would: "ngram.AddK.prob"."""
        return f"{self.file.removesuffix('.py')}.{self.function}"

    def of(self, source: bytes) -> bytes:
        """Return the module with this change."""
        return source[: self.begin] + self.text.encode() + source[self.end :]


def read_mutants(file: str, source: bytes) -> list[Mutant]:
    """Return every mutant of a module; of those that have one name, the second is called so."""
    seen: Counter[str] = Counter()
    mutants = []
    for mutant in dict.fromkeys(_Module(file, source).mutants()):
        seen[str(mutant)] += 1
        times = seen[str(mutant)]
        mutants.append(replace(mutant, change=f"{mutant.change} ({times})") if times > 1 else mutant)
    return mutants


class _Module:
    """The source of a module, and where its lines begin."""

    def __init__(self, file: str, source: bytes) -> None:
        self.file, self.source = file, source
        self.begins = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]

    def mutants(self) -> Iterator[Mutant]:
        """Yield the mutants from the top."""
        for name, function in _functions(ast.parse(self.source)):
            names = _names(function)
            for path in _paths((function,)):
                for new in changes(path[-1], path[-2], names):
                    yield self._mutant(name, path, new)

    def _mutant(self, name: str, path: Path, new: ast.AST) -> Mutant:
        begin, end = self._place(path[-1])
        text = ast.unparse(new)
        text = f"({text})" if isinstance(new, ast.expr) else text
        before, after = self._shown(path, begin, end, text)
        line = path[-1].lineno  # type: ignore[attr-defined]
        return Mutant(self.file, name, f"{before} -> {after}", line, begin, end, text)

    def _shown(self, path: Path, begin: int, end: int, text: str) -> tuple[str, str]:
        """Return what was changed and what it became, with enough around it to be told from others."""
        if isinstance(path[-1], ast.Raise):
            return "raise", text  # the words of an error may change
        readable = [node for node in reversed(path) if isinstance(node, DROPPED) or stands_alone(node)]
        whole = next((node for node in readable if len(self._text(node)) >= LEAST), readable[-1])
        first, last = self._place(whole)
        changed = self.source[first:begin] + text.encode() + self.source[end:last]
        return self._text(whole), _normal(changed.decode())

    def _text(self, node: ast.AST) -> str:
        begin, end = self._place(node)
        return _normal(self.source[begin:end].decode())

    def _place(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node begins and ends, in bytes."""
        begin = self.begins[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self.begins[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return begin, end


def _functions(module: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the functions of a module and the methods of its classes."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{name}", method) for name, method in _functions(ast.Module(node.body, [])))


def _names(function: ast.FunctionDef) -> list[str]:
    """Return the names that a function binds, and with a dot those that it looks up in objects, sorted."""
    names = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    names |= {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {f".{node.attr}" for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    return sorted(names)


def _paths(path: Path) -> Iterator[Path]:
    """Yield the way to every node of a function's body that a change could matter to."""
    for child in _children(path[-1]):
        yield (*path, child)
        yield from _paths((*path, child))


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes inside a node, but nothing of an annotation, a default, a docstring, or the words of an error."""
    if isinstance(node, ast.FunctionDef):
        yield from node.body[ast.get_docstring(node) is not None :]
    elif isinstance(node, ast.AnnAssign):
        yield from [node.value] if node.value else []
    elif not isinstance(node, ast.JoinedStr | ast.Raise):
        yield from (child for child in ast.iter_child_nodes(node) if getattr(child, "arg", "") != "strict")


@lru_cache(maxsize=1024)
def _normal(text: str) -> str:
    """Write a piece of Python as Python itself would."""
    try:
        return ast.unparse(ast.parse(f"({text}\n)", mode="eval"))
    except SyntaxError:
        return ast.unparse(ast.parse(text))
