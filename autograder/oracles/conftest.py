"""The oracles' run: random numbers, the proof of every `covers`, and the table of what is covered at the end."""

import inspect
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
import torch

from autograder.assignment import Assignment, read_assignment
from autograder.oracles.cover import claims, prove, public_names

ROOT = Path(__file__).parents[2]
NOT_COVERED = {
    "cnn.init_small_cnn": "draws weights; no two programs draw the same ones",
    "cnn.Layer": "a record; it computes nothing",
    "cnn.read_layer": "reads a notation of our own",
    "ngram.LanguageModel": "a type; it computes nothing",
    "ngram.cut_context": "a convention: nltk keeps no more than n - 1 words and has no rule for <s>",
    "rnnlm.init_rnnlm": "draws weights; no two programs draw the same ones",
    "seq2seq.lstm_weights": "picks arrays out of a dict; it computes nothing",
}


def pytest_configure(config: pytest.Config) -> None:
    """Announce the marker; one thread and double precision for torch."""
    config.addinivalue_line("markers", "covers(*functions, by): what an oracle compares, and with what")
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)


def _rng(item: pytest.Function) -> np.random.Generator:
    return np.random.default_rng(crc32(item.name.encode()))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers that depend on the oracle's name only."""
    return _rng(request.node)


@pytest.fixture(scope="session")
def assignment() -> Assignment:
    """The project's own assignment."""
    return read_assignment(ROOT / "autograder" / "assignment.toml")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Let an oracle that passed prove what it covers."""
    outcome = yield
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}

    def again() -> None:
        fresh = {"rng": _rng(pyfuncitem)} if "rng" in arguments else {}
        pyfuncitem.obj(**arguments | fresh)

    for name, other in claims(pyfuncitem):
        prove(name, again)
        pyfuncitem.user_properties.append((name, other))
    return outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every public function of numnet with the oracle that covers it, or with the reason why none does."""
    proved = defaultdict(list)
    for report in terminalreporter.getreports("passed"):
        for name, other in report.user_properties:
            proved[name].append(f"{other} ({report.location[0].rpartition('/')[2]})")
    rows = [(name, "; ".join(dict.fromkeys(proved.get(name, [why_not(name)])))) for name in public_names()]
    terminalreporter.section("what the oracles of this run have proved to cover")
    for name, row in rows:
        terminalreporter.write_line(f"{name:42} {row}")
    terminalreporter.write_line(f"{len(proved)} of {len(rows)}: every part of their answers was spoilt, and noticed")


def why_not(name: str) -> str:
    """Say why there is no oracle."""
    return f"-  {NOT_COVERED.get(name, 'no oracle in this run')}"
