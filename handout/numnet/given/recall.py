"""A question about the first symbol, asked at the last step: whoever cannot remember can but guess.

Letters: T time, N sequences, I = 7 inputs, one per symbol: four to remember, two that mean nothing, and the question.
Known exactly: a network without memory is right in 1 of 4 sequences, one that remembers in all of them.
"""

import numpy as np

KINDS, FILLERS = 4, 2
QUESTION = KINDS + FILLERS


def recall(rng: np.random.Generator, count: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw sequences: a symbol to remember, symbols that mean nothing, and at the last step the question.

    steps: T, at least 2
    returns: x (T, N, 7) float64, at each step a one and zeros; y (N,) int64 from 0 to 3, the first symbol
    """
    if steps < 2:
        raise ValueError(f"recall: {steps} steps; there is a symbol and a question, so at least 2")
    symbols = KINDS + rng.integers(FILLERS, size=(steps, count))
    symbols[0] = rng.integers(KINDS, size=count)
    symbols[-1] = QUESTION
    return np.eye(QUESTION + 1)[symbols], symbols[0].astype(np.int64)
