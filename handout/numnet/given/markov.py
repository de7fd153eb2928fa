"""A chain with a memory of two symbols, and how much of the next symbol nobody can foretell.

Letters: V symbols; a, b the two symbols before, c the next one; p(c | a b) a table of (V, V, V).
The three entropies are exact up to rounding: p(a b), how often a pair occurs in the long run, solves linear equations,
and the rest are sums over the table. A language model that sees 0, 1 or 2 symbols cannot have a smaller loss.
"""

from bisect import bisect_right

import numpy as np

SIZE = 8
CONCENTRATION = 0.3  # of the Dirichlet distribution: most rows of the table have two or three likely symbols


def markov2_table() -> np.ndarray:
    """Return the table of the data set markov2: p(c | a b), always the same."""
    return np.random.default_rng(1).dirichlet(np.full(SIZE, CONCENTRATION), size=(SIZE, SIZE))


def markov2(rng: np.random.Generator, length: int, table: np.ndarray | None = None) -> np.ndarray:
    """Draw a text of so many symbols; its first two are drawn as pairs occur in the long run.

    table: (V, V, V), that of markov2 if None
    returns: (length,) int64 from 0 to V - 1
    """
    table = markov2_table() if table is None else table
    size, cumulative = len(table), table.cumsum(axis=2)[:, :, :-1].tolist()
    a, b = divmod(int(rng.choice(size * size, p=pair_probabilities(table).ravel())), size)
    symbols = [a, b]
    for u in rng.random(max(length - 2, 0)).tolist():
        a, b = b, bisect_right(cumulative[a][b], u)
        symbols.append(b)
    return np.array(symbols[:length], dtype=np.int64)


def pair_probabilities(table: np.ndarray) -> np.ndarray:
    """Return p(a b), (V, V), how often each pair occurs in the long run.

    p(b c) = Σ_a p(a b) p(c | a b),  Σ_ab p(a b) = 1
    """
    size = len(table)
    step = np.zeros((size, size, size, size))  # [b, c, a, b]: from the pair a b to the pair b c
    for b in range(size):
        step[b, :, :, b] = table[:, b].T
    equations = step.reshape(size**2, size**2) - np.eye(size**2)
    equations[0] = 1  # one of them follows from the others; in its place, the sum
    return np.linalg.solve(equations, np.eye(size**2)[0]).reshape(size, size)


def markov2_entropies(table: np.ndarray | None = None) -> tuple[float, float, float]:
    """Return the entropy of a symbol in nats: after nothing, after one symbol, after two.

    H(c) = -Σ_c p(c) log p(c),  H(c | b) = H(b c) - H(b),  H(c | a b) = -Σ_ab p(a b) Σ_c p(c | a b) log p(c | a b)

    >>> [round(h, 4) for h in markov2_entropies()]
    [2.0582, 1.9255, 1.2017]
    """
    table = markov2_table() if table is None else table
    pairs = pair_probabilities(table)
    alone = _entropy(pairs.sum(axis=0))
    return alone, _entropy(pairs) - alone, _entropy(pairs[:, :, np.newaxis] * table) - _entropy(pairs)


def _entropy(p: np.ndarray) -> float:
    return float(-(p[p > 0] * np.log(p[p > 0])).sum())
