"""Gives the ten checks their fixtures where there is no wall: submission and reference are imported."""

import importlib
import sys
from types import ModuleType

import numpy as np
import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Declare the one mark there is."""
    config.addinivalue_line("markers", "problem(identifier): the problem that a check belongs to")


@pytest.fixture
def student() -> ModuleType:
    """The submission."""
    return _import_package("numnet")


@pytest.fixture
def reference() -> ModuleType:
    """The package that is right."""
    return _import_package("reference")


def _import_package(name: str) -> ModuleType:
    importlib.import_module(f"{name}.loop")
    return sys.modules[name]


@pytest.fixture
def rng() -> np.random.Generator:
    """The generator from which a check draws its inputs."""
    return np.random.default_rng(0)
