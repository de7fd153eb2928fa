"""Grading the two trees, and submissions that differ from them in one way."""

import dataclasses
from decimal import Decimal

import msgspec
import pytest

from autograder.errors import AssignmentError, Label
from autograder.model import Outcome, SubmissionName
from autograder.sandbox.proof import candidates
from autograder.scale import Setting


def test_solution_gets_every_point(solution_report, assignment):
    """The reference passes every check, and so proves them."""
    failed = {check.id: check.message for check in solution_report.checks if check.outcome is not Outcome.PASSED}

    assert failed == {}
    assert solution_report.score == solution_report.max_score == assignment.core_points


def test_handout_gets_no_point(handout_report):
    """Every check fails on the stubs, as not written."""
    assert handout_report.score == 0.0
    assert {check.label for check in handout_report.checks} == {Label.NOT_WRITTEN}


def test_grading_twice_gives_the_same_report(grade, solution, solution_report):
    """The same submission draws the same inputs and gets the same report, but for the time it took."""
    again = grade(solution, "solution")

    assert _timeless(again) == _timeless(solution_report)


def _timeless(report):
    return msgspec.structs.replace(report, checks=[msgspec.structs.replace(c, seconds=0.0) for c in report.checks])


def test_denominator_does_not_move(grade, handout_report):
    """An empty submission has the same checks and points to reach as any other."""
    report = grade({"notes.py": b""})

    assert [(c.id, c.max_points) for c in report.checks] == [(c.id, c.max_points) for c in handout_report.checks]
    assert report.max_score == handout_report.max_score
    assert (report.score, report.label) == (0.0, Label.MISSING)


def test_a_problem_alone_earns_its_points(grade, solution, handout, assignment):
    """Each file of the solution in an otherwise empty handout earns the points of its problems that need no other."""
    report = grade(handout | {"linear.py": solution["linear.py"]})

    assert report.problem("A1").score == report.problem("A1").max_score
    assert report.score == report.problem("A1").max_score


def test_an_exit_costs_its_own_problem_only(grade, solution):
    """A function that exits the process fails its checks; every other problem keeps its points."""
    source = solution["clip.py"].replace(b"    total = math.sqrt(", b"    __import__('os')._exit(0)\n    total = (", 1)

    report = grade(solution | {"clip.py": source})

    labels = {check.label for check in report.checks if check.problem == "E2"}
    assert labels <= {Label.EXITED, Label.OK} and Label.EXITED in labels
    assert report.score == report.max_score - 3.0 + report.problem("E2").score


def test_a_syntax_error_costs_its_file_and_those_that_import_it(grade, solution):
    """A file that does not compile fails its own checks with the line."""
    report = grade(solution | {"ngram.py": solution["ngram.py"] + b"\ndef broken(:\n"})

    wrong = [check for check in report.checks if check.outcome is not Outcome.PASSED]
    assert {check.problem for check in wrong} == {"G1", "G2", "G3", "G4", "G5", "G6"}
    assert {check.label for check in wrong} == {Label.SYNTAX}
    assert "numnet/ngram.py line" in wrong[0].message


@pytest.mark.parametrize(
    "value",
    [
        "None", "0", "1.5", "float('nan')", "'text'", "[]", "{}", "()", "np.zeros(())", "np.zeros((0,))", "10**400",
        "np.full((2, 3), np.nan)", "np.ones((2, 3), complex)", "np.ones((7, 1), int)", "np.zeros((0, 2**30))",
        "np.ones(3, dtype='>f8')", "(np.ones(2), None)", "(None, np.ones((1, 1)))", "{'a': np.nan}", "[-1.0]", "True",
    ],
)  # fmt: skip
def test_no_answer_makes_a_check_an_error_of_ours(grade, handout, assignment, value):
    """Whatever a function answers, checks fail as the student's: they are never undecided, and never passed."""
    files = {name: source + _answer_always(value, assignment, name) for name, source in handout.items()}

    report = grade(files)

    assert [(c.id, c.message) for c in report.checks if c.outcome is Outcome.ERROR] == []
    assert report.score <= 0.02 * report.max_score  # a constant may be right where a check asks for just that


def _answer_always(value, assignment, file):
    """Return source that makes every function of a file answer one value."""
    names = [name.split(".")[1] for name in assignment.owners() if f"{name.split('.')[0]}.py" == file]
    return "".join(f"\ndef {name}(*args, **named):\n    return {value}\n" for name in names).encode()


def test_a_fault_of_a_check_is_an_error_and_not_a_zero(tmp_path, assignment, given_files):
    """A check that breaks by itself gives ERROR with what happened; it is never scored as the student's."""
    folder = _checks(tmp_path, "    raise ZeroDivisionError('ours')\n")

    report = _grade_with(folder, assignment)

    assert report.checks[0].outcome is Outcome.ERROR
    assert report.checks[0].label is Label.GRADER_ERROR
    assert "ZeroDivisionError: ours" in report.checks[0].message
    assert report.has_errors


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("    pass\n\ndef broken(:\n", "test_checks_that_do_not_fit"),
        ("    pass\n\n@problem('A1')\ndef test_two(student):\n    pass\n", "does not list test_two"),
        (
            "    pass\n\nimport pytest\n@pytest.fixture(autouse=True)\ndef clock():\n    pass\n",
            "test_one asks for clock",
        ),
    ],
)
def test_checks_that_do_not_fit_are_refused(tmp_path, assignment, body, reason):
    """Checks that do not import, or that the assignment does not list, stop the run with the reason."""
    with pytest.raises(AssignmentError, match=reason):
        _grade_with(_checks(tmp_path, body), assignment)


def _checks(folder, body):
    """Write an assignment with one check of problem A1, and the check."""
    (folder / "checks").mkdir()
    text = "from autograder.checks.claim import problem\n\n\n@problem('A1')\ndef test_one(student):\n" + body
    (folder / "checks" / f"test_{folder.name}.py").write_text(text, "utf-8")
    return folder


def _grade_with(folder, assignment):
    first = assignment.problems[0]
    check = dataclasses.replace(first.checks[0], id="test_one", points=Decimal(1))
    small = dataclasses.replace(assignment, problems=(dataclasses.replace(first, checks=(check,), points=Decimal(1)),))
    setting = Setting(small, "h", b"s", candidates()[0], folder / "checks")
    made = setting.grader()
    try:
        return made.grade(SubmissionName("one", "0"), {"linear.py": b""})
    finally:
        made.close()
        made.sandbox.close()


def test_a_zygote_that_dies_is_replaced(grader, grade, solution):
    """When the zygote is gone, no check is blamed on the student, and the next run has a new one."""
    grader.sandbox.process.kill()

    first = grade(solution, "solution")
    second = grade(solution, "solution")

    assert {check.outcome for check in first.checks} <= {Outcome.PASSED, Outcome.ERROR}
    assert second.score == second.max_score
