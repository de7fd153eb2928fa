"""Affine maps, the hinge and the surprise."""

from dataclasses import dataclass

import numpy as np

from numnet.given.caches import LinearCache as Remembered
from numnet.given.caches import LinearGrads as Blame
from numnet.given.caches import ReLUCache as RememberedHinge
from numnet.toolbox import Real, Whole, YesNo


def linear_forward(x: Real, W: Real, b: Real) -> tuple[Real, Remembered]:
    """Weigh and shift."""
    weighed = np.matmul(x, W.swapaxes(0, 1))
    return weighed + b, Remembered(x, W)


def linear_backward(dz: Real, cache: Remembered) -> Blame:
    """Blame inputs, weights and bias."""
    signal, matrix = cache
    outputs, inputs = matrix.shape
    flat_blame, flat_signal = np.reshape(dz, (-1, outputs)), np.reshape(signal, (-1, inputs))
    return Blame(np.matmul(dz, matrix), np.matmul(flat_blame.T, flat_signal), np.add.reduce(flat_blame, axis=0))


def relu_forward(x: Real) -> tuple[Real, RememberedHinge]:
    """Cut off at 0."""
    return np.clip(x, 0.0, None), RememberedHinge(x)


def relu_backward(dy: Real, cache: RememberedHinge) -> Real:
    """Let through what was let through."""
    open_gate = cache.x > 0
    return open_gate * dy


@dataclass(frozen=True)
class Jury:
    """Votes (M, K) and verdicts (M,), one row for each position that counts."""

    votes: Real
    verdicts: Whole

    @property
    def log_share(self) -> Real:
        """Logarithms of the shares of votes."""
        centred = self.votes - self.votes.max(axis=1, keepdims=True)
        return centred - np.log(np.exp(centred).sum(axis=1, keepdims=True))

    def surprise(self) -> float:
        """Return the mean surprise."""
        return -float(np.take_along_axis(self.log_share, self.verdicts[:, np.newaxis], axis=1).mean())

    def blame(self) -> Real:
        """Return how the votes are to blame for it."""
        truth = np.eye(self.votes.shape[1])[self.verdicts]
        return (np.exp(self.log_share) - truth) / len(self.verdicts)


def softmax_cross_entropy(logits: Real, targets: Whole, mask: YesNo | None = None) -> tuple[float, Real]:
    """Ask the jury of those who count."""
    present = np.full(logits.shape[:-1], True) if mask is None else np.array(mask, dtype=bool)
    answer = np.zeros_like(logits)
    if not present.any():
        return 0.0, answer
    jury = Jury(logits[present], np.asarray(targets)[present].astype(np.int64))
    answer[present] = jury.blame()
    return jury.surprise(), answer
