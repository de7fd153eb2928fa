"""The modules that students are given: a shell with torch's names around functions that somebody else writes.

That the numbers are torch's is for `make oracle` to say; torch is not needed here.
"""

import importlib
import re

import numpy as np
import pytest

from autograder.reference import read_package
from autograder.sandbox.guest.package import Package


@pytest.fixture(scope="module")
def loaded(assignment):
    """The solution's package, name to module, as far as it is needed here."""
    package = Package("numnet", read_package(assignment.solution / "numnet"))
    package.install()
    try:
        for name in ("numnet.given.modules", "numnet.sgd"):
            importlib.import_module(name)
    finally:
        found = package.remove()
    return found


@pytest.fixture
def modules(loaded):
    """The file given/modules.py."""
    return loaded["numnet.given.modules"]


@pytest.fixture
def rng():
    """Random numbers, the same in every run."""
    return np.random.default_rng(0)


def _every_module(modules, rng):
    """Return one module of every kind that has weights."""
    return {
        "Linear": modules.Linear(3, 4, rng=rng),
        "Conv2d": modules.Conv2d(2, 3, (3, 2), stride=2, padding=1, rng=rng),
        "Embedding": modules.Embedding(5, 3, rng=rng),
        "RNN": modules.RNN(3, 4, num_layers=2, rng=rng),
        "LSTM": modules.LSTM(3, 4, num_layers=2, bidirectional=True, rng=rng),
        "Sequential": modules.Sequential(modules.Linear(3, 4, rng=rng), modules.ReLU(), modules.Linear(4, 2, rng=rng)),
    }


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Linear", ["weight", "bias"]),
        ("Embedding", ["weight"]),
        ("Sequential", ["0.weight", "0.bias", "2.weight", "2.bias"]),
        ("RNN", [f"{name}_l{n}" for n in (0, 1) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]),
    ],
)
def test_the_names_are_those_of_torch(modules, rng, kind, names):
    """A state can be given to torch as it is, and its arrays are copies."""
    module = _every_module(modules, rng)[kind]
    state = module.state_dict()

    assert list(state) == names
    assert not any(np.shares_memory(a, b) for a in state.values() for b in module.parameters().values())


def test_a_bidirectional_lstm_names_directions_and_peepholes(modules, rng):
    """The weights of the second layer read both directions; w_peep has a name beside torch's."""
    state = modules.LSTM(3, 4, num_layers=2, bidirectional=True, rng=rng).state_dict()

    assert state["weight_ih_l1_reverse"].shape == (16, 8)
    assert state["weight_peep_l0"].shape == (3, 4) and not state["weight_peep_l0"].any()
    assert len(state) == 4 * 5


@pytest.mark.parametrize("kind", ["Linear", "Conv2d", "Embedding", "RNN", "LSTM", "Sequential"])
def test_a_state_goes_from_one_module_to_another(modules, rng, kind):
    """After it is loaded, both have the same state, and a change of one does not reach the other."""
    one, other = _every_module(modules, rng)[kind], _every_module(modules, rng)[kind]

    other.load_state_dict(one.state_dict())

    assert all(np.array_equal(array, one.state_dict()[name]) for name, array in other.state_dict().items())
    one.assign({name: array + 1 for name, array in one.parameters().items()})
    assert not any(np.array_equal(array, one.parameters()[name]) for name, array in other.parameters().items())


def test_the_two_biases_of_torch_are_added(modules, rng):
    """The sum is our one bias; it comes out as bias_ih, with a bias_hh of zeros."""
    module = modules.RNN(3, 4, rng=rng)
    state = module.state_dict() | {"bias_ih_l0": np.full(4, 1.0), "bias_hh_l0": np.full(4, 0.5)}

    module.load_state_dict(state)

    assert module.parameters()["bias_l0"].tolist() == [1.5] * 4
    assert module.state_dict()["bias_hh_l0"].tolist() == [0.0] * 4


