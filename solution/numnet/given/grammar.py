"""Grammars with probabilities, read from a text, in which everything can be computed exactly.

    sentence = 3 animal "sleep" | 1 "in" season animal "eat" food     # alternatives, each with a weight; 1 if none
    animal   ~ cows sheep                                             # words; the k-th has the weight 1 / k

A text in quotes is a word, "\\n" a new line, anything else the name of a rule. An indented line goes on with the one
above. The first rule is where a sentence begins. Every alternative begins with other words than its neighbours (`read`
refuses a grammar that does not), so the next word tells which one is meant: there is one way to read a sentence, its
probability is a product, and the surprise in a sentence is that of the rules that were drawn.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

_LINE = re.compile(r"(\w+)\s*([=~])\s*(\S.*)")
_SYMBOL = re.compile(r'"([^"]*)"|([^\W\d]\w*)|(\d+(?:\.\d+)?)|(\S)')


class Word(str):
    """A symbol that stands for itself; any other symbol of a grammar is the name of a rule."""


class Rule(NamedTuple):
    """The alternatives of one name: their symbols, and the probabilities, which add up to 1."""

    alternatives: tuple[tuple[str, ...], ...]
    probabilities: tuple[float, ...]


class Grammar:
    """Rules by name. The first name is where a sentence begins.

    Raises ValueError if a sentence could be read in two ways, or be without end.
    """

    def __init__(self, rules: dict[str, Rule]) -> None:
        """Keep the rules, and for each the alternative that a word tells."""
        self.rules = rules
        self.start = next(iter(rules))
        self._cumulative = {name: list(accumulate(rule.probabilities)) for name, rule in rules.items()}
        self._chosen = {name: self._first_words(name) for name in rules}
        self._names = {name: i for i, name in enumerate(rules)}
        self._expansion = self._expected_names()
        if max(abs(np.linalg.eigvals(self._expansion))) >= 1:
            raise ValueError("a rule that leads to itself as often as not: its sentences have no mean length")

    def vocabulary(self) -> list[str]:
        """Return every word, sorted."""
        return sorted({str(s) for rule in self.rules.values() for a in rule.alternatives for s in a if _is_word(s)})

    def sample(self, rng: np.random.Generator, start: str = "") -> list[str]:
        """Draw a sentence, a list of words, from the first rule or another."""
        words: list[str] = []
        stack: list[str] = [start or self.start]
        while stack:
            symbol = stack.pop()
            if _is_word(symbol):
                words.append(str(symbol))
                continue
            rule = self.rules[symbol]
            i = bisect_right(self._cumulative[symbol], rng.random())
            stack.extend(reversed(rule.alternatives[min(i, len(rule.alternatives) - 1)]))
        return words

    def logprob(self, words: Sequence[str], start: str = "") -> float:
        """Return the log probability of a sentence; -inf if the grammar does not make it."""
        total, stack = 0.0, [start or self.start]
        for word in words:
            while stack and not _is_word(stack[-1]):
                name = stack.pop()
                i = self._chosen[name].get(word)
                if i is None:
                    return -np.inf
                total += float(np.log(self.rules[name].probabilities[i]))
                stack.extend(reversed(self.rules[name].alternatives[i]))
            if not stack or stack.pop() != word:
                return -np.inf
        return -np.inf if stack else total

    def entropy(self, start: str = "") -> float:
        """Return the expected -log probability of a sentence in nats: H(A) = Σ p (-log p + H of the names in it)."""
        surprise = [-sum(p * np.log(p) for p in rule.probabilities) for rule in self.rules.values()]
        return self._total(np.array(surprise), start)

    def expected(self, cost: Callable[[str], float], start: str = "") -> float:
        """Return the expected sum of what the words of a sentence cost; `lambda word: 1` counts them."""
        costs = [
            sum(p * sum(cost(s) for s in a if _is_word(s)) for a, p in zip(*rule, strict=True))
            for rule in self.rules.values()
        ]
        return self._total(np.array(costs), start)

    def _total(self, own: np.ndarray, start: str) -> float:
        """Solve t(A) = own(A) + Σ_B (expected number of B in A) t(B), for the start."""
        totals = np.linalg.solve(np.eye(len(own)) - self._expansion, own)
        return float(totals[self._names[start or self.start]])

    def _expected_names(self) -> np.ndarray:
        expansion = np.zeros((len(self.rules), len(self.rules)))
        for name, rule in self.rules.items():
            for alternative, p in zip(*rule, strict=True):
                for symbol in alternative:
                    if not _is_word(symbol):
                        expansion[self._names[name], self._names[symbol]] += p
        return expansion

    def _first_words(self, name: str, above: tuple[str, ...] = ()) -> dict[str, int]:
        """Return which alternative each first word tells; refuse one word that two alternatives begin with."""
        if name in above:
            raise ValueError(f"rule {name}: begins with itself, so no word tells which alternative is meant")
        chosen: dict[str, int] = {}
        for i, (symbol, *_) in enumerate(self.rules[name].alternatives):
            for word in [str(symbol)] if _is_word(symbol) else self._first_words(symbol, (*above, name)):
                if word in chosen:
                    raise ValueError(f"rule {name}: two alternatives begin with {word!r}")
                chosen[word] = i
        return chosen


def read(text: str) -> Grammar:
    """Read a grammar from its text; ValueError says which rule is wrong."""
    rules: dict[str, Rule] = {}
    for line in _joined(text):
        match = _LINE.fullmatch(line)
        if match is None or match[1] in rules:
            raise ValueError(f"{line[:40]!r}: expected a new name, = or ~, and what it stands for")
        name, sign, right = match.groups()
        rules[name] = _read_words(right) if sign == "~" else _read_alternatives(name, right)
    for name, rule in rules.items():
        for symbol in (symbol for alternative in rule.alternatives for symbol in alternative):
            if not _is_word(symbol) and symbol not in rules:
                raise ValueError(f"rule {name}: there is no rule {symbol}; a word stands in quotes")
    if not rules:
        raise ValueError("a grammar without a rule")
    return Grammar(rules)


def _is_word(symbol: str) -> bool:
    return isinstance(symbol, Word)


def _joined(text: str) -> Iterator[str]:
    """Yield the rules, each in one line, without comments."""
    lines = [line.partition("#")[0].rstrip() for line in text.splitlines()]
    whole = "\n".join(line for line in lines if line)
    return (line for line in re.sub(r"\n\s+", " ", whole).split("\n") if line)


def _read_words(right: str) -> Rule:
    words = right.split()
    return _weighed([(Word(word),) for word in words], [1 / (k + 1) for k in range(len(words))])


def _read_alternatives(name: str, right: str) -> Rule:
    alternatives: list[list[str]] = [[]]
    weights = [1.0]
    for word, other, number, sign in _SYMBOL.findall(right):
        if sign == "|":
            alternatives.append([])
            weights.append(1.0)
        elif number and not alternatives[-1]:
            weights[-1] = float(number)
        elif sign or number:
            raise ValueError(f"rule {name}: {sign or number!r} does not belong there")
        else:
            alternatives[-1].append(other or Word(word.replace("\\n", "\n")))
    if not all(alternatives) or min(weights) <= 0:
        raise ValueError(f"rule {name}: an alternative has at least one word or name, and a weight above 0")
    return _weighed([tuple(alternative) for alternative in alternatives], weights)


def _weighed(alternatives: list[tuple[str, ...]], weights: list[float]) -> Rule:
    return Rule(tuple(alternatives), tuple(weight / sum(weights) for weight in weights))
