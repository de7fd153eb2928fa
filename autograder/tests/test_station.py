"""A station grades one submission where a platform runs us, and never makes a zero of what went wrong with us."""

import dataclasses
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import cli, station, venue
from autograder.assignment import Limits
from autograder.class_list import read_moment
from autograder.errors import AssignmentError, Label, SandboxError, UsageError
from autograder.export import FORMATS, facts_of
from autograder.folder import write_files
from autograder.model import Outcome, SubmissionName
from autograder.policy import Policy
from autograder.sandbox.proof import candidates
from autograder.scale import Setting
from autograder.station import METADATA, SUBMISSION, Sender, grade_alone, read_sender
from autograder.submission import Submission
from autograder.tests import receivers
from autograder.tests.conftest import SECRET
from autograder.tests.sample import make_report

SLOWER = b"""
CALLS = []
def count_ngrams(*arguments):
    CALLS.append(arguments)
    while len(CALLS) > 1:
        pass
    raise ValueError
"""
METADATA_OF_ADA = {
    "created_at": "2026-12-02T10:00:00.000000-08:00",
    "assignment": {"due_date": "2026-12-01T00:00:00.000000-08:00", "total_points": "3.0"},
    "users": [{"email": "ada@x.org", "sid": "s1"}],
}


@pytest.fixture
def setting(assignment) -> Setting:
    """One problem, and short limits."""
    problems = tuple(problem for problem in assignment.problems if problem.id == "G1")
    limits = Limits(seconds_per_check=5, times_reference=30, seconds_per_submission=60, memory_mib=512)
    small = dataclasses.replace(assignment, problems=problems, limits=limits)
    return Setting(small, "hash", SECRET, candidates()[0])


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Write a submission."""
    write_files(folder / "numnet", files)
    return folder


def test_a_submission_is_graded_alone(setting, solution, tmp_path):
    """With the hash and the seeds that it has in a class."""
    report = grade_alone(setting, write(tmp_path, solution), seconds=100)

    assert (report.score, report.max_score, report.submission.id) == (3, 3, SUBMISSION)
    assert not report.has_errors


@pytest.fixture
def trained(assignment, setting) -> Setting:
    """The problems whose checks measure a network."""
    problems = tuple(problem for problem in assignment.problems if problem.id in ("A5", "D3", "I1"))
    return dataclasses.replace(setting, assignment=dataclasses.replace(assignment, problems=problems))


def test_figures_are_measured_here(trained, solution, tmp_path):
    """Of networks trained along the student's gradients; what their own forward pass says of them is not asked."""
    boast = b"\ndef small_cnn_forward(params, x):\n    raise ValueError\n"

    report = grade_alone(trained, write(tmp_path, solution | {"cnn.py": solution["cnn.py"] + boast}), seconds=200)

    accuracy, frames, perplexity = report.figures
    assert (accuracy.name, accuracy.unit) == ("Digits read", "%") and 60 < accuracy.value <= 100
    assert (frames.name, frames.unit) == ("Phonemes labelled", "%") and 50 < frames.value <= 100
    assert perplexity.name == "Perplexity of numbers" and perplexity.is_better_low and 1 < perplexity.value < 5


def test_a_submission_that_cannot_be_read_fails_as_a_whole(setting, tmp_path):
    """It is told why, and every platform is told the points that there are."""
    (tmp_path / "essay.txt").write_text("no module", "utf-8")

    report = grade_alone(setting, tmp_path, seconds=100)

    assert (report.label, report.score, report.max_score) == (Label.MISSING, 0, 3)
    written = FORMATS["gradescope"].write(report, facts_of(Sender(), Policy()).grade(report))
    assert receivers.gradescope(written, 3) == 0
    assert json.loads(written)["output"].startswith("MISSING: there is no numnet/")


def test_what_was_graded_in_time_counts(setting, solution):
    """The rest is an error of ours, with the claim that it is about; the total is provisional."""
    patient = dataclasses.replace(setting.assignment.limits, seconds_per_check=60.0)
    grader = dataclasses.replace(setting, assignment=dataclasses.replace(setting.assignment, limits=patient)).grader()
    try:
        whole = grader.grade(SubmissionName("solution", "0"), solution)
        report = grader.grade(SubmissionName("ada", "1"), solution | {"ngram.py": SLOWER}, patience=5)
    finally:
        grader.sandbox.close()

    outcomes = [check.outcome for check in report.checks]
    assert outcomes[0] is Outcome.FAILED and outcomes[-1] is Outcome.ERROR
    assert report.checks[0].label is Label.RAISED and report.score == 0
    assert [check.title for check in report.checks] == [check.title for check in whole.checks]


def test_nothing_of_another_submission_is_shown_when_time_is_short(setting, solution):
    """Not even if there is no time at all: nobody gets the points of who was graded before."""
    grader = setting.grader()
    try:
        grader.grade(SubmissionName("solution", "0"), solution)
        report = grader.grade(SubmissionName("ada", "1"), solution, patience=0)
    finally:
        grader.sandbox.close()

    assert report.score == 0 and report.has_errors and report.submission.id == "ada"


