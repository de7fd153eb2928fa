"""The answers to the written questions: found from each student's own numbers, which the handout draws."""

import importlib.util
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.notebooks.literal import NoLiteral, read_literal

TOLERANCE = 0.01  # relative, and absolute near 0: two digits that were rounded in the head

NAMES = {  # the variable that a question's cell assigns
    "W1a": "size", "W1b": "parameters", "W1c": "pooled", "W2a": "kernel", "W3a": "A", "W3b": "dx", "W3c": "place",
    "W4a": "counts", "W4b": "inputs", "W4c": "dw", "W5a": "models", "W5b": "tags", "W5c": "bound", "W6a": "shifted",
    "W6b": "perplexity", "W6c": "shares",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right, and a sentence for the student, which never holds the right one."""

    right: bool
    message: str


def load_questions(solution: Path) -> ModuleType:
    """Return the module of the handout that draws the numbers."""
    spec = importlib.util.spec_from_file_location("written", solution / "numnet" / "given" / "written.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judge(questions: ModuleType, question: str, student: str, source: str) -> Verdict:
    """Hold the literal in a cell against the answer to a student's question."""
    own = questions.numbers(student)[question]
    try:
        answer = read_literal(source, NAMES[question])
    except NoLiteral as reason:
        return Verdict(False, f"{question}: {reason}")
    if answer is None:
        return Verdict(False, f"{question}: no answer")
    if wrong := questions.misfit(questions.form(question, own), answer):
        return Verdict(False, f"{question}: {wrong}")
    right = _fires(answer, own) if question == "W2a" else _agrees(KEY[question](own), answer)
    return Verdict(right, f"{question}: right" if right else f"{question}: not right, for the numbers of {student!a}")


def _agrees(expected: Any, answer: Any) -> bool:
    """Compare two values of one form."""
    if isinstance(expected, dict):
        return all(_agrees(expected[key], answer[key]) for key in expected)
    if isinstance(expected, list | tuple):
        return all(_agrees(*pair) for pair in zip(expected, answer, strict=True))
    if isinstance(expected, float):
        return _number(answer) and math.isclose(expected, answer, rel_tol=TOLERANCE, abs_tol=TOLERANCE / 10)
    return bool(expected == answer)


def _number(value: Any) -> bool:
    """Say whether a number can be a float: an integer may be too large, and a literal 1e999 is infinite."""
    return abs(value) < 1e300


def _fires(kernel: Any, own: Mapping[str, Any]) -> bool:
    """Say whether a kernel answers an upright edge with something positive, and flat places and level edges with 0."""
    if not all(_number(value) for row in kernel for value in row):
        return False
    columns = [sum(row[i] for row in kernel) for i in range(3)]
    rows = [sum(row) for row in kernel]
    edges = (
        (columns[0], columns[0] + columns[1]) if own["bright_side"] == "left" else (columns[2], columns[1] + columns[2])
    )
    still = max(map(abs, (sum(rows), rows[0], rows[0] + rows[1])))
    return still < 1e-9 and min(edges) >= 0 and max(edges) > 1e-9


def _size(own: Mapping[str, Any]) -> Any:
    around = 2 * own["padding"] - own["kernel"]
    return tuple((own[side] + around) // own["stride"] + 1 for side in ("height", "width"))


def _sharing(own: Mapping[str, Any]) -> Any:
    places = ((own["side"] - own["kernel"]) // own["stride"] + 1) ** 2
    return own["kernel"] ** 2, places * own["kernel"] ** 2


def _trace(own: Mapping[str, Any]) -> Any:
    picture, kernel = own["picture"], own["kernel"]

    def answer(i: int, j: int) -> int:
        return max(0, sum(kernel[a][b] * picture[i + a][j + b] for a in (0, 1) for b in (0, 1)))

    return [[max(answer(i + a, j + b) for a in (0, 1) for b in (0, 1)) for j in (0, 2)] for i in (0, 2)]


def _matrix(own: Mapping[str, Any]) -> Any:
    rows = range(own["n"] - len(own["w"]) + 1)
    return [
        [0.0] * row + [float(value) for value in own["w"]] + [0.0] * (own["n"] - row - len(own["w"])) for row in rows
    ]


def _back(own: Mapping[str, Any]) -> Any:
    return [sum(dy * row[i] for dy, row in zip(own["dy"], _matrix(own), strict=True)) for i in range(own["n"])]


def _tie(own: Mapping[str, Any]) -> Any:
    flat = [value for row in own["window"] for value in row]
    return divmod(flat.index(max(flat)), 3)


def _counts(own: Mapping[str, Any]) -> Any:
    return (own["H"] * (own["I"] + own["H"] + 1) + own["K"] * (own["H"] + 1),) * 2


def _through_time(own: Mapping[str, Any]) -> Any:
    h, slope = own["h_0"], 0
    for x in own["x"]:
        h, slope = own["w"] * h + x, h + own["w"] * slope
    return slope


def _tags(own: Mapping[str, Any]) -> Any:
    tags = ["O"] * len(own["sentence"])
    for start, end in own["persons"]:
        tags[start:end] = ["B-PER", *["I-PER"] * (end - start - 1)]
    return tags


def _perplexity(own: Mapping[str, Any]) -> Any:
    return math.prod(own["probabilities"]) ** (-1 / len(own["probabilities"]))


def _shares(own: Mapping[str, Any]) -> Any:
    weights = [math.exp(logit / own["temperature"]) for logit in own["logits"]]
    return [weight / sum(weights) for weight in weights]


def _models(own: Mapping[str, Any]) -> Any:
    at_once = ("captions", "the next word", "a stop word")
    return {task: "one direction" if task.startswith(at_once) else "both directions" for task in own["tasks"]}


KEY: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "W1a": _size, "W1b": _sharing, "W1c": _trace, "W2a": lambda own: _edge(own), "W3a": _matrix, "W3b": _back,
    "W3c": _tie, "W4a": _counts, "W4b": lambda own: ([*range(1, own["t"] + 1)], [*range(own["t"], own["T"] + 1)]),
    "W4c": _through_time, "W5a": _models, "W5b": _tags, "W5c": lambda own: (own["slope"] * own["norm"]) ** own["steps"],
    "W6a": lambda own: (["<s>", *own["sentence"]], [*own["sentence"], "</s>"]), "W6b": _perplexity, "W6c": _shares,
}  # fmt: skip


def _edge(own: Mapping[str, Any]) -> Any:
    row = [1.0, 0.0, -1.0]
    return [row if own["bright_side"] == "left" else row[::-1]] * 3
