"""The operators: what could stand in the place of one node of a syntax tree if somebody had slipped there.

What changes nothing by definition is not tried: the words of an error, `strict=True`, which a right call never needs,
the order of what has none, and a number of NumPy's in the place of Python's or a list in that of a tuple, which the
wall takes, too.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

Operator = Callable[[ast.AST], Iterator[ast.AST]]

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
PAIRS = ("min max", "any all", "minimum maximum", "zeros ones", "zeros_like ones_like", "sum mean", "argmax argmin")
TWINS = {one: other for pair in map(str.split, PAIRS) for one, other in (pair, pair[::-1])}
SYMMETRIC = {"min", "max", "minimum", "maximum"}  # the order of their arguments says nothing
CASTS = {"float", "int", "tuple"}
LIBRARIES = {"np", "math", "re"}
DROPPED = ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Raise | ast.Break | ast.Continue
LEAST = 0.1  # the smallest number to which one is added


def changes(node: ast.AST, parent: ast.AST, names: Sequence[str] = ()) -> Iterator[ast.AST]:
    """Yield what could stand in the place of a node inside another: expressions for one, a statement for one.

    names: what the function binds, and with a dot what it looks up in objects
    """
    if _decides(node, parent):
        yield from (ast.Constant(True), ast.Constant(False))
    if isinstance(parent, ast.For | ast.comprehension) and node is parent.iter:
        yield from _shortened(node)
    yield from _confused(node, names)
    for operator in OPERATORS:
        yield from operator(node)


def _decides(node: ast.AST, parent: ast.AST) -> bool:
    """Say whether it is a condition, apart from that of a loop, which would run for ever."""
    if isinstance(parent, ast.comprehension):
        return node in parent.ifs
    return isinstance(parent, ast.If) and node is parent.test


def _shortened(node: ast.expr) -> Iterator[ast.AST]:
    """Leave out the first of what a loop runs over, and the last."""
    for part in (ast.Slice(ast.Constant(1)), ast.Slice(None, ast.Constant(-1))):
        yield ast.Subscript(ast.Call(ast.Name("list", ast.Load()), [node], []), part, ast.Load())


def _confused(node: ast.AST, names: Sequence[str]) -> Iterator[ast.AST]:
    """Take a name for another that differs in one letter, such as h_b for h_f."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (ast.Name(other, node.ctx) for other in names if _is_near(node.id, other))
    elif isinstance(node, ast.Attribute):
        others = (name[1:] for name in names if name[0] == "." and _is_near(node.attr, name[1:]))
        yield from (ast.Attribute(node.value, other, node.ctx) for other in others)


