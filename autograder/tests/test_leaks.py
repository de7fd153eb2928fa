"""No message tells what a check expects, where our files lie, or what a student printed; inputs differ per student."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from autograder import hidden_check, secret
from autograder.errors import Label
from autograder.hidden_check import HiddenCheck
from autograder.model import SubmissionName, to_json
from autograder.sandbox.guest.wire import Compile, Line, Load
from autograder.sandbox.proof import candidates
from autograder.scale import Setting
from autograder.soak.crowd import hostile
from autograder.soak.leak import MARKER, Failure, overheard, scan, suspicions, suspicious, tells
from autograder.tests.conftest import ROOT, SECRET

SAMPLE = ("A2", "D1", "G3")  # problems; `make soak` takes all

EXHAUSTIVE = {"C1"}  # is asked for every short sentence there is: nothing to draw

LOUD = f'''
import functools, sys
print("{MARKER}")
print("{MARKER}", file=sys.stderr)

def _loud(function, number):
    @functools.wraps(function)
    def call(*arguments, **named):
        print("{MARKER}", arguments)
        if number % 2:
            raise ValueError("{MARKER} " + repr(arguments))
        return function(*arguments, **named)
    return call

for _number, (_name, _value) in enumerate(sorted(globals().items())):
    if type(_value) is type(_loud) and _value.__module__ == __name__ and not _name.startswith("_"):
        globals()[_name] = _loud(_value, _number)
'''


@pytest.mark.parametrize("problem", SAMPLE)
def test_no_message_about_a_mistake_tells_too_much(assignment, problem):
    """Neither a path, a traceback or an object of ours, nor a value that was expected."""
    found = scan(assignment, problem, candidates()[0])

    assert found.messages > 10
    assert found.leaks == []


def test_what_a_student_prints_or_raises_stays_with_them(assignment, solution, capfd):
    """It is in no report, and on nobody's screen."""
    chosen = tuple(problem for problem in assignment.problems if problem.id in SAMPLE)
    grader = Setting(replace(assignment, problems=chosen), "h", SECRET, candidates()[0], training=False).grader()

    report = grader.grade(SubmissionName("loud", "0"), {name: text + LOUD.encode() for name, text in solution.items()})
    grader.close()
    grader.sandbox.close()

    labels = {check.label for check in report.checks}
    assert {Label.OK, Label.RAISED} <= labels <= {Label.OK, Label.RAISED, Label.WRONG}
    assert MARKER not in to_json(report).decode()
    assert suspicions(report) == []
    assert MARKER not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "modules", hostile(), ids=lambda modules: hashlib.sha256(str(modules).encode()).hexdigest()[:6]
)
def test_no_message_about_an_attack_tells_too_much(assignment, handout, modules):
    """Whatever an attack makes us say."""
    chosen = tuple(
        problem
        for problem in assignment.problems
        if any(f"{one.split('.')[0]}.py" in modules for one in problem.functions)
    )
    grader = Setting(replace(assignment, problems=chosen), "h", SECRET, candidates()[0], training=False).grader()

    report = grader.grade(SubmissionName("attack", "0"), handout | modules)
    grader.close()
    grader.sandbox.close()

    assert suspicions(report) == []


@pytest.mark.parametrize(
    "text",
    [
        f"f: raised ValueError: {MARKER}",
        f"f: raised ValueError in {ROOT}/autograder/checks/test_conv.py",
        "f: raised ValueError in checks/test_conv.py, line 3",
        "Traceback (most recent call last):",
        "f: expected <numpy.random.Generator object at 0x7f>",
        "f: expected what reference.conv.f returns",
    ],
)
def test_a_leak_is_seen(text):
    """The scan would notice: it is no proof otherwise."""
    assert suspicious(text)


@pytest.mark.parametrize(
    "text",
    [
        "conv2d_forward: raised ValueError in numnet/conv.py, line 12",
        "linear_forward: 12 of 12 entries are off, by up to 0.73 of the largest magnitude, the most at index (0, 3)",
        "write 3/4, not 0.75",
        "expected shape (2, 3), got (3, 2)",
    ],
)
def test_an_honest_message_is_no_leak(text):
    """The student's own file and line, and how far off an answer is, may be told."""
    assert suspicious(text) == []


@pytest.mark.parametrize(
    ("message", "expected", "is_told"),
    [
        ("f: expected 0.73512", 0.735124, True),
        ("f: off by 0.74 of what is right", 0.735124, False),
        ("f: 'verb' would be right", ["noun", "verb"], True),
        ("f: 3 of 12 entries differ", np.array([3, 12]), False),
        ("f: expected 1.2345 in the middle", {"a": (np.array([[0.0, -1.23451]]),)}, True),
        ("f with 0.73512: not right", 0.735124, False),
    ],
)
def test_an_expected_value_is_noticed(message, expected, is_told):
    """In a message, whatever kind of value it comes from; not in the words of the check for its own call."""
    what = message.split(":")[0]

    assert tells(Failure(message, 0.5, expected, what)) is is_told


def test_failing_comparisons_are_overheard(assignment, grader, handout, solution):
    """The scan hears what the checks expect: they cannot compare behind its back."""
    wrong = solution["linear.py"].replace(b"x @ W.T + b", b"x @ W.T - b")
    assert wrong != solution["linear.py"]

    with overheard() as failures:
        report = grader.grade(SubmissionName("wrong", "0"), {"linear.py": wrong})

    told = {check.message for check in report.checks if check.label is Label.WRONG and check.problem == "A1"}
    assert told and told <= {failure.message for failure in failures}


def test_inputs_differ_per_submission_and_are_the_same_again(assignment, solution, monkeypatch):
    """What a check that draws numbers sends depends on the bytes of a submission; every problem has such a check."""
    grader = Setting(assignment, "h", SECRET, candidates()[0], training=False).grader()
    seen = []
    for submission in ("one", "one", "another"):
        with monkeypatch.context() as patch:
            sent, drawing = _listen(patch)
            report = grader.grade(SubmissionName("student", submission), solution)
        seen.append({check: sent[check].hexdigest() for check in drawing()})
    grader.close()
    grader.sandbox.close()

    one, again, another = seen
    assert one == again
    assert {check for check in one if one[check] == another[check]} == set()
    assert {report.check(check).problem for check in one} == {
        problem.id for problem in assignment.problems
    } - EXHAUSTIVE


def _listen(patch):
    """Record what goes to the guests for each check, and tell which checks drew numbers."""
    sent, given = {}, {}

    def run(check, *circumstances):
        sent[check.name] = hashlib.sha256()
        examine(check, *circumstances)

    def generator(*names):
        given[names] = made = secret.generator(*names)
        return made

    def send(line, message, sequence, arrays=(), **named):
        if not isinstance(message, Load | Compile):
            sent[next(reversed(sent))].update(repr(message).encode() + b"".join(array.tobytes() for array in arrays))
        return write(line, message, sequence, arrays, **named)

    def drawing():
        fresh = {names: secret.generator(*names).bit_generator.state for names in given}
        return [names[-1] for names, rng in given.items() if rng.bit_generator.state != fresh[names]]

    examine, write = HiddenCheck.run, Line.send
    patch.setattr(HiddenCheck, "run", run)
    patch.setattr(hidden_check, "generator", generator)
    patch.setattr(Line, "send", send)
    return sent, drawing