def test_a_state_without_peepholes_sets_them_to_zero(modules, rng):
    """torch's LSTM has none; a state with some of them only is refused."""
    module = modules.LSTM(3, 4, bidirectional=True, rng=rng)
    full = {name: array + 1 for name, array in module.state_dict().items()}
    module.load_state_dict(full)

    module.load_state_dict({name: array for name, array in full.items() if "peep" not in name})

    assert not module.parameters()["weight_peep_l0_reverse"].any()
    with pytest.raises(ValueError, match=r"LSTM: missing weight_peep_l0$"):
        module.load_state_dict({name: array for name, array in full.items() if name != "weight_peep_l0"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W": np.ones(1)}, "Linear: unexpected W"),
        ({"bias": np.ones(3)}, "Linear: bias: expected shape (4,), got (3,)"),
        ({"weight": None}, "Linear: missing weight"),
        ({"weight": None, "w": np.ones(1)}, "Linear: missing weight; unexpected w"),
    ],
)
def test_other_names_and_shapes_are_refused(modules, rng, change, message):
    """All that is wrong is told at once, and nothing is taken over."""
    module = modules.Linear(3, 4, rng=rng)
    before = module.state_dict()
    state = {name: array for name, array in (before | change).items() if array is not None}

    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        module.load_state_dict(state)

    assert all(np.array_equal(array, before[name]) for name, array in module.state_dict().items())


def test_gradients_add_up_until_they_are_set_to_zero(modules, rng):
    """Two calls of backward give twice the gradient, in the same arrays."""
    module = modules.Linear(3, 4, rng=rng)
    x, dy = rng.normal(size=(2, 3)), rng.normal(size=(2, 4))
    arrays = dict(module.grads)

    for _ in range(2):
        module(x)
        dx = module.backward(dy)

    np.testing.assert_allclose(dx, dy @ module.parameters()["weight"], rtol=1e-12)
    np.testing.assert_allclose(module.grads["weight"], 2 * dy.T @ x, rtol=1e-12)
    module.zero_grad()
    assert all(module.grads[name] is array and not array.any() for name, array in arrays.items())


def test_backward_needs_a_call_before_it(modules, rng):
    """The message says so, rather than what None does not have."""
    with pytest.raises(RuntimeError, match="Linear: call it before its backward"):
        modules.Linear(3, 4, rng=rng).backward(np.ones(4))


def test_a_network_learns_with_sgd(loaded, modules, rng):
    """The loop of the module's docstring makes the loss smaller; a network counts the weights of its modules."""
    net = modules.Sequential(
        modules.Conv2d(1, 2, 3, padding=1, rng=rng), modules.ReLU(), modules.MaxPool2d(2), modules.Flatten(),
        modules.Linear(8, 3, rng=rng),
    )  # fmt: skip
    criterion = modules.CrossEntropyLoss()
    x, y = rng.normal(size=(6, 1, 4, 4)), np.arange(6) % 3

    losses = []
    for _ in range(20):
        losses.append(criterion(net(x), y))
        net.zero_grad()
        net.backward(criterion.backward())
        weights, _ = loaded["numnet.sgd"].sgd_step(net.parameters(), net.grads, 0.5)
        net.assign(weights)

    assert losses[-1] < losses[0] / 2
    assert sum(array.size for array in net.parameters().values()) == 2 * 9 + 2 + 8 * 3 + 3


def test_targets_to_ignore_do_not_count(modules, rng):
    """The loss is the mean over the others, and their rows of the gradient are 0."""
    criterion = modules.CrossEntropyLoss(ignore_index=-1)
    logits = rng.normal(size=(3, 4))

    loss = criterion(logits, np.array([2, -1, 0]))

    assert loss == pytest.approx(modules.CrossEntropyLoss()(logits[[0, 2]], np.array([2, 0])), rel=1e-12)
    assert not criterion.backward()[1].any()


def test_the_functions_are_looked_up_when_they_are_called(loaded, modules, rng, monkeypatch):
    """A student who mends linear_forward and calls the module again sees the new answer."""
    module = modules.Linear(3, 4, rng=rng)
    monkeypatch.setattr(loaded["numnet.linear"], "linear_forward", lambda x, W, b: ("mended", None))

    assert module(np.ones(3)) == "mended"


def test_states_that_numnet_does_not_have_are_refused(modules, rng):
    """What no function of numnet computes is not computed by the shell."""
    with pytest.raises(ValueError, match="LSTM: a stack needs bidirectional=True"):
        modules.LSTM(3, 4, num_layers=2, rng=rng)
    with pytest.raises(ValueError, match="begins with zeros; leave h0 out"):
        modules.RNN(3, 4, num_layers=2, bidirectional=True, rng=rng)(np.zeros((1, 1, 3)), np.zeros((4, 1, 4)))
