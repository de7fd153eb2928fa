"""A policy is applied last, keeps raw points, penalty and what counts apart, and says why in one line."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import Assignment, hash_of, read_assignment
from autograder.errors import AssignmentError
from autograder.policy import PLAIN, Attempt, Counts, Policy, choose, grade
from autograder.tests.conftest import ROOT
from autograder.tests.sample import ALL_PASSED, OURS, WRONG, make_report

DUE = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
FULL = make_report()  # 2.8 points and 1 of extra credit
POLICY = Policy(
    due=DUE,
    late_days=Decimal(1),
    penalty_per_day=Decimal(10),
    latest_days=Decimal(5),
    extra_credit_at_most=Decimal("0.5"),
    extensions={"bob": Decimal(2)},
)


def after(**time: float) -> datetime:
    """Return a time after the due date."""
    return DUE + timedelta(**time)


def test_without_a_policy_a_score_counts_as_it_is():
    """Extra credit, too."""
    counts = grade(FULL)

    assert counts.raw == counts.final == Decimal("3.8") and counts.penalty == 0
    assert counts.why == "2.8 of 2.8; 1 extra credit"


@pytest.mark.parametrize(
    ("handed_in", "penalty", "why"),
    [
        (after(days=-3), "0", "in time"),
        (after(), "0", "in time"),
        (after(seconds=1), "0", "1 day late, 1 of them free"),
        (after(days=1), "0", "1 day late, 1 of them free"),
        (after(days=1, seconds=1), "0.33", "2 days late, 1 of them free; 10 % off: 0.33 points"),
        (after(days=5), "1.32", "5 days late, 1 of them free; 40 % off: 1.32 points"),
        (after(days=5, seconds=1), "3.3", "6 days late, and nothing counts after 5; 100 % off: 3.3 points"),
        (None, "0", "when it was handed in is not known: taken as in time"),
    ],
)
def test_days_that_were_begun_cost(handed_in, penalty, why):
    """After the free ones, in percent of what counts, rounded as a gradebook rounds."""
    counts = grade(FULL, POLICY, handed_in=handed_in)

    assert counts.penalty == Decimal(penalty)
    assert counts.final == Decimal("3.3") - counts.penalty
    assert counts.raw == Decimal("3.8") and counts.score == Decimal("2.8") and counts.cut == Decimal("0.5")
    assert counts.why == f"2.8 of 2.8; 1 extra credit, of which 0.5 count; {why}"


def test_another_offset_is_the_same_moment():
    """What is in time in one place is in time everywhere."""
    moment = datetime.fromisoformat("2026-12-02T00:59:00+01:00")

    assert grade(FULL, POLICY, handed_in=moment).why.endswith("; in time")


def test_an_extension_moves_the_due_date():
    """Of that student alone, by the name on the class list, or else the submission's."""
    counts = grade(FULL, POLICY, student="bob", handed_in=after(days=2))

    assert counts.penalty == 0 and counts.why.endswith("in time, with 2 days of extension")
    assert grade(FULL, POLICY, student="ada", handed_in=after(days=2)).penalty > 0


@given(st.sets(st.sampled_from(sorted(ALL_PASSED))), st.integers(-10, 10**6), st.integers(0, 100), st.integers(0, 9))
def test_nothing_counts_less_than_nothing(failed, minutes, percent, free):
    """Nor more than was earned; later is never better."""
    report = make_report(ALL_PASSED | dict.fromkeys(failed, WRONG))
    policy = Policy(due=DUE, late_days=Decimal(free), penalty_per_day=Decimal(percent))

    counts, later = (grade(report, policy, handed_in=after(minutes=minutes + more)) for more in (0, 1))

    assert 0 <= later.final <= counts.final <= counts.raw


