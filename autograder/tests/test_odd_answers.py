"""Answers that say nothing earn nothing, however well they fit together, and no odd answer is our fault."""

import dataclasses
import warnings

import pytest

from autograder.errors import Label
from autograder.model import SubmissionName
from autograder.sandbox.proof import candidates
from autograder.scale import Setting

OWN = ("D3", "D4", "D5", "F3", "F4", "H4", "I2")  # problems that ask a student's own functions, whatever they compute
ODD = '''
import builtins
import functools
import types

import numpy as np


def _odd(value):
    """Return an odd answer in the place of one."""
    if isinstance(value, np.ndarray):
        return ARRAY
    if isinstance(value, (int, float)):
        return type(value)(0)
    if isinstance(value, (tuple, list)):
        items = map(_odd, value)
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return {key: _odd(item) for key, item in value.items()} if isinstance(value, dict) else value


def _wrapped(function):
    """Return a function whose answer is odd, but for the student's own functions."""

    @functools.wraps(function)
    def wrapped(*args, **named):
        _calls.append(function)
        try:
            answer = function(*args, **named)
        finally:
            _calls.pop()
        return answer if _calls else _odd(answer)

    return wrapped


_calls = vars(builtins).setdefault("calls under way", [])
for _name, _value in list(globals().items()):
    if isinstance(_value, types.FunctionType) and _value.__module__ == __name__ and not _name.startswith("_"):
        globals()[_name] = _wrapped(_value)
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


ODDITIES = {
    "one axis more": "value[None]",
    "empty": "value[:0] if value.ndim else value",
    "a single number": "value.reshape(-1)[0] if value.size else value",
    "infinite": "np.full_like(value, np.inf) if value.dtype.kind == 'f' else value",
    "enormous": "np.full_like(value, 1e308) if value.dtype.kind == 'f' else value",
}


def _spoilt(files: dict[str, bytes], array: str) -> dict[str, bytes]:
    """Have every function answer something odd in the place of an array, and 0 in the place of a number."""
    return {path: source + ODD.replace("ARRAY", array).encode() for path, source in files.items()}


@pytest.fixture
def labels(assignment, solution):
    """Grade files in the place of the solution's: labels(problems, files) -> check to label."""

    def graded(names: tuple[str, ...], files: dict[str, bytes]) -> dict[str, Label]:
        problems = tuple(problem for problem in assignment.problems if problem.id in names or not names)
        reduced = dataclasses.replace(assignment, problems=problems)
        grader = Setting(reduced, "", b"odd", candidates()[0], training=False).grader()
        report = grader.grade(SubmissionName("odd", "0"), solution | files)
        grader.close()
        grader.sandbox.close()
        return {check.id: check.label for check in report.checks}

    return graded


def test_zeros_that_fit_together_are_no_answer(labels, solution):
    """A check that holds one function of a student's against another demands that this one tells two inputs apart."""
    assert Label.OK not in labels(OWN, _spoilt(solution, "np.zeros_like(value)")).values()


def test_training_that_does_nothing_is_none(labels):
    """Steps that go nowhere and no batches at all are not what a loop can be held against."""
    assert Label.OK not in labels(("J1",), {"sgd.py": IDLE}).values()


@pytest.mark.parametrize("oddity", ODDITIES)
def test_odd_arrays_are_never_our_fault(labels, solution, oddity):
    """Every check looks at an answer before it takes it apart, and our arithmetic does not warn of it on a terminal."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = labels((), _spoilt(solution, ODDITIES[oddity]))

    assert [check for check, label in found.items() if label is Label.GRADER_ERROR] == []
    assert [str(warning.message) for warning in told] == []
