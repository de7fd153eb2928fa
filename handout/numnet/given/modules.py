"""Your functions as modules, with the names of torch: the same weights give the same numbers here and there.

    net = Sequential(Conv2d(1, 8, 3, padding=1, rng=rng), ReLU(), MaxPool2d(2), Flatten(), Linear(128, 10, rng=rng))
    criterion = CrossEntropyLoss()

    loss = criterion(net(x), y)
    net.zero_grad()
    net.backward(criterion.backward())
    weights, velocity = sgd_step(net.parameters(), net.grads, lr)
    net.assign(weights)

A module is a shell: it keeps weights, the cache of its last call and the sum of its gradients, and calls your functions
for everything else. Its constructor takes what torch's takes, and an rng. `state_dict()` speaks torch's names, so that

    torch_net.load_state_dict({name: torch.from_numpy(array) for name, array in net.state_dict().items()})
    net.load_state_dict(torch_net.state_dict())

carry the weights there and back. Where torch is not the lecture: torch's cells have two biases, so b_h becomes bias_ih,
bias_hh gets 0, and on the way back they are added; and torch's LSTM has no peepholes. Ours are `weight_peep_l0` and so
on (give torch `strict=False`); they begin at 0, and a state without any sets them to 0, which makes the two the same.

Letters: N examples, C channels, H x W pixels, F filters; for sequences T time, I input, H hidden, D directions (1 or
2), L layers. Sequences are (T, N, I), as torch's.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from numnet import conv, embedding, linear, lstm, pool, rnn
from numnet.given.caches import ElmanParams, LSTMParams
from numnet.given.module import Answer, Arrays, Module

Pair = tuple[int, int]


def _draw(rng: np.random.Generator, fan_in: int, **shapes: tuple[int, ...]) -> Arrays:
    """Draw weights as torch does: between -1/sqrt(fan_in) and 1/sqrt(fan_in)."""
    return {name: rng.uniform(-1, 1, size=shape) / np.sqrt(fan_in) for name, shape in shapes.items()}


def _arrays(records: Any) -> Iterator[np.ndarray]:
    """Yield the arrays of records in records, in order."""
    for part in records:
        yield from [part] if isinstance(part, np.ndarray) else _arrays(part)


def _pairs(each: Any) -> list[tuple[Any, Any]]:
    """Put what belongs to the two directions of a layer side by side."""
    return list(zip(each[::2], each[1::2], strict=True))


class Linear(Module):
    """z = x W^T + b (A1), x (..., in_features) to z (..., out_features)."""

    def __init__(self, in_features: int, out_features: int, *, rng: np.random.Generator) -> None:
        """Draw the weights."""
        super().__init__(_draw(rng, in_features, weight=(out_features, in_features), bias=(out_features,)))

    def _forward(self, x: np.ndarray) -> Answer:
        return linear.linear_forward(x, *self._weights.values())

    def _backward(self, dy: np.ndarray, cache: Any) -> Answer:
        dx, *dweights = linear.linear_backward(dy, cache)
        return dx, dweights


class ReLU(Module):
    """y = max(x, 0) (A1), entry by entry."""

    def _forward(self, x: np.ndarray) -> Answer:
        return linear.relu_forward(x)

    def _backward(self, dy: np.ndarray, cache: Any) -> Answer:
        return linear.relu_backward(dy, cache), []


class Conv2d(Module):
    """A convolution (A2, A3), x (N, C, H, W) to y (N, F, H_out, W_out); C and F are in_channels and out_channels."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int | Pair, stride: int = 1, padding: int = 0, *,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        """Draw the weights."""
        kernel = in_channels, *np.broadcast_to(kernel_size, 2)
        super().__init__(_draw(rng, np.prod(kernel), weight=(out_channels, *kernel), bias=(out_channels,)))
        self.stride, self.padding = stride, padding

    def _forward(self, x: np.ndarray) -> Answer:
        return conv.conv2d_forward(x, *self._weights.values(), self.stride, self.padding)

    def _backward(self, dy: np.ndarray, cache: Any) -> Answer:
        dx, *dweights = conv.conv2d_backward(dy, cache)
        return dx, dweights


class MaxPool2d(Module):
    """The largest pixel of every window (A4), x (N, C, H, W) to y (N, C, H_out, W_out)."""

    def __init__(self, kernel_size: int | Pair, stride: int | Pair | None = None) -> None:
        """Take the size of a window, and the way to the next one."""
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride

    def _forward(self, x: np.ndarray) -> Answer:
        return pool.max_pool2d_forward(x, self.kernel_size, self.stride)

    def _backward(self, dy: np.ndarray, cache: Any) -> Answer:
        return pool.max_pool2d_backward(dy, cache), []


class Flatten(Module):
    """Images as rows of numbers, x (N, C, H, W) to y (N, C H W)."""

    def _forward(self, x: np.ndarray) -> Answer:
        return x.reshape(len(x), -1), x.shape

    def _backward(self, dy: np.ndarray, cache: Any) -> Answer:
        return dy.reshape(cache), []


class Embedding(Module):
    """A row of numbers for every word (B1), ids (...) to x (..., embedding_dim); the gradient of ids is None."""

    def __init__(self, num_embeddings: int, embedding_dim: int, *, rng: np.random.Generator) -> None:
        """Draw the table."""
        super().__init__({"weight": rng.normal(size=(num_embeddings, embedding_dim))})

    def _forward(self, ids: np.ndarray) -> Answer:
        return embedding.embedding_forward(ids, *self._weights.values())

    def _backward(self, dy: np.ndarray, cache: Any) -> Answer:
        return None, [embedding.embedding_backward(dy, cache)]


class CrossEntropyLoss(Module):
    """The mean of -log p(target) (A1) over the targets other than ignore_index; backward takes no dy.

    It is called with logits (..., K) and targets (...): K is the last axis, where torch has it as the second one.
    """

    def __init__(self, ignore_index: int = -100) -> None:
        """Take the target that does not count."""
        super().__init__()
        self.ignore_index = ignore_index

    def _forward(self, logits: np.ndarray, targets: np.ndarray) -> Answer:
        return linear.softmax_cross_entropy(logits, targets, np.asarray(targets) != self.ignore_index)

    def _backward(self, dy: None, cache: Any) -> Answer:
        return cache, []


class Sequential(Module):
    """One module after the other; the weights of the first one are called "0.weight" and so on."""

    def __init__(self, *modules: Module) -> None:
        """Take the modules, the first one first."""
        super().__init__()
        self.modules = modules
        for place, module in enumerate(modules):  # their own arrays, so that what changes there changes here
            self._weights |= {f"{place}.{name}": array for name, array in module.parameters().items()}
            self.grads |= {f"{place}.{name}": array for name, array in module.grads.items()}

    def _forward(self, x: np.ndarray) -> Answer:
        for module in self.modules:
            x = module(x)
        return x, None

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Send dy back through the modules, the last one first."""
        for module in reversed(self.modules):
            dy = module.backward(dy)
        return dy


