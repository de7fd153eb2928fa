"""Ten functions of arrays, written with loops, as students write them."""

import numpy as np


def moving_average(x: np.ndarray, width: int) -> np.ndarray:
    """Return the mean of every window of x."""
    return np.array([x[i : i + width].mean() for i in range(len(x) - width + 1)])


def smooth(x: np.ndarray, rate: float) -> np.ndarray:
    """Return the exponential average of x up to each of its entries."""
    y = x.copy()
    for t in range(1, len(x)):
        y[t] = (1 - rate) * y[t - 1] + rate * x[t]
    return y


def correlate(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Return the inner product of the kernel with every window of x."""
    return np.array([np.dot(x[i : i + len(kernel)], kernel) for i in range(len(x) - len(kernel) + 1)])


def multiply(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the matrix product, entry by entry."""
    return np.array([[np.dot(row, column) for column in b.T] for row in a])


def distances(x: np.ndarray) -> np.ndarray:
    """Return the distance of every two rows of x."""
    return np.array([[np.sqrt(((a - b) ** 2).sum()) for b in x] for a in x])


def solve_lower(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Solve a y = b for a lower triangular a."""
    y = np.zeros_like(b)
    for i in range(len(b)):
        y[i] = (b[i] - np.dot(a[i, :i], y[:i])) / a[i, i]
    return y


def max_pool(image: np.ndarray, size: int) -> np.ndarray:
    """Return the largest pixel of every size x size tile."""
    height, width = image.shape[0] // size, image.shape[1] // size
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            y[i, j] = image[i * size : (i + 1) * size, j * size : (j + 1) * size].max()
    return y


def softmax(x: np.ndarray) -> np.ndarray:
    """Return exp(x), normalised row by row."""
    rows = [np.exp(row - row.max()) for row in x]
    return np.array([row / row.sum() for row in rows])


def elman(x: np.ndarray, W: np.ndarray, U: np.ndarray) -> np.ndarray:
    """Return the states of an Elman network that starts from zero; x: (T, I), W: (H, I), U: (H, H)."""
    states = [np.zeros(len(U))]
    for x_t in x:
        states.append(np.tanh(W @ x_t + U @ states[-1]))
    return np.array(states[1:])


def count_neighbours(board: np.ndarray) -> np.ndarray:
    """Return how many of the eight cells around each are set, on a board without an edge."""
    count = np.zeros_like(board)
    height, width = board.shape
    for i in range(height):
        for j in range(width):
            rows, columns = [i - 1, i, (i + 1) % height], [j - 1, j, (j + 1) % width]
            count[i, j] = sum(board[r, c] for r in rows for c in columns) - board[i, j]
    return count