def test_without_time_for_the_solution_nothing_is_graded(setting, solution, tmp_path):
    """No limit of time would be right, and no score is better than a wrong one."""
    with pytest.raises(SandboxError, match="nothing was graded"):
        grade_alone(setting, write(tmp_path, solution), seconds=0)


def test_a_solution_that_fails_here_grades_nobody(setting, solution, handout, tmp_path, monkeypatch):
    """The platform says that the autograder failed, and shows no zero."""
    broken = Submission("solution", handout, "0")
    monkeypatch.setattr(station, "read_submission", lambda entry: broken)

    with pytest.raises(AssignmentError, match=r"the solution does not pass here: G1 test_\w+: NOT_WRITTEN"):
        grade_alone(setting, write(tmp_path, solution), seconds=100)


def sender(folder: Path, **changes: object) -> Sender:
    """Write Gradescope's metadata, and read them."""
    (folder / METADATA).write_text(json.dumps(METADATA_OF_ADA | changes), "utf-8")
    return read_sender(folder)


def test_gradescope_says_who_handed_in_and_when(tmp_path):
    """The student's number, or else the address; a student's own due date before the class's."""
    own = [{"email": "bob@x.org", "assignment": {"due_date": "2026-12-05T00:00:00.000000-08:00"}}]

    assert read_sender(tmp_path) == Sender()
    assert sender(tmp_path) == Sender("s1", datetime(2026, 12, 2, 18, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC))
    assert sender(tmp_path, users=own).student == "bob@x.org"
    assert sender(tmp_path, users=own).due == datetime(2026, 12, 5, 8, tzinfo=UTC)
    assert sender(tmp_path, assignment={"due_date": None}).due is None


@pytest.mark.parametrize("changes", [{"created_at": "yesterday"}, {"users": 7}, {"assignment": []}])
def test_metadata_that_cannot_be_read_are_named(tmp_path, changes):
    """Somebody may be late, and who it is, cannot be guessed."""
    with pytest.raises(UsageError, match=METADATA):
        sender(tmp_path, **changes)


@pytest.mark.parametrize(
    ("policy", "due", "off"),
    [
        (Policy(), None, 0),
        (Policy(due=read_moment("2026-12-01T00:00:00-08:00", "")), None, "0.76"),
        (Policy(due=read_moment("2026-12-01T00:00:00-08:00", "")), "2026-12-02T11:00:00-08:00", 0),
        (Policy(due=read_moment("2026-12-03T00:00:00-08:00", "")), "2026-12-01T00:00:00-08:00", 0),
        (Policy(due=read_moment("2026-12-01T00:00:00-08:00", ""), extensions={"s1": Decimal(2)}), None, 0),
    ],
)
def test_the_policy_is_applied_to_who_sent_it(tmp_path, policy, due, off):
    """With the later of two due dates, and the extension of the student's number."""
    ada = sender(tmp_path, assignment={"due_date": due})
    report = make_report(name=SUBMISSION)

    counts = facts_of(ada, dataclasses.replace(policy, penalty_per_day=Decimal(10))).grade(report)

    assert counts.penalty == Decimal(off)


@pytest.fixture
def platform(tmp_path, monkeypatch):
    """A platform whose grading is given: platform(name, outcome) -> how the command ended."""
    for name in ("submission", "student", "results"):
        (tmp_path / name).mkdir()
    (tmp_path / "results" / "results.json").write_text("of an earlier run", "utf-8")

    def run(name, outcome, *options):
        def graded(*_, **__):
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(venue, "grade_alone", graded)
        monkeypatch.setattr(venue, "best_level", lambda chosen, minimum: candidates()[0])
        return CliRunner().invoke(cli.main, ["station", name, str(tmp_path), *options])

    return run


def test_results_lie_where_the_platform_looks(platform, tmp_path):
    """Where students see what is printed, nothing but the result is printed."""
    report = make_report(name=SUBMISSION)

    assert platform("gradescope", report, "--leaderboard").exit_code == 0
    written = (tmp_path / "results" / "results.json").read_text("utf-8")
    assert receivers.gradescope(written, 2.8) == 3.8 and "leaderboard" in json.loads(written)
    assert platform("prairielearn", report).exit_code == 0
    assert receivers.prairielearn((tmp_path / "results" / "results.json").read_text("utf-8"), 2.8) == 2.8
    printed = platform("autolab", report).stdout
    assert receivers.autolab(printed, ("A1", "A2", "X1")) == {"A1": 0.3, "A2": 2.5, "X1": 1.0}
    assert printed.startswith("A1 0.3 of 0.3\n")


def test_a_grader_that_fails_leaves_no_result(platform, tmp_path):
    """Not the one of an earlier run either."""
    ended = platform("gradescope", SandboxError("no wall"))

    assert ended.exit_code == 2 and "no wall" in ended.stderr
    assert not (tmp_path / "results" / "results.json").exists()