class _Recurrent(Module):
    """L layers of D directions; the names of the weights end in _l0, _l0_reverse, _l1, ..."""

    gates = 1
    stacks_one_way = True

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, bidirectional: bool = False, *,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        """Draw the weights of every layer and direction."""
        if num_layers > 1 and not (bidirectional or self.stacks_one_way):
            raise ValueError(f"{type(self).__name__}: a stack needs bidirectional=True; numnet has no other one")
        self.hidden_size, self.num_layers, self.bidirectional = hidden_size, num_layers, bidirectional
        ends = ("", "_reverse") if bidirectional else ("",)
        self._ends = [f"_l{layer}{end}" for layer in range(num_layers) for end in ends]
        weights: Arrays = {}
        for end in self._ends:
            inputs = input_size if end.startswith("_l0") else hidden_size * len(ends)
            weights |= {kind + end: array for kind, array in self._layer(rng, inputs).items()}
        super().__init__(weights)

    def _layer(self, rng: np.random.Generator, inputs: int) -> Arrays:
        """Draw the weights of one layer in one direction, in the order of its record."""
        rows, hidden = self.gates * self.hidden_size, self.hidden_size
        return _draw(rng, hidden, weight_ih=(rows, inputs), weight_hh=(rows, hidden), bias=(rows,))

    def _params(self, record: Any) -> list[Any]:
        """Return the weights of every layer and direction as a record."""
        arrays, size = list(self._weights.values()), len(record._fields)
        return [record(*arrays[start : start + size]) for start in range(0, len(arrays), size)]

    def _zeros(self, x: np.ndarray) -> np.ndarray:
        return np.zeros((len(self._ends), x.shape[1], self.hidden_size))

    def state_dict(self) -> Arrays:
        """Return a copy of the weights, by torch's names: b_h is bias_ih, and bias_hh is 0."""
        state: Arrays = {}
        for name, array in super().state_dict().items():
            if name.startswith("bias"):
                state |= {f"bias_ih{name[4:]}": array, f"bias_hh{name[4:]}": np.zeros_like(array)}
            else:
                state[name] = array
        return state

    def _from_torch(self, state: Arrays) -> Arrays:
        biases = {f"bias{end}": state[f"bias_ih{end}"] + state[f"bias_hh{end}"] for end in self._ends}
        return biases | {name: array for name, array in state.items() if not name.startswith("bias")}


