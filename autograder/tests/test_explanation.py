"""A failure is explained by the mistake that was made, in whatever words it was written; and never by a guess."""

from dataclasses import replace

import msgspec
import pytest

from autograder import explanation, grading
from autograder.mistake import apply, read_mistakes
from autograder.model import Outcome, SubmissionName
from autograder.sandbox.proof import candidates
from autograder.scale import Setting
from autograder.tests.conftest import ROOT, SECRET

MISTAKES = {mistake.id: mistake for mistake in read_mistakes(ROOT / "autograder" / "mistakes")}
IN_OTHER_WORDS = """
    dbias = np.array([float(sum(dy[0, f].ravel().tolist())) for f in range(dy.shape[1])])
"""  # A3g


@pytest.fixture(scope="module")
def session(assignment):
    """The session of a grader of A3 and B1."""
    chosen = tuple(problem for problem in assignment.problems if problem.id in ("A3", "B1"))
    made = Setting(replace(assignment, problems=chosen), "h", SECRET, candidates()[0], training=False).grader()
    yield made
    made.close()
    made.sandbox.close()


@pytest.fixture
def hints_of(session, solution):
    """Grade the solution with some mistakes, and return the hints of failed checks by problem."""

    def hints(*mistakes):
        return hints_in(session.grade(SubmissionName("student", "s"), apply(mistakes, solution)))

    return hints


def hints_in(report):
    """Return the hints of failed checks by problem."""
    failed = [check for check in report.checks if check.outcome is Outcome.FAILED]
    return {problem: {check.hint for check in failed if check.problem == problem} for problem in ("A3", "B1")}


def test_a_mistake_is_named_in_every_check_that_fails(hints_of):
    """Also if another one was made in another problem; what passed has no hint."""
    alone = hints_of(MISTAKES["A3g"])
    both = hints_of(MISTAKES["A3d"], MISTAKES["B1c"])

    assert alone == {"A3": {MISTAKES["A3g"].hint}, "B1": set()}
    assert both == {"A3": {MISTAKES["A3d"].hint}, "B1": {MISTAKES["B1c"].hint}}


def test_a_mistake_that_keeps_something_is_followed_from_check_to_check(hints_of):
    """Its answers depend on what it was asked before, in the same order."""
    assert hints_of(MISTAKES["B1f"]) == {"A3": set(), "B1": {MISTAKES["B1f"].hint}}


def test_answers_that_take_too_much_memory_are_not_kept(hints_of, monkeypatch):
    """They cost nobody anything, and get no hint."""
    monkeypatch.setattr(grading, "MOST_BYTES", 10)

    assert hints_of(MISTAKES["A3g"]) == {"A3": {""}, "B1": set()}


def test_a_mistake_is_known_in_other_words(session, solution):
    """What counts is the answer: another program with the same mistake differs by rounding."""
    theirs = replace(MISTAKES["A3g"], replace=IN_OTHER_WORDS.strip())

    report = session.grade(SubmissionName("student", "s"), apply([theirs], solution))

    assert hints_in(report)["A3"] == {MISTAKES["A3g"].hint}


def test_two_mistakes_of_one_problem_are_named_where_they_stand_alone(hints_of):
    """With padding only one of these two shows, and is named; where both do, there is no hint."""
    hints = hints_of(MISTAKES["A3b"], MISTAKES["A3g"])

    assert hints["A3"] == {MISTAKES["A3g"].hint, ""}


def test_an_unknown_mistake_gets_no_hint_but_what_was_measured(session, solution):
    """A factor of 32, for example."""
    theirs = replace(MISTAKES["A3g"], replace="dbias = 32 * dy.sum(axis=(0, 2, 3))")

    report = session.grade(SubmissionName("student", "s"), apply([theirs], solution))

    named = report.check(theirs.caught_by)
    assert hints_in(report)["A3"] == {""}
    assert named.message.endswith("every entry is 32 times too large")


def test_of_two_mistakes_that_answer_alike_none_is_guessed(hints_of, monkeypatch):
    """Unless they have one hint."""
    twin = replace(MISTAKES["A3g"], name="twin", hint="Something else.")
    for mistakes, expected in (([MISTAKES["A3g"], twin], ""), ([twin, replace(twin, name="third")], twin.hint)):
        assert explained_with(mistakes, hints_of, monkeypatch)["A3"] == {expected}


def explained_with(mistakes, hints_of, monkeypatch):
    """Make A3g while the bank holds other mistakes."""
    true = explanation.explain
    with monkeypatch.context() as patch:
        patch.setattr(grading, "explain", lambda rehearsal, _, *rest: true(rehearsal, mistakes, *rest))
        return hints_of(MISTAKES["A3g"])


def test_a_mistake_that_fails_more_than_the_student_did_is_none(hints_of, monkeypatch):
    """It answers the same to the checks that failed, but it would have failed another one."""
    careless = "dbias = dy[0].sum(axis=(1, 2)); dy_rows = dy_rows * (1 + (stride == 2))"  # dx and dweight, for stride 2
    more = replace(MISTAKES["A3g"], name="careless", replace=careless)

    assert explained_with([more], hints_of, monkeypatch)["A3"] == {""}


def test_a_search_ends_after_a_number_of_plays(hints_of, monkeypatch):
    """Not after a time: the same bytes come out on every machine."""
    monkeypatch.setattr(explanation, "MOST_PLAYS", 1)

    assert hints_of(MISTAKES["A3g"])["A3"] == {MISTAKES["A3g"].hint, ""}


def test_a_passing_submission_costs_nothing(session, solution, monkeypatch):
    """Nothing is looked for."""
    monkeypatch.setattr(grading, "explain", lambda *_: pytest.fail("looked for a mistake"))

    report = session.grade(SubmissionName("student", "s"), solution)

    assert report.score == report.max_score


def test_a_score_does_not_depend_on_its_explanation(session, solution, monkeypatch, caplog):
    """A fault of ours there is noted, and costs nobody anything."""
    monkeypatch.setattr(grading, "explain", lambda *_: 1 / 0)

    report = session.grade(SubmissionName("student", "s"), apply([MISTAKES["A3g"]], solution))

    assert hints_in(report)["A3"] == {""}
    assert "no explanation of 'student': ZeroDivisionError" in caplog.text
    assert not report.has_errors


def test_the_same_submission_gets_the_same_hints(session, solution):
    """Whatever was graded before it."""
    files = apply([MISTAKES["A3e"]], solution)
    first, _, again = (
        session.grade(SubmissionName("student", "s"), each)
        for each in (files, apply([MISTAKES["B1f"]], solution), files)
    )

    timeless = [[msgspec.structs.replace(check, seconds=0.0) for check in report.checks] for report in (first, again)]
    assert timeless[0] == timeless[1]