def attempts() -> list[Attempt]:
    """Return three attempts of one student: good and late, fair and in time, bad and last."""
    fair = make_report(ALL_PASSED | {"test_one": WRONG}, name="two")
    bad = make_report(ALL_PASSED | {"test_four": WRONG}, name="three")
    return [
        Attempt(bad, after(days=4)),
        Attempt(make_report(name="one"), after(days=3)),
        Attempt(fair, after(days=-1)),
    ]


def test_the_best_or_the_last_of_several_counts():
    """After penalties, whatever the order in which they are found."""
    best = choose(attempts(), POLICY)
    last = choose(attempts()[::-1], Policy(due=DUE, counts=Counts.LAST))

    assert best.submission == "two" and best.why.endswith("; in time; the best of 3 submissions: two")
    assert last.submission == "three" and last.why.endswith("the last of 3 submissions: three")


def test_an_attempt_that_was_not_graded_may_be_the_best():
    """So the number is not final, through no fault of the student's."""
    broken = Attempt(make_report(ALL_PASSED | {"test_one": OURS}, name="four"), after(days=-2))

    assert not choose([*attempts(), broken], POLICY).is_scored
    assert choose([*attempts(), broken], Policy(due=DUE, counts=Counts.LAST)).is_scored


def read(tmp_path, policy: str) -> Assignment:
    """Read the project's assignment with another policy."""
    text = (ROOT / "autograder" / "assignment.toml").read_text("utf-8")
    text = text.replace('"../solution"', f'"{ROOT / "solution"}"').replace('"../handout"', f'"{ROOT / "handout"}"')
    path = tmp_path / "assignment.toml"
    path.write_text(text + policy, "utf-8")
    return read_assignment(path)


def test_a_policy_is_read_from_the_assignment(tmp_path):
    """Every setting, with a quoted name among the students."""
    policy = """
[policy]
due = 2026-12-01T23:59:00Z
late_days = 1
penalty_per_day = 10
latest_days = 5
counts = "last"
extra_credit_at_most = 10.5
extensions = { bob = 2, "Ada Lovelace" = 0.5 }
"""
    read_policy = read(tmp_path, policy).policy

    assert read_policy == Policy(
        DUE, Decimal(1), Decimal(10), Decimal(5), Counts.LAST, Decimal("10.5"),
        {"bob": Decimal(2), "Ada Lovelace": Decimal("0.5")},
    )  # fmt: skip
    assert read(tmp_path, "").policy == PLAIN


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("due = 2026-12-01", "due is a time with its offset"),
        ("due = 2026-12-01T23:59:00", "due has no offset"),
        ("late_days = 2", "late_days needs a due date"),
        ("due = 2026-12-01T23:59:00Z\npenalty_per_day = 110", "penalty_per_day is 110; it is percent"),
        ("due = 2026-12-01T23:59:00Z\nlate_days = -1", "late_days is -1"),
        ('counts = "worst"', "counts 'worst' is none of best, last"),
        ("grace = 1", "grace is not a setting"),
        ("due = 2026-12-01T23:59:00Z\nextensions = { bob = true }", "bob is a number, got True"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(tmp_path, policy, reason):
    """With the line to mend."""
    with pytest.raises(AssignmentError, match=rf"assignment.toml line \d+: .*{reason}"):
        read(tmp_path, f"\n[policy]\n{policy}\n")


def test_another_policy_grades_nobody_again(tmp_path):
    """The hash of the assignment is that of what was graded; points are part of it."""
    (tmp_path / "checks").mkdir()
    plain = hash_of(read(tmp_path, ""))

    assert hash_of(read(tmp_path, "\n[policy]\ndue = 2026-12-01T23:59:00Z\n")) == plain
    text = (tmp_path / "assignment.toml").read_text("utf-8").replace("seconds_per_check = 5 ", "seconds_per_check = 6 ")
    (tmp_path / "assignment.toml").write_text(text, "utf-8")
    assert hash_of(read_assignment(tmp_path / "assignment.toml")) != plain
