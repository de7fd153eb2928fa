"""What all modules share: weights and gradients by name, and the cache of the last call.

A module of modules.py has two functions: `_forward(...)` returns a result and a cache, `_backward(dy, cache)` returns
the gradient of the input and those of the weights, in the order of the weights.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
Answer = tuple[Any, Any]  # of _forward: the result and the cache; of _backward: dx and the other gradients


class Module:
    """Weights by name, and their gradients: always the same arrays, whose entries change."""

    def __init__(self, weights: Arrays | None = None) -> None:
        """Take the weights by name, in the order in which the backward pass returns their gradients."""
        self._weights = weights or {}
        self.grads = {name: np.zeros_like(array) for name, array in self._weights.items()}
        self._cache: Any = None

    def _forward(self, *arguments: Any) -> Answer:
        raise NotImplementedError(f"{type(self).__name__} has no forward pass")

    def _backward(self, dy: Any, cache: Any) -> Answer:
        raise NotImplementedError(f"{type(self).__name__} has no backward pass")

    def __call__(self, *arguments: Any) -> Any:
        """Run the forward pass, and keep its cache."""
        result, self._cache = self._forward(*arguments)
        return result

    forward = __call__

    def backward(self, dy: Any = None) -> Any:
        """Return the gradient of the input of the last call, and add those of the weights to `grads`."""
        if self._cache is None:
            raise RuntimeError(f"{type(self).__name__}: call it before its backward")
        dx, dweights = self._backward(dy, self._cache)
        for total, part in zip(self.grads.values(), dweights, strict=True):
            total += part
        return dx

    def zero_grad(self) -> None:
        """Set the gradients to 0, before the next backward adds to them."""
        for array in self.grads.values():
            array.fill(0.0)

    def parameters(self) -> Arrays:
        """Return the weights by name; `grads` has the same names."""
        return dict(self._weights)

    def assign(self, parameters: Mapping[str, np.ndarray]) -> None:
        """Take over new values of all weights, such as those of sgd_step."""
        self._require(self._weights, parameters)
        for name, array in self._weights.items():
            array[...] = parameters[name]

    def state_dict(self) -> Arrays:
        """Return a copy of the weights, by torch's names."""
        return {name: array.copy() for name, array in self._weights.items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over weights by torch's names, arrays or tensors; other names or shapes raise ValueError."""
        arrays = {name: np.asarray(value, dtype=np.float64) for name, value in state.items()}
        self._require(self.state_dict(), arrays)
        self.assign(self._from_torch(arrays))

    def _from_torch(self, state: Arrays) -> Arrays:
        return state

    def _require(self, expected: Mapping[str, np.ndarray], got: Mapping[str, np.ndarray]) -> None:
        """Refuse other names and other shapes, and say all that is wrong."""
        wrong = [f"missing {name}" for name in expected if name not in got]
        wrong += [f"unexpected {name}" for name in got if name not in expected]
        wrong += [
            f"{name}: expected shape {array.shape}, got {np.shape(got[name])}"
            for name, array in expected.items()
            if name in got and np.shape(got[name]) != array.shape
        ]
        if wrong:
            raise ValueError(f"{type(self).__name__}: {'; '.join(wrong)}")