def _is_near(one: str, other: str) -> bool:
    return other[0] != "." and len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    """Turn + into -, and leave out either side."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in ARITHMETIC:
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        yield from (node.left, node.right)


def _comparison(node: ast.AST) -> Iterator[ast.AST]:
    """Turn < into <= and into >=."""
    if isinstance(node, ast.Compare):
        for i, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                yield ast.Compare(node.left, _with(node.ops, i, other()), node.comparators)


def _logic(node: ast.AST) -> Iterator[ast.AST]:
    """Turn `and` into `or`, leave out a part, drop a `not` or a minus, take one of two values."""
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for i in range(len(node.values)):
            rest = _without(node.values, i)
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)


def _constant(node: ast.AST) -> Iterator[ast.AST]:
    """Count one more and one less, double a small number, turn True into False, empty a text."""
    value: Any = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        is_small = 0 < value < LEAST
        yield from map(ast.Constant, (2 * value, 0.0) if is_small else (value + 1, value - 1))
    elif isinstance(value, str) and value:
        yield ast.Constant("")


def _subscript(node: ast.AST) -> Iterator[ast.AST]:
    """Shift an index or an end of a slice by one, leave an end out, swap two axes."""
    if not isinstance(node, ast.Subscript):
        return
    parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    shifted = (
        _with(parts, i, other)
        for i, part in enumerate(parts)
        for other in (_slices(part) if isinstance(part, ast.Slice) else _neighbours(part))
    )
    for index in (*shifted, *(() if stands_alone(node.slice) else _swaps(parts))):
        yield ast.Subscript(node.value, index[0] if len(index) == 1 else ast.Tuple(index, ast.Load()), node.ctx)


def _slices(part: ast.Slice) -> Iterator[ast.expr]:
    lower, upper, step = part.lower, part.upper, part.step
    if lower:
        yield from (ast.Slice(other, upper, step) for other in (None, *_neighbours(lower)))
    if upper:
        yield from (ast.Slice(lower, other, step) for other in (None, *_neighbours(upper)))
    if step:
        yield ast.Slice(lower, upper)


def _neighbours(value: ast.expr) -> Iterator[ast.expr]:
    """Add one and take one away; of constants, `_constant` does."""
    if isinstance(value, ast.Name | ast.BinOp | ast.Call | ast.Attribute):
        yield from (ast.BinOp(value, operator, ast.Constant(1)) for operator in (ast.Add(), ast.Sub()))


def _tuple(node: ast.AST) -> Iterator[ast.AST]:
    """Swap two neighbours; those of an index are the business of `_subscript`."""
    if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and stands_alone(node):
        yield from (ast.Tuple(swapped, node.ctx) for swapped in _swaps(node.elts))


def stands_alone(node: ast.AST) -> bool:
    """Say whether an expression can be read without what is around it."""
    if isinstance(node, ast.Tuple):
        return not any(isinstance(part, ast.Slice) for part in node.elts)
    return isinstance(node, ast.expr) and not isinstance(node, ast.Slice | ast.Starred)


def _call(node: ast.AST) -> Iterator[ast.AST]:
    """Swap two arguments, leave out a named one, count a range differently, or do not call at all."""
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if isinstance(node.func, ast.Attribute) and not _is_of_a_library(node.func):
        yield node.func.value
    if node.args and stands_alone(node.args[0]) and name not in CASTS:
        yield node.args[0]
    for swapped in _swaps(node.args) if name not in SYMMETRIC else ():
        yield ast.Call(node.func, swapped, node.keywords)
    for i, keyword in enumerate(node.keywords):
        if keyword.arg not in (None, "strict"):
            yield ast.Call(node.func, node.args, _without(node.keywords, i))
    for i, argument in enumerate(node.args) if name == "range" else ():
        yield from (ast.Call(node.func, _with(node.args, i, other), []) for other in _neighbours(argument))


def _is_of_a_library(function: ast.expr) -> bool:
    """Say whether a function is looked up in a module, as np.add.at is."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Name) and function.id in LIBRARIES


def _name(node: ast.AST) -> Iterator[ast.AST]:
    """Take a function's twin, and leave out a transpose."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in TWINS:
        yield ast.Name(TWINS[node.id], node.ctx)
    elif isinstance(node, ast.Attribute) and node.attr in TWINS:
        yield ast.Attribute(node.value, TWINS[node.attr], node.ctx)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value


def _statement(node: ast.AST) -> Iterator[ast.AST]:
    """Leave a statement out, assign where one should add up, stop where one should go on."""
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=0)
        if type(node.op) in ARITHMETIC:
            yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
    elif isinstance(node, ast.Continue):
        yield ast.Break()
    if isinstance(node, DROPPED):
        yield ast.Pass()


def _swaps(items: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    for i, (one, other) in enumerate(pairwise(items)):
        if ast.dump(one) != ast.dump(other):
            yield [*items[:i], other, one, *items[i + 2 :]]


def _with(items: Sequence[Any], index: int, item: Any) -> list[Any]:
    return [*items[:index], item, *items[index + 1 :]]


def _without(items: Sequence[Any], index: int) -> list[Any]:
    return [*items[:index], *items[index + 1 :]]


OPERATORS: tuple[Operator, ...] = (
    _arithmetic,
    _comparison,
    _logic,
    _constant,
    _subscript,
    _tuple,
    _call,
    _name,
    _statement,
)