class RNN(_Recurrent):
    """Elman layers: one (D2), a stack (D4), one in both directions (D3), a stack of those (D5).

    It is called with x (T, N, I) and h0 (L D, N, H), zeros if left out, and returns the states of the top layer
    (T, N, D H) and the last state of every layer and direction (L D, N, H). Those get no gradient: backward takes that
    of the states.
    """

    def _forward(self, x: np.ndarray, h0: np.ndarray | None = None) -> Answer:
        params, first = self._params(ElmanParams), self._zeros(x) if h0 is None else h0
        if self.bidirectional and self.num_layers > 1:
            if h0 is not None:
                raise ValueError("RNN: a stack of bidirectional layers begins with zeros; leave h0 out")
            h, cache = rnn.deep_bidirectional_forward(x, _pairs(params))
            last = [way.steps[-1].h_t for layer in cache.layers for way in (layer.fwd, layer.bwd)]
        elif self.bidirectional:
            h, last, cache = rnn.bidirectional_forward(x, *first, *params)
        elif self.num_layers > 1:
            h, last, cache = rnn.deep_elman_forward(x, list(first), params)
        else:
            h, *last, cache = rnn.elman_forward(x, first[0], params[0])
        return (h, np.stack(last)), cache

    def _backward(self, dy: np.ndarray, cache: Any) -> Answer:
        dparams: Any
        if self.bidirectional and self.num_layers > 1:
            dx, dparams = rnn.deep_bidirectional_backward(dy, cache)
        elif self.bidirectional:
            dx, _, _, *dparams = rnn.bidirectional_backward(dy, cache)
        elif self.num_layers > 1:
            dx, _, dparams = rnn.deep_elman_backward(dy, cache)
        else:
            dx, _, *dparams = rnn.elman_backward(dy, cache)
        return dx, _arrays(dparams)


class LSTM(_Recurrent):
    """One LSTM (F3), or any number of layers in both directions (F4).

    As RNN, with (h0, c0), a pair of (L D, N, H), in the place of h0, and (h_n, c_n) in that of the last states.
    """

    gates = 4
    stacks_one_way = False

    def _layer(self, rng: np.random.Generator, inputs: int) -> Arrays:
        return super()._layer(rng, inputs) | {"weight_peep": np.zeros((3, self.hidden_size))}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over weights by torch's names; without any peephole, as in torch, all of them become 0."""
        if not any(name.startswith("weight_peep") for name in state):
            state = {**state, **{f"weight_peep{end}": np.zeros((3, self.hidden_size)) for end in self._ends}}
        super().load_state_dict(state)

    def _forward(self, x: np.ndarray, first: tuple[np.ndarray, np.ndarray] | None = None) -> Answer:
        params, (h0, c0) = self._params(LSTMParams), first or (self._zeros(x), self._zeros(x))
        if not self.bidirectional:
            h, h_n, c_n, cache = lstm.lstm_forward(x, h0[0], c0[0], params[0])
            return (h, (h_n[np.newaxis], c_n[np.newaxis])), cache
        h, cache = lstm.deep_bidirectional_lstm_forward(x, *(_pairs(each) for each in (h0, c0, params)))
        steps = [way.steps[-1] for layer in cache.layers for way in layer]
        c_n = np.stack([step.c_t for step in steps])
        return (h, (np.stack([step.o for step in steps]) * np.tanh(c_n), c_n)), cache

    def _backward(self, dy: np.ndarray, cache: Any) -> Answer:
        backward = lstm.deep_bidirectional_lstm_backward if self.bidirectional else lstm.lstm_backward
        dx, _, _, *dparams = backward(dy, cache)
        return dx, _arrays(dparams)
