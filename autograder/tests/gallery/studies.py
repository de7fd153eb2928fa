"""Short trainings of the reference on tiny data, for pictures: enough to have something to look at, no more."""

from collections.abc import Callable
from functools import cached_property, partial
from types import SimpleNamespace
from typing import Any

import numpy as np

Drawing = Callable[..., Any]  # draws a picture when it is called, into an `ax` or a `figure` if it gets one
Arrays = dict[str, np.ndarray]


def one_hot(ids: np.ndarray, size: int) -> np.ndarray:
    """Write ids as rows of zeros with a one."""
    return np.eye(size)[ids]


class Later:
    """A module whose functions, when called, return themselves with their arguments, to be called once more."""

    def __init__(self, module: Any) -> None:
        """Keep the module."""
        self.module = module

    def __getattr__(self, name: str) -> Any:
        """Return a function of the module, to be called twice."""
        return partial(partial, getattr(self.module, name))


class Studies:
    """What was trained once and is shown in several pictures.

    numnet: the reference's modules, by name
    """

    def __init__(self, numnet: SimpleNamespace) -> None:
        """Keep the modules."""
        self.n = numnet

    @property
    def plots(self) -> Any:
        """The functions that draw; a call of one does not draw yet, but returns what does."""
        return Later(self.n.plots)

    def rng(self) -> np.random.Generator:
        """Return the same random numbers for every picture."""
        return np.random.default_rng(5)

    @cached_property
    def glyphs(self) -> tuple[np.ndarray, np.ndarray]:
        """Noisy 8 x 8 images of four shapes, (160, 1, 8, 8), and which shape each one is."""
        shapes = np.zeros((4, 8, 8))
        shapes[0, :, 3:5] = shapes[1, 3:5] = shapes[2][np.eye(8) > 0] = shapes[3, 1:7, 1:7] = 1.0
        shapes[3, 2:6, 2:6] = 0.0
        labels = np.arange(160) % 4
        return (shapes[labels] + self.rng().normal(scale=0.45, size=(160, 8, 8)))[:, np.newaxis], labels

    def see(self, params: Arrays, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, tuple[Any, ...]]:
        """Run convolution, ReLU, pooling and a linear layer: maps, logits and caches."""
        y, conv = self.n.conv.conv2d_forward(x, params["conv.weight"], params["conv.bias"], padding=1)
        maps, relu = self.n.linear.relu_forward(y)
        pooled, pool = self.n.pool.max_pool2d_forward(maps, 2)
        logits, fc = self.n.linear.linear_forward(pooled.reshape(len(x), -1), params["fc.weight"], params["fc.bias"])
        return maps, logits, (conv, relu, pool, fc, pooled.shape)

    def seeing_loss(self, params: Arrays, x: np.ndarray, labels: np.ndarray) -> tuple[float, Arrays]:
        """Return the loss of `see`, and its gradients."""
        _, logits, (conv, relu, pool, fc, shape) = self.see(params, x)
        loss, dlogits = self.n.linear.softmax_cross_entropy(logits, labels)
        top = self.n.linear.linear_backward(dlogits, fc)
        dmaps = self.n.pool.max_pool2d_backward(top.dx.reshape(shape), pool)
        bottom = self.n.conv.conv2d_backward(self.n.linear.relu_backward(dmaps, relu), conv)
        names = ("conv.weight", "conv.bias", "fc.weight", "fc.bias")
        return loss, dict(zip(names, (bottom.dweight, bottom.dbias, top.dW, top.db), strict=True))

    @property
    def unseeing(self) -> Arrays:
        """The weights of a small network that has not learnt anything."""
        rng = self.rng()
        return {"conv.weight": rng.normal(size=(6, 1, 3, 3)) / 3, "conv.bias": np.zeros(6),
                  "fc.weight": rng.normal(size=(4, 96)) / 20, "fc.bias": np.zeros(4)}  # fmt: skip

    @cached_property
    def seeing(self) -> Any:
        """The history of the small network that learnt the shapes."""
        return self.n.sgd.fit(self.seeing_loss, self.unseeing, self.glyphs, self.rng(), 6, 32, 0.1, 0.9)

    def network(self, inputs: int, hidden: int, outputs: int, forget: float | None = None) -> Arrays:
        """Return the weights of an Elman network, or of an LSTM with this forget bias, with a readout."""
        rng, rows = self.rng(), hidden if forget is None else 4 * hidden
        params = {
            "W_xh": rng.normal(size=(rows, inputs)) / 2,
            "W_hh": rng.normal(size=(rows, hidden)) / 4,
            "b_h": np.zeros(rows),
            "W_hy": rng.normal(size=(outputs, hidden)) / 4,
            "b_y": np.zeros(outputs),
        }
        if forget is not None:
            params["b_h"][hidden : 2 * hidden] = forget
            params["w_peep"] = np.zeros((3, hidden))
        return params

    def read(self, params: Arrays, x: np.ndarray) -> tuple[np.ndarray, Any]:
        """Run the network over x (T, N, I): states and cache."""
        zeros, caches = np.zeros((x.shape[1], params["W_hh"].shape[1])), self.n.caches
        weights = [params[name] for name in ("W_xh", "W_hh", "b_h")]
        if "w_peep" in params:
            h, _, _, cache = self.n.lstm.lstm_forward(x, zeros, zeros, caches.LSTMParams(*weights, params["w_peep"]))
        else:
            h, _, cache = self.n.rnn.elman_forward(x, zeros, caches.ElmanParams(*weights))
        return h, cache

    def back(self, dh: np.ndarray, cache: Any) -> Any:
        """Run the network's backward pass."""
        of_lstm = type(cache).__name__ == "LSTMCache"
        return (self.n.lstm.lstm_backward if of_lstm else self.n.rnn.elman_backward)(dh, cache)

    def reading_loss(self, params: Arrays, x: np.ndarray, y: np.ndarray, mask: np.ndarray) -> tuple[float, Arrays]:
        """Return the loss of reading x (N, T, I) and saying y (N, T) where mask is True, and its gradients."""
        h, cache = self.read(params, x.swapaxes(0, 1))
        logits, top = self.n.linear.linear_forward(h, params["W_hy"], params["b_y"])
        loss, dlogits = self.n.linear.softmax_cross_entropy(logits, y.T, mask.T)
        out = self.n.linear.linear_backward(dlogits, top)
        grads = self.back(out.dx, cache)
        return loss, {"W_hy": out.dW, "b_y": out.db} | {
            name: getattr(grads, f"d{name}") for name in params if name not in ("W_hy", "b_y")
        }

    def said(self, params: Arrays, x: np.ndarray) -> np.ndarray:
        """Return the likeliest output (N, T) for x (N, T, I)."""
        h, _ = self.read(params, x.swapaxes(0, 1))
        logits, _ = self.n.linear.linear_forward(h, params["W_hy"], params["b_y"])
        return logits.argmax(axis=2).T

    @cached_property
    def text(self) -> str:
        """The lecture's cows, as one line of letters."""
        return " ".join(" ".join(sentence) + "." for sentence in self.n.data.cows())

    @cached_property
    def letters(self) -> list[str]:
        """The alphabet of the text."""
        return sorted(set(self.text))

    def ids(self, text: str) -> np.ndarray:
        """Return the numbers of letters."""
        return np.array([self.letters.index(letter) for letter in text])

    @cached_property
    def writers(self) -> list[Any]:
        """Histories of a letter model after 1, 2, 4, 8 and 16 epochs on the text."""
        ids, size = self.ids(self.text), len(self.letters)
        rows = ids[: (len(ids) - 1) // 16 * 16 + 1]
        x, y = one_hot(rows[:-1].reshape(-1, 16), size), rows[1:].reshape(-1, 16)
        data, rng, histories = (x, y, np.ones(y.shape, dtype=bool)), self.rng(), []
        params = self.network(size, 16, size)
        for epochs in (1, 1, 2, 4, 8):
            histories.append(self.n.sgd.fit(self.reading_loss, params, data, rng, epochs, 4, 0.3, 0.9))
            params = histories[-1].params
        return histories

    def next_letter(self, params: Arrays, text: str, temperature: float = 1.0) -> np.ndarray:
        """Return the probabilities of what follows a text."""
        h, _ = self.read(params, one_hot(self.ids(text), len(self.letters))[:, np.newaxis])
        logits = (h[-1, 0] @ params["W_hy"].T + params["b_y"]) / temperature
        weights = np.exp(logits - logits.max())
        return weights / weights.sum()

    def written(self, params: Arrays, temperature: float = 1.0, length: int = 60) -> str:
        """Return what a letter model makes up."""
        rng, text = self.rng(), "c"
        while len(text) < length:
            text += str(rng.choice(self.letters, p=self.next_letter(params, text[-20:], temperature)))
        return text

    @cached_property
    def spelt(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Numbers of three digits as three words each: one-hot (N, 3, 10), which digits to say at the end, a mask."""
        numbers = self.rng().permutation(1000)[:200]
        digits = np.stack([numbers // 100, numbers // 10 % 10, numbers % 10], axis=1)
        last = np.zeros((200, 3), dtype=bool)
        last[:, -1] = True
        return one_hot(digits, 10), np.repeat(digits[:, :1], 3, axis=1), last

    def spelling(self, pairs: int, *, reverse: bool = False, seed: int = 0) -> tuple[Arrays, float, float]:
        """Train an encoder on some pairs to know the first digit at the end: weights, accuracy there and elsewhere."""
        x, y, mask = self.spelt
        x = x[:, ::-1] if reverse else x
        data = (x[:pairs], y[:pairs], mask[:pairs])
        rng = np.random.default_rng(seed)
        params = self.n.sgd.fit(self.reading_loss, self.network(10, 12, 10), data, rng, 40, 16, 0.2, 0.9).params
        right = (self.said(params, x) == y)[:, -1]
        return params, float(right[:pairs].mean()), float(right[pairs:].mean())

    def recall(self, steps: int, forget: float | None, epochs: int = 8) -> tuple[Arrays, float, np.ndarray]:
        """Train a network to say its first symbol after some steps: weights, accuracy, and what it read."""
        rng = self.rng()
        symbols = rng.integers(0, 4, size=(64, steps))
        x = one_hot(np.where(np.arange(steps) == 0, symbols, 4 + symbols % 2), 6)
        y, mask = np.repeat(symbols[:, :1], steps, axis=1), np.arange(steps) == np.full((64, 1), steps - 1)
        history = self.n.sgd.fit(
            self.reading_loss, self.network(6, 8, 4, forget), (x, y, mask), rng, epochs, 8, 0.3, 0.9
        )
        right = self.said(history.params, x)[:, -1] == symbols[:, 0]
        return history.params, float(right.mean()), x
