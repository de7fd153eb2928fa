"""The numbers of the written questions: everybody has their own, drawn from the name under which they hand in.

    own = numbers("ada01")
    own["W1a"]                         what the question is about, such as {"height": 22, "width": 17, ...}
    check_form(own, "W1a", (10, 8))    whether an answer can be read; whether it is right, only the grader knows

An answer is a literal: numbers, texts, and lists, tuples or dicts of them. It is read and never run, so that
`size = (2 * 5, 8)` is no answer, and `size = (10, 8)` is one.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Question = dict[str, Any]  # its numbers by name

TASKS = (  # which direction each needs, is the question
    "captions of a live broadcast",
    "the next word while somebody types",
    "a stop word that a telephone listens for",
    "names in letters of the archive",
    "phonemes of a recording",
    "parts of speech of a printed book",
)
NAMES = ("Ada", "Alan", "Grace", "Kurt", "Emmy", "Sofia")
SURNAMES = ("Lovelace", "Turing", "Hopper")
VERBS = ("met", "saw", "taught", "thanked")


def numbers(student: str) -> dict[str, Question]:
    """Return the numbers of every question; the same name has the same ones on every machine."""
    return {question: draw(Random(f"{student.strip().lower()} {question}")) for question, draw in _DRAWN.items()}


def check_form(own: dict[str, Question], question: str, answer: Any) -> str:
    """Say that an answer can be read, or raise ValueError that says what form it has to have."""
    if wrong := misfit(form(question, own[question]), answer):
        raise ValueError(f"{question}: {wrong}")
    return f"{question}: the form is right"


def form(question: str, own: Question) -> Any:
    """Return an answer of the right form, whose numbers and texts mean nothing."""
    fixed: dict[str, Any] = {
        "W1a": (1, 1), "W1b": (1, 1), "W1c": [[1, 1]] * 2, "W2a": [[1.0] * 3] * 3, "W3a": [[1.0] * 5] * 3,
        "W3b": [1.0] * 5, "W3c": (1, 1), "W4a": (1, 1), "W4c": 1, "W5c": 1.0, "W6b": 1.0, "W6c": [1.0] * 3,
    }  # fmt: skip
    if question == "W4b":
        return ([1] * own["t"], [1] * (own["T"] - own["t"] + 1))
    if question == "W5a":
        return dict.fromkeys(own["tasks"], "text")
    if question == "W5b":
        return ["text"] * len(own["sentence"])
    if question == "W6a":
        return (["text"] * (len(own["sentence"]) + 1),) * 2
    return fixed[question]


def misfit(expected: Any, answer: Any, where: str = "the answer") -> str:
    """Say in what an answer has another form than the expected one, or "" if it has the same."""
    if isinstance(expected, dict):
        if not isinstance(answer, dict) or answer.keys() != expected.keys():
            return f"{where} has to be a dict with the keys {', '.join(map(repr, expected))}"
        pairs = [(expected[key], answer[key], f"{where}[{key!r}]") for key in expected]
    elif isinstance(expected, list | tuple):
        if not isinstance(answer, list | tuple) or len(answer) != len(expected):
            return f"{where} has to be a list or tuple of length {len(expected)}"
        pairs = [(expected[i], answer[i], f"{where}[{i}]") for i in range(len(expected))]
    else:
        return _misfit_of_one(expected, answer, where)
    return next((wrong for pair in pairs if (wrong := misfit(*pair))), "")


def _misfit_of_one(expected: Any, answer: Any, where: str) -> str:
    kinds: dict[type, tuple[str, tuple[type, ...]]] = {
        int: ("an integer", (int,)), float: ("a number", (int, float)), str: ("a text", (str,)),
    }  # fmt: skip
    name, allowed = kinds[type(expected)]
    fits = isinstance(answer, allowed) and not isinstance(answer, bool)
    return "" if fits else f"{where} has to be {name}"


def _integers(random: Random, low: int, high: int, count: int) -> list[int]:
    return [random.randint(low, high) for _ in range(count)]


def _size(random: Random) -> Question:
    height, width, kernel, stride, padding = (
        random.randint(*span) for span in ((17, 33),) * 2 + ((3, 5), (2, 3), (0, 2))
    )
    return {"height": height, "width": width, "kernel": kernel, "stride": stride, "padding": padding}


def _sharing(random: Random) -> Question:
    kernel, stride = random.randint(3, 5), random.randint(2, 3)
    return {"side": kernel + stride * random.randint(6, 11), "kernel": kernel, "stride": stride}


def _trace(random: Random) -> Question:
    picture = [_integers(random, 0, 5, 5) for _ in range(5)]
    return {"picture": picture, "kernel": [random.choices((-2, -1, 1, 2), k=2) for _ in range(2)]}


def _edge(random: Random) -> Question:
    return {"bright_side": random.choice(("left", "right"))}


def _matrix(random: Random) -> Question:
    return {"w": random.sample([-3, -2, -1, 1, 2, 3, 4], 3), "n": 5}


def _back(random: Random) -> Question:
    return _matrix(random) | {"dy": random.sample([-2, -1, 1, 2, 3], 3)}


def _tie(random: Random) -> Question:
    window, largest = [_integers(random, 0, 5, 3) for _ in range(3)], random.randint(6, 9)
    for place in random.sample(range(9), 3):
        window[place // 3][place % 3] = largest
    return {"window": window}


def _counts(random: Random) -> Question:
    inputs, hidden, outputs = random.randint(5, 40), random.randint(8, 64), random.randint(2, 9)
    return {"I": inputs, "H": hidden, "K": outputs, "T": (random.randint(2, 9), random.randint(50, 90))}


def _felt(random: Random) -> Question:
    return {"T": random.randint(6, 8), "t": random.randint(2, 5)}


def _through_time(random: Random) -> Question:
    return {"w": random.randint(2, 4), "h_0": random.randint(1, 3), "x": _integers(random, 1, 4, 3)}


def _tasks(random: Random) -> Question:
    return {"tasks": random.sample(TASKS, 4)}


def _spans(random: Random) -> Question:
    sentence, persons = list(random.choice(((), ("Then",), ("Last", "year")))), []
    for number, name in enumerate(random.sample(NAMES, 3)):
        start = len(sentence)
        sentence += [name, random.choice(SURNAMES)] if random.random() < 0.5 else [name]
        persons.append((start, len(sentence)))
        if number == 0:
            sentence.append(random.choice(VERBS))
    return {"sentence": sentence, "persons": persons}


def _bound(random: Random) -> Question:
    return {
        "slope": random.choice((0.5, 0.6, 0.7, 0.8)),
        "norm": random.choice((0.8, 0.9, 1.1)),
        "steps": random.randint(5, 12),
    }


def _sentence(random: Random) -> Question:
    return {"sentence": [random.choice(NAMES), random.choice(VERBS), random.choice(NAMES)]}


def _surprise(random: Random) -> Question:
    return {"probabilities": [random.choice((0.5, 0.25, 0.2, 0.1, 0.05)) for _ in range(random.randint(3, 5))]}


def _logits(random: Random) -> Question:
    return {"logits": random.sample([-1.0, 0.0, 1.0, 2.0, 3.0], 3), "temperature": random.choice((0.5, 2.0))}


_DRAWN: dict[str, Callable[[Random], Question]] = {
    "W1a": _size, "W1b": _sharing, "W1c": _trace, "W2a": _edge, "W3a": _matrix, "W3b": _back, "W3c": _tie,
    "W4a": _counts, "W4b": _felt, "W4c": _through_time, "W5a": _tasks, "W5b": _spans, "W5c": _bound,
    "W6a": _sentence, "W6b": _surprise, "W6c": _logits,
}  # fmt: skip
QUESTIONS: Sequence[str] = tuple(_DRAWN)
