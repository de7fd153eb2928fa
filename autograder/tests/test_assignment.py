"""The assignment is read exactly, and a file that contradicts itself is refused with the line to mend."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Visibility, hash_of, read_assignment, require_same
from autograder.errors import AssignmentError

TEXT = """\
[assignment]
name = "lm"
title = "A language model"
solution = "../solution"
handout = "../handout"

[limits]
seconds_per_check = 2
times_reference = 20
seconds_per_submission = 60
memory_mib = 1024  # of one guest
# nothing else is limited

[problem.A3]
title = "Convolution, backward"
points = 0.3
extra_credit = false
visibility = "hidden"
functions = ["conv.conv2d_backward"]
[problem.A3.checks]  # line 20
test_shape = 0.1
test_values = 0.2

[problem.G1]
title = "Counts"
points = 2
extra_credit = true
visibility = "visible"
functions = [
    "ngram.count_ngrams",
]
[problem.G1.checks]
test_counts = 2
"""


def read(tmp_path: Path, text: str = TEXT) -> Assignment:
    """Read an assignment of this text from autograder/assignment.toml."""
    (tmp_path / "solution" / "numnet").mkdir(parents=True, exist_ok=True)
    path = tmp_path / "autograder" / "assignment.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return read_assignment(path)


def test_an_assignment_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Every setting arrives, and paths are relative to the file."""
    assignment = read(tmp_path)

    problem = assignment.problems[0]
    assert (assignment.name, assignment.solution) == ("lm", tmp_path / "solution")
    assert (assignment.limits.seconds_per_check, assignment.limits.memory_mib) == (2.0, 1024.0)
    assert (problem.id, problem.visibility, problem.functions) == ("A3", Visibility.HIDDEN, ("conv.conv2d_backward",))
    assert [(check.id, check.line) for check in problem.checks] == [("test_shape", 21), ("test_values", 22)]


def test_points_add_up_exactly(tmp_path: Path) -> None:
    """0.1 and 0.2 are 0.3, and extra credit is no part of a full score."""
    assignment = read(tmp_path)

    assert assignment.points == Decimal("2.3")
    assert assignment.core_points == Decimal("0.3")


