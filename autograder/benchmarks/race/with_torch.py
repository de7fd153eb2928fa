"""torch as a runner: the same sizes, float64, one thread."""

import torch
from torch import nn

from autograder.benchmarks.race import course
from autograder.benchmarks.race.course import HIDDEN, INPUT, KERNEL, N, T, normal
from autograder.benchmarks.race.runner import Work, serve


def tensor(seed: int, *shape: int) -> torch.Tensor:
    """Draw what the reference draws."""
    return torch.from_numpy(normal(seed, *shape)).requires_grad_()


def conv2d() -> Work:
    """Convolve a batch of pictures, and go back."""
    x = tensor(1, course.PICTURES, course.CHANNELS, course.SIDE, course.SIDE)
    weight, bias = tensor(2, course.FILTERS, course.CHANNELS, KERNEL, KERNEL), tensor(3, course.FILTERS)

    def work() -> object:
        y = nn.functional.conv2d(x, weight, bias, padding=KERNEL // 2)
        return torch.autograd.grad(y, (x, weight, bias), y.detach())

    return work


def max_pool2d() -> Work:
    """Pool feature maps, two by two, and go back."""
    x = tensor(1, course.PICTURES, course.FILTERS, course.SIDE, course.SIDE)

    def work() -> object:
        y = nn.functional.max_pool2d(x, 2)
        return torch.autograd.grad(y, x, y.detach())

    return work


def _recurrent(network: nn.Module) -> Work:
    x = tensor(4, T, N, INPUT)
    wanted = [x, *network.parameters()]

    def work() -> object:
        h, _ = network(x)
        return torch.autograd.grad(h, wanted, h.detach())

    return work


def elman() -> Work:
    """Run an Elman network over a batch, and go back."""
    return _recurrent(nn.RNN(INPUT, HIDDEN))


def lstm() -> Work:
    """Run an LSTM over a batch, and go back; torch's has no peepholes."""
    return _recurrent(nn.LSTM(INPUT, HIDDEN))


class LanguageModel(nn.Module):
    """Embedding, Elman network, linear layer."""

    def __init__(self) -> None:
        """Make the layers."""
        super().__init__()
        self.embedding = nn.Embedding(course.VOCABULARY, course.EMBEDDING)
        self.network = nn.RNN(course.EMBEDDING, HIDDEN)
        self.output = nn.Linear(HIDDEN, course.VOCABULARY)

    def forward(self, inp: torch.Tensor) -> torch.Tensor:
        """Return logits (T, N, V)."""
        h, _ = self.network(self.embedding(inp))
        return self.output(h)


def rnnlm() -> Work:
    """Take a step of training: the loss of T x N tokens, its gradients, and Adam."""
    model = LanguageModel()
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    inp, tgt = torch.randint(course.VOCABULARY, (2, T, N))

    def work() -> object:
        adam.zero_grad()
        logits = model(inp)
        nn.functional.cross_entropy(logits.flatten(0, 1), tgt.flatten()).backward()
        return adam.step()

    return work


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    works = (conv2d, max_pool2d, elman, lstm, rnnlm)
    serve({"torch": torch.__version__}, {work.__name__: work for work in works})
