"""Answers that say nothing earn nothing, however well they fit together."""

import dataclasses

import pytest

from autograder.errors import Label
from autograder.model import SubmissionName
from autograder.sandbox.proof import candidates
from autograder.scale import Setting

OWN = ("D3", "D4", "D5", "F3", "F4", "H4", "I2")  # problems that ask a student's own functions, whatever they compute
ZEROS = b'''
import functools
import sys
import types

import numpy as np


def _zeros(value):
    """Return what has the shape of a value, and nothing in it."""
    if isinstance(value, np.ndarray):
        return np.zeros_like(value)
    if isinstance(value, (int, float)):
        return type(value)(0)
    if isinstance(value, (tuple, list)):
        items = map(_zeros, value)
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return {key: _zeros(item) for key, item in value.items()} if isinstance(value, dict) else value


def _empty(function):
    return functools.wraps(function)(lambda *args, **named: _zeros(function(*args, **named)))


for _name, _value in list(globals().items()):
    if isinstance(_value, types.FunctionType) and _value.__module__ == __name__ and not _name.startswith("_"):
        globals()[_name] = _empty(_value)
'''


IDLE = b"""
from numnet.given.caches import History


def sgd_step(params, grads, lr, momentum=0.0, velocity=None):
    return params, velocity or params


def iterate_minibatches(n, batch_size, rng):
    return []


def fit(loss_and_grads, params, *_, **__):
    return History(params, [])
"""


@pytest.fixture
def passed(assignment, solution):
    """Return the checks of some problems that files in the place of the solution's pass: passed(problems, files)."""

    def passed_by(names: tuple[str, ...], files: dict[str, bytes]) -> list[str]:
        problems = tuple(problem for problem in assignment.problems if problem.id in names)
        reduced = dataclasses.replace(assignment, problems=problems)
        grader = Setting(reduced, "", b"zeros", candidates()[0], training=False).grader()
        report = grader.grade(SubmissionName("zeros", "0"), solution | files)
        grader.close()
        grader.sandbox.close()
        return [check.id for check in report.checks if check.label is Label.OK]

    return passed_by


def test_zeros_that_fit_together_are_no_answer(passed, solution):
    """A check that holds one function of a student's against another demands that this one tells two inputs apart."""
    assert passed(OWN, {path: source + ZEROS for path, source in solution.items()}) == []


def test_training_that_does_nothing_is_none(passed):
    """Steps that go nowhere and no batches at all are not what a loop can be held against."""
    assert passed(("J1",), {"sgd.py": IDLE}) == []