def test_a_check_and_a_function_know_their_problem(tmp_path: Path) -> None:
    """The way back from a check or a function leads to its problem."""
    assignment = read(tmp_path)

    assert assignment.problem_of("test_counts").id == "G1"
    assert assignment.owners() == {"conv.conv2d_backward": "A3", "ngram.count_ngrams": "G1"}
    with pytest.raises(AssignmentError, match="no problem lists the check test_none"):
        assignment.problem_of("test_none")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "lm"', "name = lm", "line 2: not TOML: Invalid value"),
        ('[assignment]\nname = "lm"', 'x = """', "line 32: not TOML"),
        ('name = "lm"', 'nmae = "lm"', "line 2: assignment.nmae is not a setting; there are name, title"),
        ('name = "lm"\n', "", "line 1: assignment.name is missing; it is a text"),
        ('name = "lm"', "name = 3", "line 2: assignment.name is a text, got 3"),
        ('name = "lm"', 'name = ""', "line 2: assignment.name is empty"),
        ('"../handout"', '".."', "line 5: the handout is a folder of its own"),
        ('"../handout"', '"../solution/handout"', "line 5: the handout is a folder of its own"),
        ("memory_mib = 1024", "memory_mib = 0", "line 11: limits.memory_mib is 0; it is more than that"),
        ("memory_mib = 1024", "memory_mib = true", "line 11: limits.memory_mib is a number, got True"),
        ("points = 0.3", "points = true", "line 16: problem.A3.points is a number, got True"),
        ("points = 0.3", "points = -1", "line 16: problem.A3.points is -1; it is between 0 and 1000000"),
        ("points = 0.3", "points = nan", "line 16: problem.A3.points is NaN; it is"),
        ("points = 0.3", "points = inf", "line 16: problem.A3.points is Infinity; it is"),
        ("points = 0.3", "points = 1e99", r"line 16: problem.A3.points is 1E\+99; it is"),
        ("points = 0.3", 'points = "0.3"', "line 16: problem.A3.points is a number, got '0.3'"),
        (
            "points = 0.3",
            "points = 7",
            "line 16: problem A3 has checks worth 0.3 points in all; its points are 7",
        ),
        ("test_shape = 0.1", "test_shape = 0.10000001", "line 16: problem A3 has checks worth 0.30000001 points"),
        ("extra_credit = false", "extra_credit = 0", "line 17: problem.A3.extra_credit is true or false, got 0"),
        ('"hidden"', '"secret"', "line 18: visibility 'secret' is none of hidden, after_due_date, after_pub"),
        ('["conv.conv2d_backward"]', "[3]", "line 19: problem.A3.functions is a list of texts, got 3"),
        ('["conv.conv2d_backward"]', "[]", "line 19: functions is empty"),
        ('"conv.conv2d_backward"', '"conv2d"', "line 19: 'conv2d' is no function"),
        ('"ngram.count_ngrams"', '"conv.conv2d_backward"', "line 29: conv.conv2d_backward is in problem A3 already"),
        ("test_counts = 2", "test_values = 2", "line 33: test_values is in problem A3 already"),
        ("test_counts = 2", "counts = 2", "line 33: 'counts' is no check; a check is a function test_"),
        ("[problem.G1.checks]\n", "", "line 32: problem.G1.test_counts is not a setting"),
        ("[problem.G1.checks]\ntest_counts = 2", "", "line 24: problem.G1.checks is missing; it is a table"),
        ("problem.A3", "problem.'A 3'", "line 14: 'A 3' names no problem"),
        ("[problem.G1]", "[problem.A3]", "not TOML: Cannot declare"),
    ],
)
def test_an_inconsistent_file_is_refused_with_the_line_to_mend(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    """The message begins with the file and the line, and says what was expected and what came."""
    assert old in TEXT

    with pytest.raises(AssignmentError, match=f"^assignment.toml .*{message}"):
        read(tmp_path, TEXT.replace(old, new))


def test_an_assignment_without_problems_is_refused(tmp_path: Path) -> None:
    """There is no such thing as a homework of nothing."""
    text = TEXT[: TEXT.index("[problem.A3]")]

    with pytest.raises(AssignmentError, match="line 1: problem is missing"):
        read(tmp_path, text)
    with pytest.raises(AssignmentError, match="line 14: there is no problem"):
        read(tmp_path, text + "[problem]\n")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A file that is not there or not UTF-8 is named."""
    with pytest.raises(AssignmentError, match=r"assignment.toml: cannot be read: No such file"):
        read_assignment(tmp_path / "assignment.toml")

    (tmp_path / "assignment.toml").write_bytes(b"[assignment]\nname = '\xff'\n")
    with pytest.raises(AssignmentError, match=r"assignment.toml line 2: not UTF-8"):
        read_assignment(tmp_path / "assignment.toml")


def test_an_assignment_lists_exactly_the_checks_that_exist(tmp_path: Path) -> None:
    """A check that is listed and not there, there and not listed, or elsewhere, is named with the line."""
    assignment = read(tmp_path)
    collected = {"test_shape": "A3", "test_values": "A3", "test_counts": "G1"}

    require_same(assignment, collected | {"test_of_a_problem_that_was_not_chosen": "Z9"})
    for wrong, message in [
        ({"test_shape": "G1"}, "line 21: A3 lists test_shape, which is a check of G1"),
        ({"test_shape": ""}, "line 21: A3 lists test_shape, which is a check of "),
        ({"test_more": "G1"}, "line 24: G1 does not list test_more, which is one of its checks"),
    ]:
        with pytest.raises(AssignmentError, match=f"^assignment.toml {message}"):
            require_same(assignment, collected | wrong)
    with pytest.raises(AssignmentError, match="line 33: G1 lists test_counts, which is no check"):
        require_same(assignment, {"test_shape": "A3", "test_values": "A3"})


@pytest.mark.parametrize("file", ["autograder/assignment.toml", "autograder/checks/test_a.py", "solution/numnet/a.py"])
def test_the_hash_follows_everything_that_a_score_depends_on(tmp_path: Path, file: str) -> None:
    """A setting, a byte in a check or in the reference gives another hash; byte code and a policy do not."""
    assignment = read(tmp_path)
    for name in ("autograder/checks/test_a.py", "solution/numnet/a.py", "solution/numnet/__pycache__/a.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1", "utf-8")
    before = hash_of(assignment)

    (tmp_path / "solution/numnet/__pycache__/a.pyc").write_text("2", "utf-8")
    assert hash_of(assignment) == before
    with (tmp_path / file).open("a", encoding="utf-8") as stream:
        stream.write("[policy]\n" if file.endswith(".toml") else "")
    assert hash_of(assignment) == before
    with (tmp_path / file).open("a", encoding="utf-8") as stream:
        stream.write("[more]\n")

    assert hash_of(assignment) != before
    assert hash_of(replace(assignment, title="the same files")) == hash_of(assignment)


def test_our_own_assignment_is_consistent() -> None:
    """assignment.toml, as it stands, can be read."""
    assignment = read_assignment(Path(__file__).parents[1] / "assignment.toml")

    assert assignment.solution.name == "solution"


LATER = TEXT.replace('visibility = "hidden"', 'visibility = "hidden"\nruns = "after_due_date"')
POLICY = "[policy]\ndue = 2026-12-01T23:59:00+00:00\nextensions = {bob = 2}\n"
CLOSES = datetime(2026, 12, 3, 23, 59, tzinfo=UTC)  # bob's


def test_a_tier_opens_after_the_last_students_due_date(tmp_path: Path) -> None:
    """By the grader's clock; whoever tries the checks without one runs them all."""
    assignment = read(tmp_path, LATER + POLICY)

    def opening(now: datetime | None) -> list[datetime | None]:
        at = replace(assignment, now=now)
        return [at.opening(problem) for problem in at.problems]

    assert opening(None) == opening(CLOSES + timedelta(seconds=1)) == [None, None]
    assert opening(CLOSES) == opening(CLOSES - timedelta(days=9)) == [CLOSES, None]


def test_what_waits_is_part_of_the_hash(tmp_path: Path) -> None:
    """So that everybody is graded again after the due date, and nobody at any other moment."""
    assignment = read(tmp_path, LATER + POLICY)
    early, earlier, late = (replace(assignment, now=CLOSES + timedelta(days=days)) for days in (-1, -2, 1))

    assert hash_of(early) == hash_of(earlier) != hash_of(late) == hash_of(assignment)
    moved = read(tmp_path, LATER + POLICY.replace("12-01", "12-09"))
    assert hash_of(moved) == hash_of(late) and hash_of(replace(moved, now=CLOSES)) != hash_of(early)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (LATER, r"line 19: after_due_date needs one in \[policy\]"),
        (
            LATER.replace("after_due_date", "later") + POLICY,
            "line 19: runs 'later' is none of at_once, after_due_date",
        ),
    ],
)
def test_a_tier_without_a_due_date_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """It would never run, or at a time that nobody knows."""
    with pytest.raises(AssignmentError, match=complaint):
        read(tmp_path, text)
