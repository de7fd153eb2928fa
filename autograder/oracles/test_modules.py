"""given/modules.py: weights that torch loads and gives back; the same numbers, the same gradients by the same names."""

import numpy as np
import pytest
import torch

from autograder.oracles.tensor import agree, gradient, leaf, send_back, values
from numnet.given import modules

LAYERS = {"one": {}, "stack": {"num_layers": 3}, "both ways": {"bidirectional": True}}
LAYERS["stack both ways"] = LAYERS["stack"] | LAYERS["both ways"]


def _state(module: modules.Module) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(array) for name, array in module.state_dict().items()}


def _agree_in_gradients(ours: modules.Module, theirs: torch.nn.Module) -> None:
    """Compare all gradients; our one bias has that of either of torch's."""
    for name, array in ours.grads.items():
        if not name.startswith("weight_peep"):
            agree(array, gradient(theirs.get_parameter(name.replace("bias_l", "bias_ih_l"))), f"gradient of {name}")


def _pairs(rng: np.random.Generator):
    """Yield our module, torch's, and an input."""
    yield modules.Linear(3, 4, rng=rng), torch.nn.Linear(3, 4), rng.normal(size=(2, 5, 3))
    args = 2, 3, (3, 2), 2, 1
    yield modules.Conv2d(*args, rng=rng), torch.nn.Conv2d(*args), rng.normal(size=(2, 2, 7, 6))
    yield modules.Conv2d(2, 3, 3, rng=rng), torch.nn.Conv2d(2, 3, 3), rng.normal(size=(2, 2, 5, 4))
    yield modules.MaxPool2d(3, 2), torch.nn.MaxPool2d(3, 2), rng.normal(size=(2, 3, 7, 8))
    yield modules.ReLU(), torch.nn.ReLU(), rng.normal(size=(2, 3))
    yield modules.Flatten(), torch.nn.Flatten(), rng.normal(size=(2, 3, 4))


def _reset(theirs: torch.nn.Module) -> None:
    """Draw torch's weights anew."""
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.normal_()


def test_layers(rng):
    """Outputs and gradients are the same; when torch has got other weights, they come back."""
    for ours, theirs, x in _pairs(rng):
        theirs.load_state_dict(_state(ours))
        their_x = leaf(x)
        their_y = theirs(their_x)
        dy = rng.normal(size=tuple(their_y.shape))
        send_back((their_y, dy))

        agree(ours(x), values(their_y), type(ours).__name__)
        agree(ours.backward(dy), gradient(their_x), "dx")
        _agree_in_gradients(ours, theirs)
        _reset(theirs)
        ours.load_state_dict(theirs.state_dict())
        agree(ours(x), values(theirs(torch.from_numpy(x))), f"{type(ours).__name__} with torch's weights")


@pytest.mark.parametrize("layers", LAYERS)
def test_recurrent_networks(rng, layers):
    """Every form that numnet has; a fresh LSTM is torch's, since its peepholes are 0."""
    for kind in ("RNN", "LSTM"):
        if (kind, layers) == ("LSTM", "stack"):
            continue  # numnet has none
        ours = getattr(modules, kind)(3, 4, **LAYERS[layers], rng=rng)
        theirs = getattr(torch.nn, kind)(3, 4, **LAYERS[layers])
        unknown = theirs.load_state_dict(_state(ours), strict=kind == "RNN").unexpected_keys
        assert unknown == [name for name in ours.state_dict() if "peep" in name]
        x = rng.normal(size=(5, 2, 3))
        their_x = leaf(x)
        their_y, their_last = theirs(their_x)
        dy = rng.normal(size=tuple(their_y.shape))
        send_back((their_y, dy))

        y, last = ours(x)

        agree(y, values(their_y), kind)
        last, their_last = (one if kind == "LSTM" else (one,) for one in (last, their_last))
        agree(tuple(last), tuple(map(values, their_last)), "last states")
        agree(ours.backward(dy), gradient(their_x), "dx")
        _agree_in_gradients(ours, theirs)
        _reset(theirs)
        ours.load_state_dict(theirs.state_dict())
        agree(ours(x)[0], values(theirs(torch.from_numpy(x))[0]), f"{kind} with torch's weights")


def test_first_states(rng):
    """h0, and h0 and c0, in torch's shapes."""
    x, h0, c0 = rng.normal(size=(5, 2, 3)), *rng.normal(size=(2, 2, 2, 4))
    for options in ({"num_layers": 2}, {"bidirectional": True}):
        ours, theirs = modules.RNN(3, 4, **options, rng=rng), torch.nn.RNN(3, 4, **options)
        theirs.load_state_dict(_state(ours))
        agree(ours(x, h0), tuple(map(values, theirs(*map(torch.from_numpy, (x, h0))))), "states and last states")
    ours, theirs = modules.LSTM(3, 4, bidirectional=True, rng=rng), torch.nn.LSTM(3, 4, bidirectional=True)
    theirs.load_state_dict(_state(ours), strict=False)
    first = torch.from_numpy(h0), torch.from_numpy(c0)
    agree(ours(x, (h0, c0))[0], values(theirs(torch.from_numpy(x), first)[0]), "states of an LSTM")


def test_embedding_and_loss(rng):
    """Ids that repeat, a target to ignore."""
    ids, targets = np.array([[1, 4], [4, 0]]), np.array([[0, 2], [-100, 1]])
    ours, theirs = modules.Embedding(5, 3, rng=rng), torch.nn.Embedding(5, 3)
    theirs.load_state_dict(_state(ours))
    criterion = modules.CrossEntropyLoss()
    their_x = theirs(torch.from_numpy(ids))
    their_loss = torch.nn.CrossEntropyLoss()(their_x.flatten(0, 1), torch.from_numpy(targets).flatten())
    their_loss.backward()

    agree(criterion(ours(ids), targets), their_loss.item(), "loss")
    ours.backward(criterion.backward())
    _agree_in_gradients(ours, theirs)


def test_a_network(rng):
    """The small CNN as a Sequential: one state for the whole of it."""
    ours = modules.Sequential(
        modules.Conv2d(1, 4, 3, padding=1, rng=rng), modules.ReLU(), modules.MaxPool2d(2), modules.Flatten(),
        modules.Linear(4 * 4 * 3, 5, rng=rng),
    )  # fmt: skip
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(),
        torch.nn.Linear(4 * 4 * 3, 5),
    )  # fmt: skip
    theirs.load_state_dict(_state(ours))
    x, dy = rng.normal(size=(2, 1, 8, 6)), rng.normal(size=(2, 5))
    their_x = leaf(x)
    their_y = theirs(their_x)
    send_back((their_y, dy))

    agree(ours(x), values(their_y), "logits")
    agree(ours.backward(dy), gradient(their_x), "dx")
    _agree_in_gradients(ours, theirs)
